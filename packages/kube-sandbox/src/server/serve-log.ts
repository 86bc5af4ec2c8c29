import type { ServerResponse } from "node:http";
import type { ContainerLog } from "../kubelet/container-log.ts";
import type { Pod } from "../resources/objects.ts";
import { badRequest } from "./api-status.ts";
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

/** Answers `pods/log`: what there is, and with `follow` what comes, until the container ends. */
export function serveLog(
  response: ServerResponse,
  pod: Pod,
  query: URLSearchParams,
  now: number,
  logOf: (uid: string, container: string) => ContainerLog | undefined,
): void {
  const container = containerOf(pod, query.get("container"));
  if (pod.spec.nodeName === undefined) {
    response.writeHead(204).end();
    return;
  }
  checkStarted(pod, container);
  const log = logOf(pod.metadata.uid, container);
  if (log === undefined) throw badRequest(`the log of container "${container}" is not kept any more`);
  const number = (name: string): number | undefined =>
    query.has(name) ? Number(query.get(name)) : undefined;
  const seconds = number("sinceSeconds");
  const sinceTime = query.get("sinceTime");
  const stop = log.read(
    {
      timestamps: isTrue(query.get("timestamps")),
      tailLines: number("tailLines"),
      limitBytes: number("limitBytes"),
      since:
        seconds === undefined
          ? sinceTime === null
            ? undefined
            : Date.parse(sinceTime)
          : now - seconds * 1000,
      follow: isTrue(query.get("follow")),
    },
    {
      write: (chunk) => void response.write(chunk),
      end: () => void response.end(),
    },
  );
  response.once("close", stop);
}
