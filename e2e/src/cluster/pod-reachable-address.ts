import { once } from "node:events";
import { BlockList, createServer, isIPv4 } from "node:net";
import { type NetworkInterfaceInfo, networkInterfaces } from "node:os";
import type { CoreV1Api } from "@kubernetes/client-node";
import { E2eError } from "../e2e-error.ts";

/** Where this machine stands towards the cluster's nodes. */
export interface PlaceOfThisMachine {
  /** An IPv4 address of this machine that pods can reach, or undefined if none is known. */
  readonly address: string | undefined;
  /** Whether a node of the cluster runs on this machine itself and hence sees its folders. */
  readonly isNode: boolean;
}

/** What to compare: the nodes' addresses and this machine's own. */
export interface PlaceOptions {
  readonly nodeAddresses: readonly string[];
  /** Those of the nodes' addresses that this machine can listen at. */
  readonly ownAddresses: readonly string[];
  /** `os.networkInterfaces()`, which leaves out a bridge while no pod is on it. */
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
  const same = nodes.find((node) => options.ownAddresses.includes(node));
  if (same !== undefined) return { address: same, isNode: true };
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

/** Where this machine stands towards the nodes of a cluster. */
export async function findPlace(core: CoreV1Api): Promise<PlaceOfThisMachine> {
  const addresses = await nodeAddresses(core);
  const own = await Promise.all(addresses.map(canListenAt));
  return placeOfThisMachine({
    nodeAddresses: addresses,
    ownAddresses: addresses.filter((_, i) => own[i]),
    interfaces: networkInterfaces(),
  });
}

async function canListenAt(address: string): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(0, address), "listening");
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

function inSubnet(info: NetworkInterfaceInfo, address: string): boolean {
  const prefix = Number(info.cidr?.split("/")[1] ?? 32);
  const subnet = new BlockList();
  subnet.addSubnet(info.address, prefix, "ipv4");
  return subnet.check(address, "ipv4");
}

/** The same, for who cannot do without. Throws `E2eError` `cluster_unusable`. */
export async function requirePodReachableAddress(core: CoreV1Api, env: NodeJS.ProcessEnv): Promise<string> {
  const address = await podReachableAddress(core, env);
  if (address !== undefined) return address;
  const message = "pods have no known way to this machine: set PAPERCLIP_K8S_HOST_ADDRESS";
  throw new E2eError("cluster_unusable", message);
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
  return (await findPlace(core)).address;
}
