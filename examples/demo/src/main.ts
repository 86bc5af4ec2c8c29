// `npx pnpm@12 demo`: the edge of the process. Arguments in, exit code out; everything else is injected from here.
import { DemoError } from "./demo-error.ts";
import { listenForInterrupt } from "./interrupt.ts";
import { helpText, readOptions } from "./options.ts";
import { runDemo } from "./run-demo.ts";
import { createJsonShow } from "./show/json.ts";
import { createTerminalShow } from "./show/terminal.ts";

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(helpText);
    return 0;
  }
  // Where this process is root the pods are not: they must pass through what the sandbox makes.
  process.umask(0o022);
  const write = (text: string) => void process.stdout.write(text);
  const color = process.stdout.isTTY === true && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
  const width = () => process.stdout.columns ?? 80;
  const show = options.json ? createJsonShow({ write }) : createTerminalShow({ write, width, color });
  using interrupt = listenForInterrupt({ source: process, output: process.stdout, show });
  return await runDemo({ options, environment: process.env, show, signal: interrupt.signal });
}

async function codeOf(): Promise<number> {
  try {
    return await main();
  } catch (error) {
    const isKnown = error instanceof DemoError;
    process.stderr.write(`${isKnown ? error.message : `The demo failed: ${String(error)}`}\n`);
    return isKnown && error.code === "usage" ? 2 : 1;
  }
}

const code = await codeOf();
// The adapter keeps its watches for the next run, as in a server; a program that ends has to say so.
process.stdout.write("", () => process.exit(code));
