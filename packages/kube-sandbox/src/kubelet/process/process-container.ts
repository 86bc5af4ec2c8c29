import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { ControllerContext } from "../../controllers/context.ts";
import type { Container, Pod } from "../../resources/objects.ts";
import type { ContainerLog } from "../container-log.ts";
import type { PodReporter } from "../pod-reporter.ts";
import { type ContainerProcess, type ProcessSpec, startContainerProcess } from "./container-process.ts";
import { ConfigProblem, resolveEnvironment, type ValueSources } from "./environment.ts";
import { expandVariables } from "./expand.ts";
import type { ImagePull } from "./image-pull.ts";
import { containerMark, type EndStrays } from "./stray-processes.ts";

/** What process containers share. */
export interface ProcessHost {
  readonly context: ControllerContext;
  /** How pulling an image goes this time. */
  readonly pullImage: (image: string) => ImagePull;
  /** Put before the usual `PATH`. */
  readonly path: readonly string[];
  readonly asRoot: boolean;
  readonly endStrays: EndStrays;
  /** The sandbox's directory: working directories below it are made. */
  readonly directory: string;
}

/** Resolves after `ms`, or when what a container waits for may have changed, or when it is stopped. */
export type Retry = (ms: number) => Promise<void>;

const usualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

function identityOf(
  host: ProcessHost,
  pod: Pod,
  container: Container,
): { uid?: number | undefined; gid?: number | undefined } {
  if (!host.asRoot) return {};
  const own = container.securityContext ?? {};
  const shared = pod.spec.securityContext ?? {};
  const uid = own.runAsUser ?? shared.runAsUser;
  const gid = own.runAsGroup ?? shared.runAsGroup;
  const nonRoot = own.runAsNonRoot ?? shared.runAsNonRoot;
  if (nonRoot === true && (uid ?? 0) === 0) {
    const { name, namespace, uid: podUid } = pod.metadata;
    const why = uid === undefined ? "image will run as root" : "container's runAsUser breaks non-root policy";
    const detail = `(pod: "${name}_${namespace}(${podUid})", container: ${container.name})`;
    throw new ConfigProblem(
      uid === undefined ? `container has runAsNonRoot and ${why} ${detail}` : `${why} ${detail}`,
    );
  }
  // A user without a group runs in group 0, as in a container whose image knows no such user.
  return uid === undefined && gid === undefined ? {} : { uid, gid: gid ?? 0 };
}

/** Everything that the kubelet works out before it starts a container. Throws ConfigProblem. */
export function processSpec(
  host: ProcessHost,
  pod: Pod,
  container: Container,
  home: string,
  sources: ValueSources,
): ProcessSpec {
  const values = resolveEnvironment(pod, container, sources);
  const identity = identityOf(host, pod, container);
  const staysRoot = host.asRoot && (identity.uid ?? 0) === 0;
  const expand = (text: string): string => expandVariables(text, (name) => values.get(name));
  const mark = `${pod.metadata.uid}/${container.name}`;
  const command = [...(container.command ?? []), ...(container.args ?? [])].map(expand);
  return {
    command: command as [string, ...string[]],
    env: {
      PATH: [...host.path, usualPath].join(":"),
      HOSTNAME: pod.metadata.name,
      HOME: home,
      ...(staysRoot ? { IS_SANDBOX: "1" } : {}),
      ...Object.fromEntries(values),
      [containerMark]: mark,
    },
    mark,
    cwd: container.workingDir ?? home,
    ...identity,
  };
}

function startError(container: Container, error: unknown): string {
  const program = container.command?.[0] ?? "";
  const code = (error as NodeJS.ErrnoException).code;
  const why = code === "ENOENT" ? "no such file or directory" : (code ?? (error as Error).message);
  return `failed to start container process: exec: "${program}": stat ${program}: ${why}: unknown`;
}

/** One container from waiting to its process; the caller waits for the end. */
export interface StartContainer {
  readonly host: ProcessHost;
  readonly reporter: PodReporter;
  readonly container: Container;
  readonly init: boolean;
  readonly podFolder: string;
  readonly sources: ValueSources;
  readonly log: ContainerLog;
  readonly retry: Retry;
  readonly stopped: () => boolean;
}

