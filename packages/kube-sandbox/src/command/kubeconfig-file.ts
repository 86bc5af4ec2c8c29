import { readFile } from "node:fs/promises";
import { KubeSandboxError } from "../sandbox-error.ts";

/** Throws `invalid_option` if there is a kubeconfig of something else: it would be lost. */
export async function checkKubeconfigFile(path: string): Promise<void> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new KubeSandboxError("invalid_option", `cannot write the kubeconfig ${path}: ${error.message}`);
  });
  // What an earlier sandbox left, when it was killed, may be replaced.
  if (text === undefined || /"current-context": ?"kube-sandbox"/.test(text)) return;
  const remedy = "name a file that does not exist";
  throw new KubeSandboxError("invalid_option", `${path} is there already, and is not ours: ${remedy}`);
}
