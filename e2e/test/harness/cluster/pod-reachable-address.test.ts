import type { CoreV1Api } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { findPlace, placeOfThisMachine } from "../../../src/cluster/pod-reachable-address.ts";

const net = (address: string, prefix: number, internal = false) => ({
  address,
  cidr: `${address}/${prefix}`,
  netmask: "",
  mac: "",
  family: "IPv4" as const,
  internal,
});
const interfaces = {
  lo: [net("127.0.0.1", 8, true)],
  eth0: [net("192.0.2.2", 24)],
  bridge: [net("10.244.0.1", 24)],
};

test("a node with an address of this machine is this machine", () => {
  const addresses = { nodeAddresses: ["10.244.0.1"], ownAddresses: ["10.244.0.1"] };
  expect(placeOfThisMachine({ ...addresses, interfaces })).toEqual({ address: "10.244.0.1", isNode: true });
});

test("and is so as well while no pod is on the bridge, which is then no interface that runs", () => {
  const addresses = { nodeAddresses: ["10.244.0.1"], ownAddresses: ["10.244.0.1"] };
  const { bridge: _bridge, ...running } = interfaces;
  const place = placeOfThisMachine({ ...addresses, interfaces: running });
  expect(place).toEqual({ address: "10.244.0.1", isNode: true });
});

test("an address of a node is this machine's if it can listen there", async () => {
  const nodes = ["127.0.0.1", "198.51.100.4"].map((address) => ({
    status: { addresses: [{ type: "InternalIP", address }] },
  }));
  const at = (...items: unknown[]) => ({ listNode: async () => ({ items }) }) as unknown as CoreV1Api;
  expect(await findPlace(at(...nodes))).toEqual({ address: "127.0.0.1", isNode: true });
  expect(await findPlace(at(nodes[1]))).toMatchObject({ isNode: false });
});

test("a node in a container on a bridge is a neighbour, and pods reach the bridge", () => {
  const place = placeOfThisMachine({
    nodeAddresses: ["fd00::2", "10.244.0.7"],
    ownAddresses: [],
    interfaces,
  });
  expect(place).toEqual({ address: "10.244.0.1", isNode: false });
});

test("nodes elsewhere have no way to this machine", () => {
  const nodeAddresses = ["198.51.100.4", "127.0.0.1"];
  const place = placeOfThisMachine({ nodeAddresses, ownAddresses: [], interfaces });
  expect(place).toEqual({ address: undefined, isNode: false });
});
