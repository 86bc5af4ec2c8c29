import { BlockList, isIPv4 } from "node:net";
import { type NetworkInterfaceInfo, networkInterfaces } from "node:os";
import type { CoreV1Api } from "@kubernetes/client-node";

/** Where this machine stands towards the cluster's nodes. */
export interface PlaceOfThisMachine {
  /** An IPv4 address of this machine that pods can reach, or undefined if none is known. */
  readonly address: string | undefined;
  /** Whether a node of the cluster runs on this machine itself and hence sees its folders. */
  readonly isNode: boolean;
}

/** What to compare: the nodes' addresses and this machine's own (`os.networkInterfaces()`). */
export interface PlaceOptions {
  readonly nodeAddresses: readonly string[];
  readonly interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>;
}

/**
 * Finds this machine's address in a network that it shares with a node.
 *
 * A node's own address, if it is one of this machine's, else the address in a node's subnet (the bridge of
 * nodes that run in containers). Clusters elsewhere have neither.
 */
export function placeOfThisMachine(options: PlaceOptions): PlaceOfThisMachine {
  const own = Object.values(options.interfaces)
    .flatMap((infos) => infos ?? [])
    .filter((info) => info.family === "IPv4" && !info.internal);
  const nodes = options.nodeAddresses.filter((address) => isIPv4(address));
  const same = own.find((info) => nodes.includes(info.address));
  if (same !== undefined) return { address: same.address, isNode: true };
  const neighbour = own.find((info) => nodes.some((node) => inSubnet(info, node)));
  return { address: neighbour?.address, isNode: false };
}

/** The `InternalIP` addresses of all nodes. */
export async function nodeAddresses(core: CoreV1Api): Promise<string[]> {
  const { items } = await core.listNode();
  return items
    .flatMap((node) => node.status?.addresses ?? [])
    .filter((a) => a.type === "InternalIP")
    .map((a) => a.address);
}

function inSubnet(info: NetworkInterfaceInfo, address: string): boolean {
  const prefix = Number(info.cidr?.split("/")[1] ?? 32);
  const subnet = new BlockList();
  subnet.addSubnet(info.address, prefix, "ipv4");
  return subnet.check(address, "ipv4");
}

/**
 * The address at which pods reach servers of this machine: `PAPERCLIP_K8S_HOST_ADDRESS`, else the one found.
 *
 * Undefined where neither is known; pods then have no way to this machine.
 */
export async function podReachableAddress(
  core: CoreV1Api,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const given = env["PAPERCLIP_K8S_HOST_ADDRESS"];
  if (given) return given;
  return placeOfThisMachine({ nodeAddresses: await nodeAddresses(core), interfaces: networkInterfaces() })
    .address;
}
