import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import {
  agentTools,
  claudeBinary,
  type ModelCall,
  offlineClaudeEnvironment,
  offlineOpenCodeEnvironment,
  opencodeBinary,
  type ScriptedModel,
  type Step,
  scriptByPrompt,
  startScriptedModel,
} from "@paperclip-k8s/offline-agents";
import { afterAll, beforeAll, expect, test } from "vitest";
import { requirePodReachableAddress } from "../../src/cluster/pod-reachable-address.ts";
import { ensureAgentImage } from "../../src/index.ts";
import { describePods } from "../../src/pod-run/describe-pods.ts";

const CLAUDE = ["claude", "--print", "--output-format", "stream-json", "--verbose"] as const;
const PERMITTED = [...CLAUDE, "--dangerously-skip-permissions"] as const;
const OPENCODE = ["opencode", "run", "--format", "json", "--model", "anthropic/claude-sonnet-4-5"] as const;
const BIG = `${"0123456789abcdef".repeat(87_500)}the end of it`;
const DAEMON = "nohup sh -c 'while :; do date >>left-behind; sleep 0.1; done' >/dev/null 2>&1 &";

/** The named scripts, and what these tests want beside them. */
function script(call: ModelCall): Step {
  const last: Step = { kind: "text", text: "Done." };
  if (call.prompt.includes("[write]"))
    return call.index === 0 ? { kind: "tool", ...agentTools.opencode.write("big.txt", BIG) } : last;
  if (call.prompt.includes("[daemon]"))
    return call.index === 0 ? { kind: "tool", ...agentTools.claude.shell(DAEMON, "Leave a process") } : last;
  return scriptByPrompt()(call);
}

