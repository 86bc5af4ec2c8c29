import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { processesOfFolder } from "../../../src/processes/processes-of-folder.ts";
import { runCommand } from "../../../src/processes/run-command.ts";
import { waitFor } from "../../../src/wait-for.ts";

test("a process is found by what its environment names, until it has ended", async () => {
  const folder = `/nowhere/${process.pid}-${Date.now()}`;
  const child = spawn("sleep", ["60"], { env: { PATH: process.env["PATH"], PAPERCLIP_HOME: folder } });
  await waitFor(async () => (await processesOfFolder(folder)).some(({ pid }) => pid === child.pid), {
    what: "the process to be seen",
    withinMs: 5000,
    everyMs: 20,
  });
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await processesOfFolder(folder)).toEqual([]);
});

test("a command that fails tells what it printed", async () => {
  const failing = runCommand({ command: "sh", args: ["-c", "echo out; echo why >&2; exit 3"] });
  await expect(failing).rejects.toMatchObject({
    code: "command_failed",
    message: expect.stringMatching(/out\s+why/),
  });
});

test("a command that hangs is ended", async () => {
  const hanging = runCommand({ command: "sleep", args: ["60"], timeoutMs: 50 });
  await expect(hanging).rejects.toThrow("took longer than 50 ms");
});

test("a wait that is not fulfilled ends at its bound", async () => {
  const waiting = waitFor(() => false, { what: "nothing", withinMs: 20, everyMs: 5 });
  await expect(waiting).rejects.toMatchObject({ code: "timed_out" });
});
