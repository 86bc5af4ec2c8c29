import type { SupervisorOptions } from "@paperclip-k8s/job-supervisor";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { sharedCore, useCore } from "../../src/host/core.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { fakeHost } from "../support/host.ts";

const CORE = Symbol.for(`@paperclip-k8s/core@${(await import("../../src/version.ts")).VERSION}`);
const OWNERS = Symbol.for("@paperclip-k8s/core-owners");
const shared = globalThis as { [name: symbol]: unknown };

beforeEach(() => {
  delete shared[CORE];
  delete shared[OWNERS];
});

/** What another version of the core, bundled in another adapter, does when it is loaded: a core of its own. */
function loadOtherVersion(type: string): void {
  const current = shared[CORE];
  delete shared[CORE];
  useCore(type);
  shared[CORE] = current;
}

/** A supervisor that never speaks to anybody until it is launched. */
const options = (): SupervisorOptions => ({
  transport: { json: () => Promise.reject(new Error("no")), stream: () => Promise.reject(new Error("no")) },
  ...{ namespace: "agents", labelDomain: "example.com", managedBy: "test", instanceId: "0123456789" },
  filesOf: () => {
    throw new Error("no files");
  },
  clock: fakeClock(),
});

describe("H1: two adapters in one process", () => {
  it("share one core, each with what the other has made", () => {
    const first = useCore("claude_k8s");
    const second = useCore("opencode_k8s");
    expect(second).toBe(first);
    expect([...first.users]).toEqual(["claude_k8s", "opencode_k8s"]);
    const supervisor = first.supervisor("key", options);
    const made = vi.fn(options);
    expect(second.supervisor("key", made)).toBe(supervisor);
    expect(made).not.toHaveBeenCalled();
    expect(second.supervisor("another key", options)).not.toBe(supervisor);
  });

  it("share one observer of records", () => {
    const host = fakeHost();
    expect(useCore("a").recordObserver(host)).toBe(useCore("b").recordObserver(host));
  });

  it("find the core by a symbol, as two bundles of one version must", () => {
    expect(shared[CORE]).toBeUndefined();
    expect(shared[CORE] ?? sharedCore()).toBe(sharedCore());
    expect(shared[CORE]).toBe(sharedCore());
  });
});

describe("H1: a reload with another version", () => {
  it("closes the former core once its last user has gone", () => {
    const former = useCore("claude_k8s");
    useCore("opencode_k8s");
    const supervisor = former.supervisor("key", options);
    const close = vi.spyOn(supervisor, "close");
    loadOtherVersion("claude_k8s");
    expect(close).not.toHaveBeenCalled();
    loadOtherVersion("opencode_k8s");
    expect(close).toHaveBeenCalledOnce();
  });

  it("leaves a core with runs open until the last of them has ended", () => {
    const former = useCore("claude_k8s");
    const close = vi.spyOn(former.supervisor("key", options), "close");
    const leave = [former.enter(), former.enter()];
    loadOtherVersion("claude_k8s");
    leave[0]!();
    expect(close).not.toHaveBeenCalled();
    leave[1]!();
    expect(close).toHaveBeenCalledOnce();
  });

  it("keeps a core that an adapter has come back to meanwhile", () => {
    const former = useCore("claude_k8s");
    const close = vi.spyOn(former.supervisor("key", options), "close");
    const leave = former.enter();
    loadOtherVersion("claude_k8s");
    useCore("claude_k8s");
    leave();
    expect(close).not.toHaveBeenCalled();
  });
});

it("a kubeconfig that cannot be used is read again by the next run", async () => {
  const core = useCore("claude_k8s");
  const connect = () => core.connection(fakeHost(), "/no/such/kubeconfig");
  const first = connect();
  await expect(first).rejects.toMatchObject({ code: "kubeconfig_unusable" });
  const second = connect();
  expect(second).not.toBe(first);
  await expect(second).rejects.toThrow("/no/such/kubeconfig");
});
