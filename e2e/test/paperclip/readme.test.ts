// What the README tells a newcomer to do with a running server, copied from it.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { agentScripts } from "../../src/claude-host/agent-scripts.ts";
import { CLAUDE, type ClaudeHost, openClaudeHost } from "../../src/claude-host/open-claude-host.ts";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import { paperclipVersion } from "../../src/index.ts";
import { runCommand } from "../../src/processes/run-command.ts";
import { repositoryRoot } from "../../src/processes/workspace-node.ts";

/** The shell blocks below a numbered step, by its title. */
function commandsOf(readme: string, title: string): string {
  const step = readme.split(/^\d\. \*\*/m).find((text) => text.startsWith(title)) ?? "";
  return [...step.matchAll(/^ {3}```sh\n([\s\S]*?)^ {3}```/gm)].map(([, code = ""]) => code).join("\n");
}

describeCluster(`The README's commands on Paperclip ${paperclipVersion(process.env)}`, (cluster) => {
  let host: ClaudeHost;
  beforeAll(async () => {
    host = await openClaudeHost({ cluster, env: process.env, script: agentScripts });
  });
  afterAll(() => host?.[Symbol.asyncDispose]());

  test("make an agent, find its environment right, and start its first run", async () => {
    const { api, server } = host.paperclip;
    const readme = await readFile(join(repositoryRoot(), "README.md"), "utf8");
    const define = /^ {3}api\(\) .*$/m.exec(commandsOf(readme, "Adapter."))?.[0] ?? "";
    const agent = commandsOf(readme, "Agent.").replace(
      /^ {3}CONFIG='[\s\S]*?}'$/m,
      () => `CONFIG='${JSON.stringify(host.config)}'`,
    );
    const check = commandsOf(readme, "Check.");
    // The lines that ask for what the run has become are for the eye.
    const start = /^ {3}RUN=.*$/m.exec(commandsOf(readme, "First run."))?.[0] ?? "";
    const shown = commandsOf(readme, "First run.").replace(start, "");
    const script = [define, agent, check, start, 'echo "run $RUN"', shown].join("\n");
    const { stdout } = await runCommand({
      command: "bash",
      args: ["-euo", "pipefail", "-c", script],
      env: { ...process.env, PAPERCLIP_URL: server.url },
      timeoutMs: 120_000,
    });
    expect(stdout.match(/^error .*|^warn .*/gm)).toBeNull();
    expect(stdout.match(/^info .*/gm)?.length).toBeGreaterThan(8);
    const run = await api.endedRun(/^run (\S+)$/m.exec(stdout)?.[1] ?? "");
    expect(run).toMatchObject({ status: "succeeded", error: null });
    expect(stdout).toMatch(/^(queued|running|succeeded)$/m);
    const [made] = await api.request<{ adapterType: string; name: string }[]>({
      path: `/companies/${host.paperclip.companyId}/agents`,
    });
    expect(made).toMatchObject({ name: "Builder", adapterType: CLAUDE });
  });
});
