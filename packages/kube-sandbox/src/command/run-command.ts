// One call of the command, from its arguments to its exit status.
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { KubeSandboxError } from "../sandbox-error.ts";
import { type KubeSandbox, startKubeSandbox } from "../start-kube-sandbox.ts";
import { type Request, readCommandLine, USAGE } from "./command-line.ts";
import { checkKubeconfigFile } from "./kubeconfig-file.ts";

/** What the command works with. */
export interface CommandContext {
  readonly args: readonly string[];
  /** The package's `package.json`, which has the version. */
  readonly packageFile: URL;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Where SIGINT and SIGTERM come from: the process. */
  readonly signals: {
    on(signal: "SIGINT" | "SIGTERM", listener: () => void): unknown;
    off(signal: "SIGINT" | "SIGTERM", listener: () => void): unknown;
  };
}

function announcement(sandbox: KubeSandbox, kubeconfig: string): string {
  const quoted = /^[\w./-]+$/.test(kubeconfig) ? kubeconfig : `'${kubeconfig.replaceAll("'", "'\\''")}'`;
  return `kube-sandbox listens on ${sandbox.url}
kubeconfig: ${kubeconfig}
pods may mount below: ${sandbox.directory}

  export KUBECONFIG=${quoted}
  kubectl get pods
  kubectl create -f job.yaml

Ctrl-C ends it, and every pod with it.
`;
}

async function serve(request: Request, { stdout, signals }: CommandContext): Promise<void> {
  // Heard from the start, so that a sandbox that is ended while it starts leaves nothing either.
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  signals.on("SIGINT", end);
  signals.on("SIGTERM", end);
  try {
    if (request.kubeconfig !== undefined) await checkKubeconfigFile(request.kubeconfig);
    await using sandbox = await startKubeSandbox(request.options);
    for (const fault of request.faults) sandbox.faults.inject(fault);
    const kubeconfig = request.kubeconfig ?? join(sandbox.directory, "kubeconfig");
    await sandbox.writeKubeconfig(kubeconfig);
    try {
      stdout.write(announcement(sandbox, kubeconfig));
      await ended;
    } finally {
      await rm(kubeconfig, { force: true });
    }
  } finally {
    signals.off("SIGINT", end);
    signals.off("SIGTERM", end);
  }
}

/** Runs the command; resolves to the status that the process is to end with. */
export async function runCommand(context: CommandContext): Promise<number> {
  const { args, stdout, stderr } = context;
  const request = readCommandLine(args);
  if (request === "help") stdout.write(USAGE);
  else if (request === "version") {
    const { version } = JSON.parse(await readFile(context.packageFile, "utf8")) as { version: string };
    stdout.write(`${version}\n`);
  } else if ("wrong" in request) {
    stderr.write(`kube-sandbox: ${request.wrong}\n${USAGE}`);
    return 2;
  } else {
    try {
      await serve(request, context);
    } catch (error) {
      const known = error instanceof KubeSandboxError || (error as NodeJS.ErrnoException).code !== undefined;
      if (!known) throw error;
      stderr.write(`kube-sandbox: ${(error as Error).message}\n`);
      return 1;
    }
  }
  return 0;
}
