#!/usr/bin/env node
// The command `file-tailer`: connects the process to what the folder beside this file does.
import { readFileSync } from "node:fs";
import { openOutput } from "./command/output.ts";
import { runCommand } from "./command/run-command.ts";

const STDOUT = 1;

// Where nobody reads what is told, lines and checkpoint still count.
process.stderr.on("error", () => {});

const end = await runCommand({
  args: process.argv.slice(2),
  output: openOutput(STDOUT),
  stderr: process.stderr,
  signals: process,
  version: () => {
    // Beside `src` as beside `dist`.
    const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
    return (JSON.parse(text) as { version: string }).version;
  },
});
// A write that nobody reads keeps a thread: only the signal itself ends the process then, as it ends any other.
if ("signal" in end) process.kill(process.pid, end.signal);
else process.exitCode = end.status;
