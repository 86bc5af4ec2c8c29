import { existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { isOver, isRunning, type TestSandbox, testSandbox } from "../helpers/test-sandbox.ts";
import { until } from "../helpers/until.ts";

const claim = { namespace: "t", name: "shared" };
const shared = [{ name: "v", persistentVolumeClaim: { claimName: "shared" } }];
const scratch = [{ name: "v", emptyDir: {} }];
const at = (mountPath: string, more: object = {}) => ({ volumeMounts: [{ name: "v", mountPath, ...more }] });

async function mountFailure({ send }: TestSandbox, pod: string): Promise<string> {
  const events = `/api/v1/namespaces/t/events?fieldSelector=reason%3DFailedMount,involvedObject.name%3D${pod}`;
  return await until(async () => (await send("GET", events)).json.items[0]?.message as string | undefined);
}

it("a mount path outside the sandbox's directory is refused, and says what to do", async () => {
  const test = await testSandbox({ claims: [claim] });
  const outside = join(tmpdir(), `outside-${process.pid}`);
  await test.pod("outside", { pod: { volumes: shared }, container: at(join(outside, "deep/path")) });
  const message = await mountFailure(test, "outside");
  expect(message).toContain(`cannot mount at ${outside}/deep/path`);
  expect(message).toContain(test.sandbox.directory);
  expect(existsSync(outside)).toBe(false);
  const { status } = await test.podUntil("outside", (pod) => pod.status.containerStatuses !== undefined);
  expect(status.phase).toBe("Pending");
  expect(status.containerStatuses[0].state).toEqual({ waiting: { reason: "ContainerCreating" } });
});

it("a path that leads out through a link is refused", async () => {
  const test = await testSandbox({ claims: [claim] });
  const elsewhere = mkdtempSync(join(tmpdir(), "elsewhere-"));
  onTestFinished(() => rmSync(elsewhere, { recursive: true }));
  await test.pod("leave", {
    script: `ln -s ${elsewhere} out`,
    pod: { volumes: shared },
    container: {
      ...at(join(test.sandbox.directory, "share")),
      workingDir: join(test.sandbox.directory, "share"),
    },
  });
  await test.podUntil("leave", isOver);
  const through = join(test.sandbox.volumePath("t", "shared"), "out", "deep");
  await test.pod("through", { pod: { volumes: scratch }, container: at(through) });
  expect(await mountFailure(test, "through")).toContain("lies outside the sandbox's directory");
});

it("two pods share a claim at one path, and the link goes with the last of them", async () => {
  const test = await testSandbox({ claims: [claim] });
  const path = join(test.sandbox.directory, "deep/share");
  const choices = {
    script: "echo x >> $P/file; while [ -e $P/$$HOSTNAME ]; do sleep 0.05; done",
    pod: { volumes: shared },
  };
  const env = [{ name: "P", value: path }];
  for (const name of ["one", "two"]) writeFileSync(join(test.sandbox.volumePath("t", "shared"), name), "");
  await test.pod("one", { ...choices, container: { ...at(path), env } });
  await test.pod("two", { ...choices, container: { ...at(path), env } });
  const { uid } = (await test.podUntil("one", isRunning)).metadata;
  await test.podUntil("two", isRunning);
  expect(lstatSync(path).isSymbolicLink()).toBe(true);
  await until(() => statSync(join(path, "file"), { throwIfNoEntry: false })?.size === 4 || undefined);
  rmSync(join(path, "one"));
  await test.podUntil("one", isOver);
  await until(() => !existsSync(join(test.sandbox.directory, "pods", uid)) || undefined);
  expect(existsSync(join(path, "two"))).toBe(true);
  rmSync(join(path, "two"));
  await test.podUntil("two", isOver);
  await until(() => !existsSync(path) || undefined);
});

it("a path that another pod's volume has is refused until that pod has ended", async () => {
  const test = await testSandbox({ delays: { retryMs: 50 } });
  const path = join(test.sandbox.directory, "scratch");
  await test.pod("first", { script: "sleep 30", pod: { volumes: scratch }, container: at(path) });
  await test.podUntil("first", isRunning);
  await test.pod("second", { pod: { volumes: scratch }, container: at(path) });
  expect(await mountFailure(test, "second")).toContain("another pod has a different volume there");
  await test.send("DELETE", "/api/v1/namespaces/t/pods/first?gracePeriodSeconds=1");
  expect((await test.podUntil("second", isOver)).status.phase).toBe("Succeeded");
});

it("what is there already is never replaced", async () => {
  const test = await testSandbox();
  const path = join(test.sandbox.directory, "mine");
  mkdirSync(path);
  await test.pod("taken", { pod: { volumes: scratch }, container: at(path) });
  expect(await mountFailure(test, "taken")).toContain("something is there already");
  expect(lstatSync(path).isDirectory()).toBe(true);
});

it("a claim with a folder of its own is mounted at that very folder, and its subPath elsewhere", async () => {
  const folder = mkdtempSync(join(tmpdir(), "claim-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const test = await testSandbox({ claims: [{ ...claim, path: folder }] });
  const below = join(test.sandbox.directory, "sub");
  const volumeMounts = [
    { name: "v", mountPath: folder },
    { name: "v", mountPath: below, subPath: "a/b" },
  ];
  await test.pod("own", {
    script: `echo hi > ${below}/f; cat ${folder}/a/b/f`,
    pod: { volumes: shared },
    container: { volumeMounts },
  });
  await test.podUntil("own", isOver);
  expect(await test.logOf("own")).toBe("hi\n");
  await test.sandbox.close();
  expect(existsSync(join(folder, "a/b/f"))).toBe(true);
});

it("volumes that it does not know are refused by name", async () => {
  const test = await testSandbox();
  const volumes = [{ name: "v", hostPath: { path: "/etc" } }];
  await test.pod("host", { pod: { volumes } });
  expect(await mountFailure(test, "host")).toContain("does not know volumes of type hostPath");
});

it("Secrets become files with their modes and items, and wait for a Secret that is late", async () => {
  const test = await testSandbox({ delays: { retryMs: 50 } });
  const path = join(test.sandbox.directory, "secret");
  const secret = {
    secretName: "s",
    defaultMode: 0o440,
    items: [
      { key: "k", path: "sub/file", mode: 0o400 },
      { key: "l", path: "l" },
    ],
  };
  const script = `cat ${path}/sub/file; stat -L -c %a ${path}/sub/file ${path}/l; ls ${path}`;
  await test.pod("late", { script, pod: { volumes: [{ name: "v", secret }] }, container: at(path) });
  expect(await mountFailure(test, "late")).toBe(
    'MountVolume.SetUp failed for volume "v" : secret "s" not found',
  );
  await test.send("POST", "/api/v1/namespaces/t/secrets", {
    metadata: { name: "s" },
    stringData: { k: "v\n", l: "", m: "" },
  });
  await test.podUntil("late", isOver);
  expect(await test.logOf("late")).toBe("v\n400\n440\nl\nsub\n");
});
