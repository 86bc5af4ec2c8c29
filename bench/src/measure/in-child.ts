// Each measurement has a process of its own, so that none finds another's memory or compiled code.
import { execFile } from "node:child_process";
import type { Outcome, Task } from "./task.ts";

/** Runs one task in a new process. A task that takes longer than `timeoutMs` is ended, and that is its outcome. */
export function inChild(program: string, task: Task, timeoutMs: number): Promise<Outcome> {
  const args = [program, JSON.stringify(task)];
  return new Promise((resolve) => {
    const options = { timeout: timeoutMs, killSignal: "SIGKILL", encoding: "utf8" } as const;
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      if (error?.killed) resolve({ ok: false, why: `over ${Math.round(timeoutMs / 1000)} s` });
      else if (error) resolve({ ok: false, why: stderr.trim().split("\n").at(-1) || error.message });
      else resolve(JSON.parse(stdout) as Outcome);
    });
  });
}
