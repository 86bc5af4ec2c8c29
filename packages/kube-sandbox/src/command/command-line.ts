// What the command line asks for.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { FaultInjection } from "../faults/fault.ts";
import type { ClaimOption, KubeSandboxOptions } from "../options.ts";

/** One call of the command. */
export interface Request {
  readonly options: KubeSandboxOptions;
  /** Where the kubeconfig goes; into the sandbox's directory by default. */
  readonly kubeconfig: string | undefined;
  readonly faults: readonly FaultInjection[];
}

/** What `--help` prints. */
export const USAGE = `Usage: kube-sandbox [--port N] [--kubeconfig FILE] [--namespace NAME]… [--claim [NAMESPACE/]NAME[=FOLDER]]…
                    [--path FOLDER]… [--directory FOLDER] [--fault JSON]…

Serves a small Kubernetes API on 127.0.0.1, whose pods are processes of this machine, until it is ended (Ctrl-C).
  --port N           the port; a free one by default
  --kubeconfig FILE  where the kubeconfig is written; it is removed at the end
  --namespace NAME   a namespace that is there from the start; the first is the one of the kubeconfig
  --claim CLAIM      a bound ReadWriteMany claim, in the first namespace unless one is named; its volume is FOLDER
  --path FOLDER      put before the PATH of pods: what an image would have installed
  --directory FOLDER where volumes are, and below which pods may mount; a new one, removed at the end, by default
  --fault JSON       a fault from the start: {"match":{"verb":"list"},"fault":{"kind":"latency","ms":500},"times":3}
  --version, --help
Ends with status 0 by SIGINT or SIGTERM, 1 after an error, 2 if called wrongly.
`;

class Wrong extends Error {}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Wrong(`--port wants a number from 0 to 65535, not ${JSON.stringify(text)}`);
}

function claimOf(text: string, first: string): ClaimOption {
  const [, namespace, name, folder] = /^(?:([^/=]+)\/)?([^/=]+)(?:=(.+))?$/.exec(text) ?? [];
  if (name === undefined)
    throw new Wrong(`--claim wants [NAMESPACE/]NAME[=FOLDER], not ${JSON.stringify(text)}`);
  const path = folder === undefined ? {} : { path: resolve(folder) };
  return { namespace: namespace ?? first, name, ...path };
}

function faultOf(text: string): FaultInjection {
  try {
    const injection = JSON.parse(text) as FaultInjection | null;
    if (typeof injection?.fault === "object") return injection;
  } catch {
    // Falls through: it is no JSON.
  }
  throw new Wrong(`--fault wants JSON with "fault" in it, not ${text}`);
}

/** Reads the command line: a request, `help`, `version`, or why it is wrong. */
export function readCommandLine(
  args: readonly string[],
): Request | "help" | "version" | { readonly wrong: string } {
  const text = { type: "string" } as const;
  const texts = { type: "string", multiple: true, default: [] as string[] } as const;
  const flag = { type: "boolean", default: false } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...{ port: text, kubeconfig: text, directory: text },
        ...{ namespace: texts, claim: texts, path: texts, fault: texts },
        ...{ help: { ...flag, short: "h" }, version: flag },
      },
    });
    if (values.help) return "help";
    if (values.version) return "version";
    const { namespace, claim, path, directory, kubeconfig, port = "0" } = values;
    for (const [name, value] of Object.entries({ kubeconfig, directory }))
      if (value === "") throw new Wrong(`--${name} wants a path`);
    return {
      kubeconfig: kubeconfig === undefined ? undefined : resolve(kubeconfig),
      faults: values.fault.map(faultOf),
      options: {
        port: portOf(port),
        namespaces: namespace,
        claims: claim.map((one) => claimOf(one, namespace[0] ?? "default")),
        path: path.map((one) => resolve(one)),
        ...(directory === undefined ? {} : { directory: resolve(directory) }),
        // Nobody reads it here, and it would only grow.
        requestLog: false,
      },
    };
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
}
