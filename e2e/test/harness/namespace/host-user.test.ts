import { expect, test } from "vitest";
import { hostUser } from "../../../src/namespace/host-user.ts";

test("root gives way to an unprivileged user", () => {
  expect(hostUser(0, 0)).toEqual({ uid: 1000, gid: 1000, mustSwitch: true });
});

test("anybody else stays who they are", () => {
  expect(hostUser(501, 20)).toEqual({ uid: 501, gid: 20, mustSwitch: false });
});