/** Waits until all that a container needs is there. Undefined if it was stopped before. */
async function untilConfigured(start: StartContainer): Promise<ProcessSpec | undefined> {
  const { host, reporter, container, init, sources } = start;
  while (!start.stopped()) {
    const pod = reporter.current();
    if (pod === undefined) return undefined;
    try {
      return processSpec(host, pod, container, join(start.podFolder, "home"), sources);
    } catch (error) {
      if (!(error instanceof ConfigProblem)) throw error;
      reporter.container(container.name, {
        waiting: { reason: "CreateContainerConfigError", message: error.message },
      });
      reporter.event("Failed", `Error: ${error.message}`, {
        type: "Warning",
        container: container.name,
        init,
      });
      await start.retry(host.context.delays.retryMs);
    }
  }
  return undefined;
}

async function untilPulled({
  host,
  reporter,
  container,
  init,
  retry,
  stopped,
}: StartContainer): Promise<void> {
  const image = container.image ?? "";
  const where = { container: container.name, init };
  for (let tries = 0; !stopped(); tries += 1) {
    const pull = host.pullImage(image);
    if (pull.waitMs > 0) {
      reporter.event("Pulling", `Pulling image "${image}"`, where);
      await retry(pull.waitMs);
    }
    if (pull.error === undefined) {
      const seconds = `${pull.waitMs / 1000}s`;
      const pulled = `Successfully pulled image "${image}" in ${seconds} (${seconds} including waiting). Image size: 0 bytes.`;
      const present = `Container image "${image}" already present on machine`;
      return reporter.event("Pulled", pull.waitMs > 0 ? pulled : present, where);
    }
    reporter.event("Failed", `Failed to pull image "${image}": ${pull.error}`, { ...where, type: "Warning" });
    reporter.event("Failed", "Error: ErrImagePull", { ...where, type: "Warning" });
    reporter.container(container.name, { waiting: { reason: "ErrImagePull", message: pull.error } });
    await retry(host.context.delays.retryMs);
    if (stopped()) return;
    const message = `Back-off pulling image "${image}": ErrImagePull: ${pull.error}`;
    reporter.event("BackOff", `Back-off pulling image "${image}"`, where);
    reporter.container(container.name, { waiting: { reason: "ImagePullBackOff", message } });
    await retry(host.context.delays.retryMs * 2 ** Math.min(tries, 5));
  }
}

/** The running process, `failed` if it could not be started, `stopped` if the pod ended before. */
export async function startContainer(
  start: StartContainer,
): Promise<ContainerProcess | "failed" | "stopped"> {
  const { host, reporter, container, init, log } = start;
  await untilPulled(start);
  const spec = await untilConfigured(start);
  if (spec === undefined || start.stopped()) return "stopped";
  const where = { container: container.name, init };
  reporter.event("Created", `Created container: ${container.name}`, where);
  const now = (): string => new Date(host.context.timers.now()).toISOString().replace(/\.\d+Z$/, "Z");
  try {
    if (container.command === undefined) {
      throw new Error("kube-sandbox has no images, so no entrypoint either: the container needs a command");
    }
    if (spec.cwd.startsWith(`${host.directory}/`)) await mkdir(spec.cwd, { recursive: true });
    if (start.stopped()) return "stopped";
    const running = await startContainerProcess(spec, log, host.context.timers, host.endStrays);
    reporter.container(container.name, { running: { startedAt: now() } });
    reporter.event("Started", `Started container ${container.name}`, where);
    return running;
  } catch (error) {
    const message = container.command === undefined ? (error as Error).message : startError(container, error);
    reporter.event("Failed", `Error: ${message}`, { ...where, type: "Warning" });
    log.close();
    reporter.container(container.name, {
      terminated: {
        exitCode: 128,
        reason: "StartError",
        message,
        startedAt: "1970-01-01T00:00:00Z",
        finishedAt: now(),
      },
    });
    return "failed";
  }
}
