import { expect, test } from "vitest";
import { placeOfThisMachine } from "../../../src/cluster/pod-reachable-address.ts";

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
  expect(placeOfThisMachine({ nodeAddresses: ["10.244.0.1"], interfaces })).toEqual({
    address: "10.244.0.1",
    isNode: true,
  });
});

test("a node in a container on a bridge is a neighbour, and pods reach the bridge", () => {
  const place = placeOfThisMachine({ nodeAddresses: ["fd00::2", "10.244.0.7"], interfaces });
  expect(place).toEqual({ address: "10.244.0.1", isNode: false });
});

test("nodes elsewhere have no way to this machine", () => {
  expect(placeOfThisMachine({ nodeAddresses: ["198.51.100.4", "127.0.0.1"], interfaces })).toEqual({
    address: undefined,
    isNode: false,
  });
});
