import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { kubectlTests } from "./kubectl-tests.ts";

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const onPath = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "kubectl"));

kubectlTests(process.env["KUBECTL"] || onPath.find(isExecutable));
