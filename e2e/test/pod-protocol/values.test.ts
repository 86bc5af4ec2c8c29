import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { agentRunScript, type ContainerPatch, type PodTemplatePatch } from "@paperclip-k8s/job-manifest";
import { expect, test } from "vitest";
import { describePods } from "../../src/pod-run/describe-pods.ts";
import { sh } from "../../src/pod-run/pod-run-spec.ts";

/** What Kubernetes or a shell would make something else of. */
const HOSTILE = [
  "$$",
  "$(HOME)",
  "$(API_KEY)",
  "$(UNSET)",
  "$$(HOME)",
  "$$$",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a shell's.
  "${HOME}",
  "$HOME",
  "$(touch /tmp/run)",
  "`touch /tmp/run`",
  "; touch /tmp/run #",
  'it\'s "quoted" \\ and\\n',
  "two\nlines\n",
  "",
  " ",
  "*",
  "-n",
  "é😀\u0001\u007f",
];
const PRINT_ARGUMENTS = `for a; do printf '%s\\0' "$a"; done`;
const agentPatch = (agent: Omit<ContainerPatch, "name">): PodTemplatePatch => ({
  spec: { containers: [{ name: "agent", ...agent }] },
});
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const split = (bytes: Buffer | string) => bytes.toString().split("\0").slice(0, -1);

