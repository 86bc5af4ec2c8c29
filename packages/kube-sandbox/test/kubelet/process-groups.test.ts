import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { isOver, isRunning, type TestSandbox, testSandbox } from "../helpers/test-sandbox.ts";
import { until } from "../helpers/until.ts";

/** The processes that carry a marker in their environment; zombies do not count. */
function processesWith(marker: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const state = readFileSync(`/proc/${pid}/stat`, "latin1");
      const alive = !/^[ZX]/.test(state.slice(state.lastIndexOf(")") + 2));
      return alive && readFileSync(`/proc/${pid}/environ`, "latin1").includes(marker);
    } catch {
      return false;
    }
  });
}

const marked = (value: string) => ({ env: [{ name: "MARK", value }] });

async function running(test: TestSandbox, name: string, script: string): Promise<string> {
  const mark = `mark-${process.pid}-${name}`;
  await test.pod(name, { script, container: marked(mark) });
  return mark;
}

it("C21: a background child ends with the main process, also one that left the group", async () => {
  const test = await testSandbox();
  const mark = await running(
    test,
    "children",
    "sleep 60 & setsid sleep 60 & setsid sh -c 'sleep 60; :' & sleep 0.2; exit 5",
  );
  const pod = await test.podUntil("children", isOver);
  expect(pod.status.containerStatuses[0].state.terminated.exitCode).toBe(5);
  expect(processesWith(mark)).toEqual([]);
});

it("a signal's exit code is 128 and its number, with no signal of its own, as containerd reports it", async () => {
  const test = await testSandbox();
  await running(test, "killed", "kill -9 $$$$");
  const { terminated } = (await test.podUntil("killed", isOver)).status.containerStatuses[0].state;
  expect(terminated).toMatchObject({ exitCode: 137, reason: "Error" });
  expect(terminated.signal).toBeUndefined();
});

it("SIGTERM reaches the main process only, so that it can end its children itself", async () => {
  const test = await testSandbox();
  const script =
    "sh -c 'trap \"echo child got it\" TERM; while :; do sleep 0.05; done' & trap 'sleep 0.3; echo main; exit 0' TERM; echo up; wait";
  await running(test, "main", script);
  await test.podUntil("main", isRunning);
  await until(async () => (await test.logOf("main")) === "up\n" || undefined);
  const gone = test.podUntil("main", isOver);
  const follow = test.send("GET", "/api/v1/namespaces/t/pods/main/log?follow=true");
  await test.send("DELETE", "/api/v1/namespaces/t/pods/main");
  expect((await gone).status.phase).toBe("Succeeded");
  expect((await follow).text).toBe("up\nmain\n");
});

it("a forced deletion takes the object at once, while the process lives on for a moment", async () => {
  const test = await testSandbox();
  const mark = await running(test, "forced", "trap '' TERM; echo up; while :; do sleep 0.05; done");
  await until(async () => (await test.logOf("forced")) === "up\n" || undefined);
  await test.send("DELETE", "/api/v1/namespaces/t/pods/forced?gracePeriodSeconds=0");
  expect((await test.send("GET", "/api/v1/namespaces/t/pods/forced")).status).toBe(404);
  expect(processesWith(mark)).not.toEqual([]);
  await until(() => processesWith(mark).length === 0 || undefined);
});

it("close ends every process, and removes the folder", async () => {
  const test = await testSandbox();
  const mark = await running(test, "open", "trap '' TERM; setsid sleep 60 & while :; do sleep 0.05; done");
  await test.podUntil("open", isRunning);
  await test.sandbox.close();
  expect(processesWith(mark)).toEqual([]);
  expect(() => readdirSync(test.sandbox.directory)).toThrow("ENOENT");
});

it.runIf(process.getuid?.() === 0)(
  "as root, a pod runs as the user that it names, else as root in a sandbox",
  async () => {
    const test = await testSandbox();
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's, not ours
    const script = 'echo "$(id -u):$(id -g) ${IS_SANDBOX:-none}"; touch "$HOME/mine" && echo home';
    await test.pod("user", { script, pod: { securityContext: { runAsUser: 1234, runAsGroup: 2345 } } });
    await test.pod("root", { script });
    await test.podUntil("user", isOver);
    await test.podUntil("root", isOver);
    expect(await test.logOf("user")).toBe("1234:2345 none\nhome\n");
    expect(await test.logOf("root")).toBe("0:0 1\nhome\n");
    await test.pod("refused", { script, pod: { securityContext: { runAsNonRoot: true } } });
    const pod = await test.podUntil(
      "refused",
      (one) => one.status.containerStatuses?.[0].state.waiting?.message !== undefined,
    );
    const { waiting } = pod.status.containerStatuses[0].state;
    expect(waiting.reason).toBe("CreateContainerConfigError");
    expect(waiting.message).toContain("container has runAsNonRoot and image will run as root");
  },
);

it("a termination message is read where a process can leave one, and taken away", async () => {
  const test = await testSandbox();
  const path = `${test.sandbox.directory}/message`;
  await test.pod("says", {
    script: `echo why > ${path}; exit 1`,
    container: { terminationMessagePath: path },
  });
  const { terminated } = (await test.podUntil("says", isOver)).status.containerStatuses[0].state;
  expect(terminated.message).toBe("why\n");
  expect(() => readFileSync(path)).toThrow("ENOENT");
});

it("the environment holds only what the pod says, and little else", async () => {
  const test = await testSandbox({ path: ["/opt/agents"] });
  await test.pod("env", { script: "env", container: marked("x") });
  await test.podUntil("env", isOver);
  const names = (await test.logOf("env"))
    .trim()
    .split("\n")
    .map((line) => line.split("=")[0]);
  const allowed = [
    "PATH",
    "HOME",
    "HOSTNAME",
    "MARK",
    "IS_SANDBOX",
    "KUBE_SANDBOX_CONTAINER",
    "PWD",
    "OLDPWD",
    "SHLVL",
    "_",
  ];
  expect(names.filter((name) => !allowed.includes(name!))).toEqual([]);
  expect(await test.logOf("env")).toContain("PATH=/opt/agents:/usr/local/sbin:");
});

it("what process pods do not have is refused by name", async () => {
  const test = await testSandbox();
  await test.pod("probed", {
    container: { livenessProbe: { exec: { command: ["true"] } } },
    pod: { restartPolicy: "Always" },
  });
  const events = "/api/v1/namespaces/t/events?fieldSelector=reason%3DFailedCreatePodSandBox";
  const message = await until(
    async () => (await test.send("GET", events)).json.items[0]?.message as string | undefined,
  );
  expect(message).toBe(
    "kube-sandbox cannot run this pod as processes: the pod has restartPolicy Always; container agent has livenessProbe",
  );
});