describePods("a real agent CLI in a pod", (pods) => {
  let claude: string;
  let opencode: string;
  let model: ScriptedModel;
  beforeAll(async () => {
    const imageOf = (path: string, binary: string) =>
      ensureAgentImage({ cluster: pods.cluster, executables: { [path]: binary }, env: process.env });
    claude = await imageOf("/usr/local/bin/claude", claudeBinary());
    opencode = await imageOf("/usr/local/bin/opencode", opencodeBinary());
    const host = await requirePodReachableAddress(pods.namespace.clients.core, process.env);
    model = await startScriptedModel({ host, script });
  });
  afterAll(() => model?.[Symbol.asyncDispose]());

  /** An agent with a folder of its own on the volume; `HOME` is in it. */
  const startIn = (folder: string, options: Parameters<typeof pods.start>[0]) => {
    const workingDirectory = `/paperclip/${folder}`;
    const environment = {
      HOME: `${workingDirectory}/home`,
      ...(options.image === claude
        ? offlineClaudeEnvironment({ baseUrl: model.url })
        : offlineOpenCodeEnvironment({ baseUrl: model.url })),
    };
    return pods.start({ workingDirectory, environment, readOnlyRootFilesystem: true, ...options });
  };
  const eventsOf = (stdout: Buffer) =>
    stdout
      .toString()
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));

  // Of these 1,421,841 bytes a reader of a pipe that looks only after OpenCode's end gets 64,753 (measured three
  // times of three with OpenCode 1.18.33 on this machine): it exits without waiting for the pipe.
  test.concurrent("OpenCode's tool result of 1.4 MB is in the file, whole, ten times of ten (L9)", async () => {
    const runs = Array.from({ length: 10 }, (_, i) => i + 1);
    const inFull = async (n: number) => {
      const options = { image: opencode, command: OPENCODE, prompt: "[write] Write a lot." };
      await using run = await startIn(`opencode-${n}`, options);
      const { record, stdout, container } = await run.ended();
      const events = eventsOf(stdout);
      expect(events.find(({ type }) => type === "tool_use")?.part.state).toMatchObject({
        status: "completed",
        input: { content: BIG },
      });
      expect(events.at(-1)).toMatchObject({ type: "step_finish", part: { reason: "stop" } });
      expect(record).toMatchObject({ status: 0, failure: null, stdoutBytes: stdout.length });
      expect(stdout.length).toBeGreaterThan(1_400_000);
      expect(container.exitCode).toBe(0);
      return n;
    };
    // Each takes a processor for some seconds: more at once would only be slower.
    const ended: number[] = [];
    const worker = async () => {
      for (let n = runs.shift(); n !== undefined; n = runs.shift()) ended.push(await inFull(n));
    };
    await Promise.all([worker(), worker(), worker()]);
    expect(ended).toHaveLength(10);
  }, 600_000);

  test.concurrent("OpenCode's answer of 1.4 MB right before its exit is whole (L9)", async () => {
    const options = { image: opencode, command: OPENCODE, prompt: "[script:long] Tell a lot." };
    await using run = await startIn("opencode-long", options);
    const { record, stdout } = await run.ended();
    const text = eventsOf(stdout).find(({ type }) => type === "text");
    expect(text?.part.text.length).toBeGreaterThan(1_399_000);
    expect(record).toMatchObject({ status: 0, failure: null, stdoutBytes: stdout.length });
  });

  test.concurrent("OpenCode without its session says so on stderr alone (L17)", async () => {
    const command = [...OPENCODE, "--session", "ses_of_nobody"] as const;
    await using run = await startIn("opencode-lost", { image: opencode, command, prompt: "Go on." });
    const { record, stdout, stderr } = await run.ended();
    expect(stdout.toString()).toBe("");
    expect(stderr).toContain("Session not found");
    expect(record).toMatchObject({
      status: 1,
      failure: null,
      stdoutBytes: 0,
      stderrBytes: Buffer.byteLength(stderr),
    });
  });

  test.concurrent("Claude Code's answer of 1.4 MB right before its exit is whole (L9)", async () => {
    const options = { image: claude, command: PERMITTED, prompt: "[script:long] Tell a lot." };
    await using run = await startIn("claude-long", options);
    const { record, stdout, container } = await run.ended();
    expect(eventsOf(stdout).at(-1)).toMatchObject({ type: "result", is_error: false });
    expect(eventsOf(stdout).at(-1).result.length).toBeGreaterThan(1_399_000);
    expect(record).toMatchObject({ status: 0, failure: null, stdoutBytes: stdout.length });
    expect(container.exitCode).toBe(0);
  });

  test.concurrent("Claude Code with a wrong option says so on stderr alone (L17)", async () => {
    const command = [...CLAUDE, "--no-such-option"] as const;
    await using run = await startIn("claude-option", { image: claude, command, prompt: "Hello." });
    const { record, stdout, stderr } = await run.ended();
    expect(stdout.toString()).toBe("");
    expect(stderr).toContain("unknown option '--no-such-option'");
    expect(record).toMatchObject({ status: 1, failure: null, stdoutBytes: 0, stderrBytes: stderr.length });
  });

  test.concurrent("Claude Code gets a prompt of 300 KiB and hostile arguments as they are (K2, K6)", async () => {
    const hostile = `$(HOME) $$ $(touch /tmp/x) \`id\` "it's" \\ two\nlines ${randomUUID()}`;
    const prompt = `[script:hello] ${"all of this, ".repeat(24_000)} ${randomUUID()}`;
    const modelName = "claude-$(UNSET)-`id`";
    const command = [...PERMITTED, "--append-system-prompt", hostile, "--model", modelName] as const;
    await using run = await startIn("claude-hostile", { image: claude, command, prompt });
    const { record } = await run.ended();
    expect(record).toMatchObject({ status: 0, failure: null });
    const asked = model.requests
      .map(({ body }) => body as { model?: string })
      .filter((body) => body?.model === modelName);
    expect(JSON.stringify(asked)).toContain(JSON.stringify(hostile).slice(1, -1));
    expect(JSON.stringify(asked)).toContain(JSON.stringify(prompt).slice(1, -1));
  });

  test.concurrent("Claude Code that is ended in a tool call saves its session, which the next run resumes (C8)", async () => {
    const folder = { image: claude, workingDirectory: "/paperclip/claude-ended" };
    const environment = {
      ...offlineClaudeEnvironment({ baseUrl: model.url }),
      HOME: `${folder.workingDirectory}/home`,
    };
    const bounds = { schedulingSec: 300, imagePullSec: 900, startSec: 120, timeoutSec: 0, graceSec: 20 };
    const first = { ...folder, environment, bounds, command: PERMITTED, prompt: "[script:busy] Count." };
    await using ended = await pods.start(first);
    await ended.printed('"tool_use"');
    await ended.delete();
    const record = await ended.recorded();
    const stdout = await readFile(ended.files.stdout);
    expect(record).toMatchObject({
      status: 143,
      signal: "SIGTERM",
      failure: null,
      stdoutBytes: stdout.length,
    });
    const session = eventsOf(stdout)[0].session_id;
    const command = [...PERMITTED, "--resume", session] as const;
    await using resumed = await pods.start({
      ...folder,
      environment,
      command,
      prompt: "[script:hello] Again.",
    });
    const again = await resumed.ended();
    expect(again.record).toMatchObject({ status: 0, failure: null });
    expect(eventsOf(again.stdout).at(-1)).toMatchObject({
      type: "result",
      is_error: false,
      session_id: session,
    });
    expect(JSON.stringify(model.requests.at(-1)?.body)).toContain("[script:busy] Count.");
  });

  test.concurrent("Claude Code whose tool left a process behind ends at once, and the process with it (C21)", async () => {
    const options = { image: claude, command: PERMITTED, prompt: "[daemon] Begin." };
    await using run = await startIn("claude-daemon", options);
    const { record, container, stdout } = await run.ended();
    expect(eventsOf(stdout).at(-1)).toMatchObject({ type: "result", is_error: false });
    expect(record).toMatchObject({ status: 0, failure: null, stdoutBytes: stdout.length });
    expect(container.exitCode).toBe(0);
    expect(existsSync(`${pods.namespace.volumeFolder}/claude-daemon/left-behind`)).toBe(true);
  });
});
