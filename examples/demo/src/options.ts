import { parseArgs } from "node:util";
import { DemoError } from "./demo-error.ts";

/** The command line, read. */
export interface DemoOptions {
  readonly help: boolean;
  /** NDJSON on stdout instead of text. */
  readonly json: boolean;
  /** The real model API instead of a scripted one. */
  readonly live: boolean;
  /** The current kubeconfig's cluster instead of a sandbox. */
  readonly cluster: boolean;
  readonly namespace: string | undefined;
  readonly image: string | undefined;
  readonly claim: string | undefined;
  /** Where this machine sees the claim's volume. */
  readonly volume: string | undefined;
  /** Address of this machine that pods reach, for the scripted model. */
  readonly modelHost: string | undefined;
}

/** What `--help` prints. */
export const helpText = `Runs Claude Code twice as a Kubernetes Job: a task, then a second one in the same session.

  npx pnpm@12 demo [options]

Without options nothing is needed: the cluster is a sandbox in this process, whose pods are processes,
and the real Claude Code talks to a scripted model on loopback.

  --live             the real model API; needs ANTHROPIC_API_KEY
  --json             one JSON object per line, for programs (use: npx pnpm@12 --silent demo --json)
  --cluster          the cluster of the current kubeconfig; needs:
    --namespace NAME   where the Jobs run
    --image IMAGE      an image with claude and a POSIX shell
    --claim NAME       a ReadWriteMany claim in that namespace
    --volume PATH      where this machine sees the claim's volume; pods run as this user (as 1000,
                       where that is root), who must be able to write there
    --model-host ADDR  this machine's address that pods reach, for the scripted model; not with --live
  --help             this text

Ctrl-C cancels the run, waits until the agent has ended, and leaves nothing behind.
Exit codes: 0 well, 1 failed or something was left, 2 wrong usage, 130 cancelled.
`;

const known = {
  help: { type: "boolean", short: "h", default: false },
  json: { type: "boolean", default: false },
  live: { type: "boolean", default: false },
  cluster: { type: "boolean", default: false },
  namespace: { type: "string" },
  image: { type: "string" },
  claim: { type: "string" },
  volume: { type: "string" },
  "model-host": { type: "string" },
} as const;

const clusterOnly = ["namespace", "image", "claim", "volume", "model-host"] as const;

/** Reads the arguments after the program's name. Throws DemoError `usage`. */
export function readOptions(args: readonly string[]): DemoOptions {
  // `pnpm demo -- --json` hands the dashes on.
  const own = args[0] === "--" ? args.slice(1) : args;
  const values = parse(own);
  const misplaced = clusterOnly.filter((name) => values[name] !== undefined && !values.cluster);
  if (misplaced.length > 0) throw usage(`--${misplaced[0]} needs --cluster.`);
  if (values.live && values["model-host"] !== undefined)
    throw usage("--model-host is for the scripted model, and --live uses the real one.");
  const { "model-host": modelHost, namespace, image, claim, volume, ...switches } = values;
  return { ...switches, namespace, image, claim, volume, modelHost };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: known, strict: true, allowPositionals: false }).values;
  } catch (error) {
    // The rest of Node's message is about positional arguments, of which there are none here.
    const [sentence = ""] = (error as Error).message.split(/\. |\n/u);
    throw usage(`${sentence.replace(/\.+$/u, "")}.`);
  }
}

function usage(message: string): DemoError {
  return new DemoError("usage", `${message} See --help.`);
}