describePods("the values of a run", (pods) => {
  test.concurrent("$$, $(NAME) and $(UNSET) arrive unchanged in script, argument, value and path (K6)", async () => {
    const variables = Object.fromEntries(HOSTILE.map((text, i) => [`V${i}`, text]));
    const names = Object.keys(variables);
    const printVariables = names.map((name) => `"$${name}"`).join(" ");
    // Literal values are the script's own: the agent does not get them.
    const literal = "grep -z ^AGENT_RUN_STDOUT= /proc/1/environ";
    const text = `cat /proc/1/cmdline; ${PRINT_ARGUMENTS}; set -- ${printVariables} "$PWD"; ${PRINT_ARGUMENTS}; ${literal}; [ ! -e /tmp/run ]`;
    const command = sh(text, ...HOSTILE);
    await using run = await pods.start({
      command,
      environment: { ...variables, HOME: "/tmp", API_KEY: "sk-1" },
      workingDirectory: "/paperclip/work/$(HOME)/$$",
      runDirectory: "instances/$(HOME)/$$/$(UNSET)/run-logs",
    });
    const { stdout, record, container } = await run.ended();
    const arrived = split(stdout);
    // The container's first process: the constant script, of which the kubelet has changed nothing.
    const ofInit = ["/bin/sh", "-c", agentRunScript, "agent-run", ...command];
    expect(arrived.slice(0, ofInit.length)).toEqual(ofInit);
    const stdoutPath = `AGENT_RUN_STDOUT=/paperclip/instances/$(HOME)/$$/$(UNSET)/run-logs/${run.spec.identity.runId}.pod.ndjson`;
    const rest = [...HOSTILE, ...HOSTILE, "/paperclip/work/$(HOME)/$$", stdoutPath];
    expect(arrived.slice(ofInit.length)).toEqual(rest);
    expect(record).toMatchObject({ status: 0, failure: null });
    expect(container.exitCode).toBe(0);
  });

  test.concurrent("are an id or a label and nothing more, whatever is in them (K6)", async () => {
    const sessionId = `s'"\`$(touch /tmp/x)\n${"x".repeat(200)}`;
    const taskId = "../../etc/passwd %2e\0\t$$";
    const annotations = { "example.com/model": "$(HOME) `id` \"'\n" };
    await using run = await pods.start({
      command: sh("exit 0"),
      identity: { sessionId, taskId },
      annotations,
    });
    const { pod, record } = await run.ended();
    expect(run.job.metadata?.annotations).toMatchObject({
      "paperclip.io/session-id": sessionId,
      "paperclip.io/task-id": taskId,
      ...annotations,
    });
    expect(pod.metadata?.annotations).toMatchObject(annotations);
    expect(pod.metadata?.labels?.["paperclip.io/session-id"]).toMatch(/^[a-z0-9][-\w.]{0,61}[a-z0-9]$/i);
    expect(record).toMatchObject({ status: 0 });
  });

  test.concurrent("may add labels, and replace none of ours (K7)", async () => {
    await using run = await pods.start({ command: sh("exit 0"), labels: { team: "blue" } });
    const { pod } = await run.ended();
    const { agentId } = run.spec.identity;
    const ours = {
      team: "blue",
      "paperclip.io/agent-id": agentId,
      "app.kubernetes.io/managed-by": "paperclip",
    };
    expect(run.job.metadata?.labels).toMatchObject(ours);
    expect(pod.metadata?.labels).toMatchObject(ours);
  });

  test.concurrent("neither prompt nor key nor file is in Job, pod, argv, event or log (K3)", async () => {
    const { clients, name, volumeFolder } = pods.namespace;
    const texts = { prompt: "prompt-hunter2", key: "key-hunter2", file: "file-hunter2" };
    const sums = 'sha256sum; printf %s "$API_KEY" | sha256sum; sha256sum </run/paperclip/files/mcp.json';
    await using run = await pods.start({
      command: sh(`(${sums}) | cut -c1-64; cat /proc/[0-9]*/cmdline >argv; sleep 1`),
      workingDirectory: "/paperclip/k3",
      prompt: texts.prompt,
      environment: { API_KEY: texts.key },
      files: { "mcp.json": texts.file },
    });
    const { pod, record, log, stdout } = await run.ended();
    // All three have reached the agent.
    expect(stdout.toString().trim().split("\n")).toEqual(Object.values(texts).map(sha256));
    expect(record).toMatchObject({ status: 0 });
    const events = await clients.core.listNamespacedEvent({ namespace: name });
    expect(events.items.length).toBeGreaterThan(0);
    const argv = await readFile(`${volumeFolder}/k3/argv`, "utf8");
    expect(argv).toContain("agent-run");
    const shown = [run.job, pod, events.items].map((value) => JSON.stringify(value));
    for (const text of [...shown, argv, log]) expect(text).not.toContain("hunter2");
  });

  test("a label's value that would be another there is refused before anything is created (K6)", async () => {
    const refused = pods.start({ command: sh("exit 0"), labels: { model: "$(HOME)" } });
    await expect(refused).rejects.toMatchObject({ code: "invalid_label", field: "labels.model" });
  });

  test.for([
    "paperclip.io/agent-id",
    "app.kubernetes.io/managed-by",
    "batch.kubernetes.io/job-name",
    "job-name",
  ])("a label %s of a user's is refused before anything is created (K7)", async (key) => {
    await expect(pods.start({ command: sh("exit 0"), labels: { [key]: "somebody" } })).rejects.toMatchObject({
      code: "reserved_label",
      field: `labels.${key}`,
    });
  });

  test.for<[string, PodTemplatePatch, string]>([
    [
      "a reserved label",
      { metadata: { labels: { "paperclip.io/agent-id": "x" } } },
      "podTemplate.metadata.labels",
    ],
    ["the agent's command", agentPatch({ command: ["sh"] }), "podTemplate.spec.containers[0].command"],
    [
      "the way to its files",
      agentPatch({ env: [{ name: "AGENT_RUN_EXIT", value: "/x" }] }),
      "podTemplate.spec",
    ],
    ["its security", agentPatch({ securityContext: { privileged: true } }), "podTemplate.spec.containers[0]"],
  ])(
    "a pod template that would replace %s is refused before anything is created (K7)",
    async ([, podTemplate, field]) => {
      await expect(pods.start({ command: sh("exit 0"), podTemplate })).rejects.toMatchObject({
        name: "JobManifestError",
        field: expect.stringContaining(field),
      });
    },
  );

  test.for(["../escape", "a/../../escape", "%2e%2e%2fescape", "escape\n", "escape\0", "", "."])(
    "an id %j is refused before anything is created (K5)",
    async (id) => {
      for (const field of ["companyId", "agentId", "runId"] as const) {
        await expect(
          pods.start({ command: sh("exit 0"), runDirectory: "instances/k5", identity: { [field]: id } }),
        ).rejects.toMatchObject({ code: "invalid_id", message: expect.stringContaining(field) });
      }
      const made = await readdir(pods.namespace.volumeFolder, { recursive: true });
      expect(made.filter((path) => path.includes("escape") || path.includes("k5"))).toEqual([]);
    },
  );
});
