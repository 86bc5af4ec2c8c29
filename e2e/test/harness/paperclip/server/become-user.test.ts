import { spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hostUser } from "../../../../src/namespace/host-user.ts";
import { assertReachable } from "../../../../src/paperclip/server/assert-reachable.ts";
import { becomeUser } from "../../../../src/paperclip/server/become-user.ts";
import { runCommand } from "../../../../src/processes/run-command.ts";
import { waitFor } from "../../../../src/wait-for.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "paperclip-k8s-user-"));
  await chmod(folder, 0o755);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const isRoot = process.getuid?.() === 0;

test.runIf(isRoot)("a uid without an account is itself, has a name and owns what it writes", async () => {
  const user = { uid: 23456, gid: 34567, mustSwitch: true };
  await chmod(folder, 0o777);
  const script = `id -u; id -un; id -G; touch "${folder}/made"; stat -c %u:%g "${folder}/made"`;
  const [command, ...args] = await becomeUser({ user, folder, command: ["sh", "-c", script] });
  const { stdout } = await runCommand({ command, args });
  expect(stdout.split("\n").slice(0, 4)).toEqual(["23456", "paperclip", "34567", "23456:34567"]);
});

test.runIf(isRoot)("this machine's own accounts stay as they are", async () => {
  const before = await readFile("/etc/passwd", "utf8");
  const [command, ...args] = await becomeUser({ user: hostUser(), folder, command: ["cat", "/etc/passwd"] });
  expect((await runCommand({ command, args })).stdout).not.toBe(before);
  expect(await readFile("/etc/passwd", "utf8")).toBe(before);
});

test("a command ends when the process that started it is killed", async () => {
  const command = await becomeUser({
    user: hostUser(),
    folder,
    command: ["sh", "-c", "echo $$; exec sleep 60"],
  });
  const source = `const [c, ...a] = ${JSON.stringify(command)}; require("node:child_process").spawn(c, a, { stdio: "inherit" })`;
  const starter = spawn(process.execPath, ["-e", source], { stdio: ["ignore", "pipe", "inherit"] });
  const pid = await new Promise<number>((resolve) =>
    starter.stdout.once("data", (text) => resolve(Number(text))),
  );
  await waitFor(() => isSleeping(pid), { what: "the command to sleep", withinMs: 5000, everyMs: 20 });
  starter.kill("SIGKILL");
  await waitFor(async () => !(await isSleeping(pid)), {
    what: "the command to end",
    withinMs: 5000,
    everyMs: 20,
  });
});

test("a folder that only its owner may pass is named before the server fails on it", async () => {
  await chmod(folder, 0o700);
  const checking = assertReachable([join(folder, "index.js")]);
  await expect(checking).rejects.toMatchObject({
    code: "folder_not_reachable",
    message: expect.stringContaining(folder),
  });
});

async function isSleeping(pid: number): Promise<boolean> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return commandLine.startsWith("sleep\0");
}
