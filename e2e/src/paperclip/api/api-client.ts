import { waitFor } from "../../wait-for.ts";
import { type ApiAnswer, type ApiRequest, callApi, requestApi } from "./api-request.ts";
import {
  type Agent,
  type Company,
  ENDED_STATES,
  type InstalledAdapter,
  type Issue,
  type Run,
  type RunEvent,
} from "./api-types.ts";
import { type LogLine, readRunLog } from "./run-log.ts";

/** A new agent. */
export interface NewAgent {
  readonly companyId: string;
  readonly name: string;
  readonly adapterType: string;
  readonly adapterConfig: Readonly<Record<string, unknown>>;
}

/** A new issue; assigned to an agent it starts a run in less than a second. */
export interface NewIssue {
  readonly companyId: string;
  readonly title: string;
  readonly description?: string;
  readonly assigneeAgentId: string;
}

/** An adapter as the host may install it. */
export type AdapterSource =
  | { readonly kind: "folder"; readonly folder: string }
  /** The tarball stays where it is: the host's npm reads it. */
  | { readonly kind: "tarball"; readonly packageName: string; readonly file: string }
  | { readonly kind: "registry"; readonly packageName: string; readonly version: string };

/** What scenarios ask of a server, as the board. Each call throws `E2eError` `api_refused` for 400 and above. */
export interface PaperclipApi {
  /** Anything else. */
  request<T>(request: ApiRequest): Promise<T>;
  /** The same with the status, and without throwing for one. */
  call<T>(request: ApiRequest): Promise<ApiAnswer<T>>;
  createCompany(name: string): Promise<Company>;
  installAdapter(source: AdapterSource): Promise<InstalledAdapter>;
  testEnvironment<T>(companyId: string, adapterType: string, adapterConfig: unknown): Promise<T>;
  createAgent(agent: NewAgent): Promise<Agent>;
  agent(agentId: string): Promise<Agent>;
  createIssue(issue: NewIssue): Promise<Issue>;
  issue(issueId: string): Promise<Issue>;
  comment(issueId: string, body: string): Promise<{ readonly id: string }>;
  /** Starts a run without an issue. */
  heartbeat(agentId: string): Promise<Run>;
  /** Newest first, 50 at most. */
  runs(companyId: string, agentId: string): Promise<Run[]>;
  run(runId: string): Promise<Run>;
  /** Waits until the run has ended; default bound 120 000 ms. */
  endedRun(runId: string, withinMs?: number): Promise<Run>;
  log(runId: string, pageBytes?: number): Promise<LogLine[]>;
  events(runId: string): Promise<RunEvent[]>;
  /** 200 with the run, or 409 where the adapter did not acknowledge. */
  cancel(runId: string): Promise<ApiAnswer<Run>>;
}

/** A client of the server at `url`; makes no connection before the first call. */
export function paperclipApi(url: string): PaperclipApi {
  const get = <T>(path: string) => requestApi<T>(url, { path });
  const post = <T>(path: string, body: unknown) => requestApi<T>(url, { method: "POST", path, body });
  const run = (runId: string) => get<Run>(`/heartbeat-runs/${runId}`);
  return {
    request: (request) => requestApi(url, request),
    call: (request) => callApi(url, request),
    createCompany: (name) => post("/companies", { name }),
    installAdapter: (source) =>
      requestApi(url, {
        method: "POST",
        path: "/adapters/install",
        body: installBody(source),
        timeoutMs: 300_000,
      }),
    testEnvironment: (companyId, type, adapterConfig) =>
      post(`/companies/${companyId}/adapters/${type}/test-environment`, { adapterConfig }),
    createAgent: ({ companyId, ...agent }) =>
      post(`/companies/${companyId}/agents`, { role: "engineer", ...agent }),
    agent: (agentId) => get(`/agents/${agentId}`),
    // Without `allowDuplicate` a title that was used before is answered with the old issue, and no run starts.
    createIssue: ({ companyId, ...issue }) =>
      post(`/companies/${companyId}/issues`, {
        status: "todo",
        priority: "medium",
        allowDuplicate: true,
        ...issue,
      }),
    issue: (issueId) => get(`/issues/${issueId}`),
    comment: (issueId, body) => post(`/issues/${issueId}/comments`, { body }),
    heartbeat: (agentId) => post(`/agents/${agentId}/heartbeat/invoke`, {}),
    runs: (companyId, agentId) => get(`/companies/${companyId}/heartbeat-runs?agentId=${agentId}&limit=50`),
    run,
    endedRun: (runId, withinMs = 120_000) =>
      waitFor(async () => ended(await run(runId)), { what: `run ${runId} to end`, withinMs }),
    log: (runId, pageBytes) => readRunLog({ url, runId, ...(pageBytes !== undefined && { pageBytes }) }),
    events: (runId) => get(`/heartbeat-runs/${runId}/events?limit=500`),
    cancel: (runId) => callApi(url, { method: "POST", path: `/heartbeat-runs/${runId}/cancel`, body: {} }),
  };
}

function ended(run: Run): Run | undefined {
  return ENDED_STATES.includes(run.status) ? run : undefined;
}

function installBody(source: AdapterSource): Record<string, unknown> {
  if (source.kind === "folder") return { packageName: source.folder, isLocalPath: true };
  if (source.kind === "tarball") return { packageName: source.packageName, version: `file:${source.file}` };
  return { packageName: source.packageName, version: source.version };
}
