#!/usr/bin/env node
// The command `kube-sandbox`: connects the process to what the folder beside this file does.
import { runCommand } from "./command/run-command.ts";

process.exitCode = await runCommand({
  args: process.argv.slice(2),
  packageFile: new URL("../package.json", import.meta.url),
  stdout: process.stdout,
  stderr: process.stderr,
  signals: process,
});
