import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";

/** An answer as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a contract reads is any JSON
  readonly json: any;
}

/** One line of a watch. */
export interface WatchLine {
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a contract reads is any JSON
  readonly object: any;
}

export type Send = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>;

/** The cluster that a contract is held against: the sandbox, or a real one. */
export interface ContractCluster {
  readonly config: KubeConfig;
  readonly namespace: string;
  /** An image with a busybox shell. */
  readonly image: string;
  readonly send: Send;
  /** The same, as a user who may do nothing. */
  readonly sendDenied: Send;
  /** The same, with a token that nobody gave out. */
  readonly sendUnknown: Send;
  /** Reads a watch until `enough` says so, or it ends; fails after `timeoutMs`. */
  watch(
    path: string,
    enough: (lines: readonly WatchLine[]) => boolean,
    timeoutMs?: number,
  ): Promise<WatchLine[]>;
}

/** One promise of the API, and how to see that it is kept. */
export interface ContractCase {
  readonly title: string;
  run(cluster: ContractCluster): Promise<void>;
}

async function open(
  config: KubeConfig,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string,
) {
  const url = new URL(config.getCurrentCluster()!.server + path);
  const options: RequestOptions = { method, headers: { ...headers } };
  if (headers["authorization"] === undefined) await config.applyToHTTPSOptions(options);
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  // The client's own agent belongs to its own protocol checks; these are single requests.
  delete (options as { agent?: unknown }).agent;
  if (url.protocol === "https:") options.rejectUnauthorized = false;
  const request = send(url, options);
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    request.once("response", resolve);
    request.once("error", reject);
  });
  request.end(body);
  return { request, response: await response };
}

const sender =
  (config: KubeConfig, more: Record<string, string> = {}): Send =>
  async (method, path, body, headers = {}) => {
    const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    const type: Record<string, string> =
      text === undefined
        ? {}
        : { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) };
    const { response } = await open(config, method, path, { ...type, ...headers, ...more }, text);
    let received = "";
    for await (const chunk of response) received += chunk;
    const isJson = response.headers["content-type"]?.includes("json") === true && !path.includes("watch=");
    const json = isJson && received !== "" ? JSON.parse(received) : undefined;
    return { status: response.statusCode ?? 0, headers: response.headers, text: received, json };
  };

function clusterOf(config: KubeConfig, namespace: string, image: string, sendDenied: Send): ContractCluster {
  return {
    config,
    namespace,
    image,
    send: sender(config),
    sendDenied,
    sendUnknown: sender(config, { authorization: "Bearer nobody-gave-this-out" }),
    async watch(path, enough, timeoutMs = 60_000) {
      const { request, response } = await open(config, "GET", path, {});
      return await readLines(response, enough, timeoutMs).finally(() => request.destroy());
    },
  };
}

/** A sandbox; `forbidding` is one that denies everything. */
export function sandboxCluster(
  config: KubeConfig,
  namespace: string,
  image: string,
  forbidding = config,
): ContractCluster {
  return clusterOf(config, namespace, image, sender(forbidding));
}

/** A real cluster, whose user may impersonate others. */
export function realCluster(config: KubeConfig, namespace: string, image: string): ContractCluster {
  return clusterOf(config, namespace, image, sender(config, { "impersonate-user": "nobody" }));
}

function readLines(
  response: IncomingMessage,
  enough: (lines: readonly WatchLine[]) => boolean,
  timeoutMs: number,
): Promise<WatchLine[]> {
  const lines: WatchLine[] = [];
  let rest = "";
  return new Promise((resolve, reject) => {
    const fail = () => {
      const { type, object } = lines.at(-1) ?? { type: "nothing", object: {} };
      const end = JSON.stringify([object?.metadata?.name, object?.status ?? object]);
      reject(new Error(`the watch did not get there; the last that it saw: ${type} ${end}`));
    };
    const timer = setTimeout(fail, timeoutMs);
    const done = (): void => {
      clearTimeout(timer);
      // What comes before the connection is closed was not asked for.
      resolve([...lines]);
    };
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => {
      const whole = (rest + chunk).split("\n");
      rest = whole.pop() ?? "";
      for (const line of whole.filter((one) => one.trim() !== "")) {
        lines.push(JSON.parse(line) as WatchLine);
        if (enough(lines)) return done();
      }
    });
    response.on("error", done);
    response.on("close", done);
  });
}
