import type { ServerResponse } from "node:http";
import type { ContainerLog, LogQuery } from "../kubelet/container-log.ts";
import type { Pod } from "../resources/objects.ts";
import { forbidden, invalidValue } from "../resources/validate/field-errors.ts";
import { ApiRefusal, badRequest, type FieldError } from "./api-status.ts";
import { isTrue } from "./route.ts";

function containerOf(pod: Pod, asked: string | null): string {
  const { containers, initContainers = [] } = pod.spec;
  const all = [...initContainers, ...containers].map((container) => container.name);
  if (asked !== null && asked !== "") {
    if (all.includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${pod.metadata.name}`);
  }
  if (containers.length === 1) return containers[0]!.name;
  const names = containers.map((container) => container.name).join(" ");
  throw badRequest(
    `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${names}]`,
  );
}

const pullTroubles: Record<string, string> = {
  ErrImagePull: "image can't be pulled",
  ImagePullBackOff: "trying and failing to pull image",
};

function checkStarted(pod: Pod, container: string): void {
  const statuses = [...(pod.status.containerStatuses ?? []), ...(pod.status.initContainerStatuses ?? [])];
  const waiting = statuses.find((status) => status.name === container)?.state.waiting;
  if (waiting === undefined) return;
  const { reason = "ContainerCreating" } = waiting;
  const why = pullTroubles[reason] ?? reason;
  throw badRequest(`container "${container}" in pod "${pod.metadata.name}" is waiting to start: ${why}`);
}

/** What a client wants of a log; throws 400 and 422. */
function logQuery(pod: Pod, query: URLSearchParams, now: number): LogQuery {
  const { name } = pod.metadata;
  const errors: FieldError[] = [];
  const number = (field: string, least: number): number | undefined => {
    const text = query.get(field);
    if (text === null || text === "") return undefined;
    if (!/^[+-]?\d+$/.test(text))
      throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
    const why = least === 0 ? "must be greater than or equal to 0" : "must be greater than 0";
    if (Number(text) < least) errors.push(invalidValue(field, Number(text), why));
    return Number(text);
  };
  const tailLines = number("tailLines", 0);
  const limitBytes = number("limitBytes", 1);
  const seconds = number("sinceSeconds", 1);
  const time = query.get("sinceTime") ?? "";
  const from = time === "" ? undefined : Date.parse(time);
  if (Number.isNaN(from))
    throw badRequest(`parsing time "${time}" as "2006-01-02T15:04:05Z07:00": cannot parse`);
  if (seconds !== undefined && from !== undefined) {
    const why = "at most one of `sinceTime` or `sinceSeconds` may be specified";
    errors.push(forbidden("", why));
  }
  if (errors.length > 0) throw invalidLogOptions(name, errors);
  return {
    timestamps: isTrue(query.get("timestamps")),
    tailLines,
    limitBytes,
    since: seconds === undefined ? from : now - seconds * 1000,
    follow: isTrue(query.get("follow")),
  };
}

function invalidLogOptions(name: string, errors: readonly FieldError[]): ApiRefusal {
  const lines = errors.map(({ field, message }) => `${field}: ${message}`);
  const list = lines.length === 1 ? lines[0] : `[${lines.join(", ")}]`;
  const message = `PodLogOptions "${name}" is invalid: ${list}`;
  return new ApiRefusal(422, "Invalid", message, { name, kind: "PodLogOptions", causes: errors });
}

/** Answers `pods/log`: what there is, and with `follow` what comes, until the container ends. */
export function serveLog(
  response: ServerResponse,
  pod: Pod,
  query: URLSearchParams,
  now: number,
  logOf: (uid: string, container: string) => ContainerLog | undefined,
): void {
  const wanted = logQuery(pod, query, now);
  const container = containerOf(pod, query.get("container"));
  if (pod.spec.nodeName === undefined) {
    response.writeHead(204).end();
    return;
  }
  if (isTrue(query.get("previous"))) {
    const { name } = pod.metadata;
    throw badRequest(`previous terminated container "${container}" in pod "${name}" not found`);
  }
  checkStarted(pod, container);
  const log = logOf(pod.metadata.uid, container);
  if (log === undefined) throw badRequest(`the log of container "${container}" is not kept any more`);
  if (!response.headersSent) response.setHeader("content-type", "text/plain");
  const stop = log.read(wanted, {
    write: (chunk) => void response.write(chunk),
    end: () => void response.end(),
  });
  response.once("close", stop);
}
