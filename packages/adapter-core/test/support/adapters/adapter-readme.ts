// What must hold for the README of every adapter that is published: its commands and its lines are run.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { type AgentDefinition, parseConfig } from "../../../src/index.ts";
import { sharedStage } from "../shared-stage.ts";

/** A published adapter, as its README has it. */
export interface AdapterReadme {
  /** The package's folder. */
  readonly root: URL;
  // biome-ignore lint/suspicious/noExplicitAny: of any fields.
  readonly definition: AgentDefinition<any>;
}

const run = promisify(execFile);

/** Stands in for curl: writes down what it was called with. */
const CURL = `curl() { node -e 'console.log(JSON.stringify(process.argv.slice(1)))' -- "$@"; }`;

/** Declares the tests. */
export async function testAdapterReadme({ root, definition }: AdapterReadme): Promise<void> {
  const stage = sharedStage();
  const readme = await readFile(new URL("README.md", root), "utf8");
  const { name } = JSON.parse(await readFile(new URL("package.json", root), "utf8"));
  const blocks = (language: string) =>
    [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map(
      ([, code = ""]) => code,
    );

  it("the README's commands install this package, and make an agent whose config is right", async () => {
    const commands = blocks("sh").find((code) => code.includes("curl")) ?? "";
    const env = { PATH: process.env["PATH"], PAPERCLIP_URL: "http://paperclip", COMPANY: "c1" };
    const { stdout } = await run("sh", ["-euc", `${CURL}\n${commands}`], { env });
    const calls = stdout
      .trim()
      .split("\n")
      .map((line): string[] => JSON.parse(line));
    const told = calls.map((args) => ({
      url: args.find((arg) => arg.startsWith("http")),
      body: JSON.parse(args.at(-1)!),
    }));
    expect(told).toMatchObject([
      { url: "http://paperclip/api/adapters/install", body: { packageName: name } },
      { url: "http://paperclip/api/companies/c1/agents", body: { adapterType: definition.type } },
    ]);
    expect(parseConfig(definition, told[1]!.body.adapterConfig)).toMatchObject({ ok: true });
  });

  it("the README's lines run as they stand, and find nothing wrong with a cluster that is right", async () => {
    const { kubeconfig, volume } = stage();
    // Any key will do: what it is good for, only a run can tell.
    const key = { ANTHROPIC_API_KEY: "a-key" };
    const env = { ...process.env, ...key, KUBECONFIG: kubeconfig, VOLUME: volume };
    const [program = ""] = blocks("js");
    const flags = ["--conditions=@paperclip-k8s/source", "--input-type=module", "--eval", program];
    const { stdout } = await run(process.execPath, flags, { cwd: root, env, timeout: 60_000 });
    const lines = stdout.trim().split("\n");
    expect(lines.pop()).toBe(`${definition.type} pass`);
    expect(lines.length).toBeGreaterThan(4);
    expect(lines.filter((line) => !line.startsWith("info "))).toEqual([]);
  });
}
