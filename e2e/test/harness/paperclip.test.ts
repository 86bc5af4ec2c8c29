import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import {
  clusterClients,
  ENDED_STATES,
  hostUser,
  installPaperclip,
  logText,
  type PackedAdapter,
  type PaperclipApi,
  type PaperclipServer,
  packAdapter,
  paperclipApi,
  paperclipVersion,
  podReachableAddress,
  processesOfFolder,
  startServer,
  unpackAdapter,
  waitFor,
} from "../../src/index.ts";
import { THROWAWAY_TYPE, writeThrowawayAdapter } from "./throwaway-adapter.ts";

describeCluster(`Paperclip ${paperclipVersion(process.env)}`, (cluster) => {
  const version = paperclipVersion(process.env);
  const user = hostUser();
  let folder: string;
  let modules: string;
  let podAddress: string | undefined;
  let packed: PackedAdapter;
  let server: PaperclipServer;
  let api: PaperclipApi;
  let companyId: string;

  const start = () =>
    startServer({ modules, version, user, folder: join(folder, "server"), podAddress, env: process.env });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "paperclip-k8s-harness-"));
    await chmod(folder, 0o711);
    modules = await installPaperclip({ version, env: process.env });
    podAddress = await podReachableAddress(clusterClients(cluster.kubeconfig).core, process.env);
    const packageFolder = await writeThrowawayAdapter(join(folder, "source"));
    packed = await packAdapter({ packageFolder, into: folder, env: process.env });
    server = await start();
    api = paperclipApi(server.url);
    companyId = (await api.createCompany("Harness")).id;
  });
  afterAll(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const newAgent = (name: string, adapterConfig: Record<string, unknown>) =>
    api.createAgent({ companyId, name, adapterType: THROWAWAY_TYPE, adapterConfig });

  test("installs an adapter from its own folder, with its dependencies beside it", async () => {
    const own = await unpackAdapter({
      packed,
      folder: join(folder, "adapter"),
      env: process.env,
    });
    const installed = await api.installAdapter({ kind: "folder", folder: own });
    expect(installed).toMatchObject({ type: THROWAWAY_TYPE, version: "1.2.3" });
    const answer = await api.testEnvironment(companyId, THROWAWAY_TYPE, { lines: 7 });
    expect(answer).toMatchObject({ status: "pass", checks: [{ message: "7" }] });
  });

  test("runs a heartbeat as the host user, with the address that pods reach", async () => {
    const agent = await newAgent("Short", { lines: 2 });
    const run = await api.endedRun((await api.heartbeat(agent.id)).id);
    expect(run).toMatchObject({ status: "succeeded", exitCode: 0 });
    const text = logText(await api.log(run.id), "stdout");
    expect(text).toContain(`uid ${user.uid}\n`);
    expect(text).toContain(`url ${server.podUrl}\n`);
    expect((await api.events(run.id)).length).toBeGreaterThan(0);
  });

  test("answers at the address that pods reach", async ({ skip }) => {
    if (server.podUrl === undefined) return skip("pods have no known way to this machine");
    const health = await fetch(`${server.podUrl}/api/health`);
    expect(await health.json()).toMatchObject({ status: "ok" });
  });

  test("reads a log of many pages whole", async () => {
    const agent = await newAgent("Long", { lines: 2000 });
    const run = await api.endedRun((await api.heartbeat(agent.id)).id);
    const text = logText(await api.log(run.id, 4099), "stdout");
    const numbered = text.split("\n").filter((line) => line.startsWith("line "));
    const expected = Array.from(
      { length: 2000 },
      (_, i) => `line ${i + 1} größer 🙂 ${"x".repeat((i + 1) % 97)}`,
    );
    expect(numbered).toEqual(expected);
  });

  test("runs an issue and again after a comment", async () => {
    const agent = await newAgent("Issue", { lines: 1 });
    const issue = await api.createIssue({ companyId, title: "Count", assigneeAgentId: agent.id });
    const runsOfIssue = async () =>
      (await api.runs(companyId, agent.id)).filter((run) => run.contextSnapshot?.["issueId"] === issue.id);
    const isEnded = async (count: number) => {
      const runs = await runsOfIssue();
      return runs.length >= count && runs.every((run) => ENDED_STATES.includes(run.status)) && runs;
    };
    const before = await waitFor(() => isEnded(1), { what: "the issue's run" });
    expect(before.at(-1)).toMatchObject({ status: "succeeded" });
    await api.request({ method: "PATCH", path: `/issues/${issue.id}`, body: { status: "done" } });
    const settled = (await waitFor(() => isEnded(1), { what: "the runs to end" })).length;
    await api.comment(issue.id, "Once more, please.");
    const after = await waitFor(() => isEnded(settled + 1), { what: "the comment's run" });
    expect(after[0]).toMatchObject({ status: "succeeded" });
  });

  test("X1 cancels a run, and the adapter sees it", async () => {
    const agent = await newAgent("Held", { lines: 1, hold: true });
    const { id } = await api.heartbeat(agent.id);
    await waitFor(async () => logText(await api.log(id), "stdout").includes("line 1"), {
      what: "the first line",
    });
    const { status } = await api.cancel(id);
    expect(status).toBe(200);
    expect(await api.endedRun(id)).toMatchObject({ status: "cancelled" });
    const sees = async () => logText(await api.log(id), "stdout").includes("cancelled true");
    await waitFor(sees, { what: "the adapter to see the cancel", withinMs: 20_000 });
  });

  test("keeps its data over a stop and a start, and leaves no process between them", async () => {
    await server.stop();
    expect(await processesOfFolder(join(folder, "server"))).toEqual([]);
    server = await start();
    api = paperclipApi(server.url);
    const adapters = await api.request<{ type: string; loaded: boolean }[]>({ path: "/adapters" });
    expect(adapters).toContainEqual(expect.objectContaining({ type: THROWAWAY_TYPE, loaded: true }));
  });

  test("leaves no process after a crash either, though Postgres outlives it", async () => {
    await server.kill();
    expect((await processesOfFolder(server.home)).map(({ commandLine }) => commandLine)).toContainEqual(
      expect.stringContaining("postgres"),
    );
    await server.stop();
    expect(await processesOfFolder(join(folder, "server"))).toEqual([]);
    server = await start();
    api = paperclipApi(server.url);
  });

  test("says why a server did not start, and leaves nothing of it", async () => {
    const own = join(folder, "refused");
    const extraEnvironment = { HOST: "0.0.0.0" };
    const starting = startServer({ modules, version, user, folder: own, env: process.env, extraEnvironment });
    await expect(starting).rejects.toMatchObject({
      code: "server_not_ready",
      message: expect.stringContaining("local_trusted"),
    });
    expect(await processesOfFolder(own)).toEqual([]);
  });

  test("installs an adapter from its tarball, by the host's own npm", async () => {
    const fresh = { kind: "tarball", packageName: packed.packageName, file: packed.tarball } as const;
    await api.request({ method: "DELETE", path: `/adapters/${THROWAWAY_TYPE}` });
    expect(await api.installAdapter(fresh)).toMatchObject({ type: THROWAWAY_TYPE, version: "1.2.3" });
  });
});
