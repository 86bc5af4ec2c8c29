// Two worlds for one table of faults: a server at the transport's port, and the real client against kube-sandbox.
import { KubeConfig } from "@kubernetes/client-node";
import { startKubeSandbox } from "@paperclip-k8s/kube-sandbox";
import { createKubeTransport, type KubeTransport, type Reflector, startReflector } from "../../src/index.ts";
import { type FakeClock, fakeClock } from "../support/fake-clock.ts";
import { createCollection } from "./collection.ts";

/** A fault, by what goes wrong and not by how it is made. */
export type Trouble =
  | { readonly kind: "clean_end" | "half_open" | "cut_in_a_line" | "duplicated" | "reordered" | "lost" }
  | { readonly kind: "gone_in_stream" | "gone_in_list" | "compacted" | "stale_list" | "expired_credentials" }
  | { readonly kind: "throttled"; readonly retryAfterSec: number }
  | { readonly kind: "server_errors" | "outage" };

export interface Rig extends AsyncDisposable {
  readonly clock: FakeClock;
  readonly reflector: Reflector<{ metadata?: { name?: string; uid?: string; resourceVersion?: string } }>;
  /** Begins a fault; the function ends it. */
  begin(trouble: Trouble): Promise<() => Promise<void>>;
  create(name: string): Promise<void>;
  modify(name: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** "uid@version" of each object, in order. */
  server(): Promise<string[]>;
  store(): string[];
  requests(): { readonly lists: number; readonly watches: number };
}

const stateOf = (objects: Iterable<{ metadata?: { uid?: string; resourceVersion?: string } }>) =>
  [...objects].map(({ metadata }) => `${metadata?.uid}@${metadata?.resourceVersion}`).sort();

const START = Date.parse("2026-11-21T08:00:00Z");

/** Exhaustive and quick: no socket, no HTTP. */
export async function portRig(): Promise<Rig> {
  const clock = fakeClock(START);
  const collection = createCollection(clock);
  const reflector = startReflector({
    transport: collection.transport,
    path: "/api/v1/namespaces/x/configmaps",
    ...{ labelSelector: "", clock, random: () => 0.5 },
  });
  return {
    ...{ clock, reflector },
    begin: async (trouble) => collection.begin(trouble),
    create: async (name) => collection.create(name),
    modify: async (name) => collection.modify(name),
    remove: async (name) => collection.remove(name),
    server: async () => stateOf(collection.items()),
    store: () => stateOf(reflector.store.values()),
    requests: collection.requests,
    [Symbol.asyncDispose]: async () => reflector.close(),
  };
}

const CONFIG_MAPS = { resource: "configmaps" } as const;

/** The real client's connections, authentication and streams. */
export async function sandboxRig(): Promise<Rig> {
  const clock = fakeClock(START);
  const sandbox = await startKubeSandbox({
    namespaces: ["x"],
    clock: { now: clock.now, setTimeout: clock.schedule },
  });
  const transport = (userAgent = "test") => {
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromString(sandbox.kubeconfig);
    return createKubeTransport({ kubeConfig, userAgent });
  };
  const path = "/api/v1/namespaces/x/configmaps";
  // The credentials of a pod: a file that is read again, here with each request.
  const refreshing: KubeTransport = {
    json: (request) => transport("reflector").json(request),
    stream: (request) => transport("reflector").stream(request),
  };
  const reflector: Rig["reflector"] = startReflector({
    ...{ transport: refreshing, path, labelSelector: "", clock, random: () => 0.5 },
  });
  const write = (method: "POST" | "PATCH" | "DELETE", name: string, body?: object) =>
    transport().json({
      method,
      path: `${path}${method === "POST" ? "" : `/${name}`}`,
      body,
      contentType: method === "PATCH" ? "application/merge-patch+json" : undefined,
    });
  let serial = 0;
  const own = () =>
    sandbox.requests.filter(
      ({ userAgent, resource }) => userAgent === "reflector" && resource === "configmaps",
    );
  return {
    ...{ clock, reflector },
    begin: (trouble) => beginInSandbox(sandbox, trouble),
    create: async (name) => void (await write("POST", name, { metadata: { name } })),
    modify: async (name) => {
      serial += 1;
      await write("PATCH", name, { data: { serial: String(serial) } });
    },
    remove: async (name) => void (await write("DELETE", name)),
    server: async () => {
      const list = await transport().json<{
        items: { metadata: { uid: string; resourceVersion: string } }[];
      }>({ method: "GET", path });
      return stateOf(list.items);
    },
    store: () => stateOf(reflector.store.values()),
    requests: () => ({
      lists: own().filter((one) => one.verb === "list").length,
      watches: own().filter((one) => one.verb === "watch").length,
    }),
    [Symbol.asyncDispose]: async () => {
      reflector.close();
      await sandbox.close();
    },
  };
}

async function beginInSandbox(
  sandbox: Awaited<ReturnType<typeof startKubeSandbox>>,
  trouble: Trouble,
): Promise<() => Promise<void>> {
  const { faults } = sandbox;
  const watch = { ...CONFIG_MAPS, verb: "watch" };
  const inject = (match: object, fault: Parameters<typeof faults.inject>[0]["fault"], times?: number) => {
    const injected = faults.inject({ match, fault, ...(times === undefined ? {} : { times }) });
    return async () => injected.remove();
  };
  /** The next watch has the fault: the present one makes room for it. */
  const withNextWatch = (end: () => Promise<void>) => {
    faults.dropWatches("configmaps");
    return end;
  };
  switch (trouble.kind) {
    case "clean_end":
      return withNextWatch(inject(watch, { kind: "end_stream", afterEvents: 1 }, 2));
    case "half_open":
      return withNextWatch(inject(watch, { kind: "half_open" }, 1));
    case "cut_in_a_line":
      return withNextWatch(inject(watch, { kind: "truncate", afterEvents: 1 }, 2));
    case "duplicated":
      return withNextWatch(inject(watch, { kind: "duplicate_events" }));
    case "reordered":
      return withNextWatch(inject(watch, { kind: "reorder_events" }, 1));
    case "lost":
      return withNextWatch(inject(watch, { kind: "lose_events", afterEvents: 0, count: 3 }, 1));
    case "gone_in_stream":
      return withNextWatch(inject(watch, { kind: "stream_error", code: 410, afterEvents: 1 }, 1));
    case "gone_in_list":
      faults.expireHistory();
      return inject({ ...CONFIG_MAPS, verb: "list" }, { kind: "status", code: 410 }, 2);
    case "compacted":
      faults.expireHistory();
      return async () => {};
    case "stale_list": {
      const end = inject(
        {
          ...CONFIG_MAPS,
          verb: "list",
          where: ({ userAgent }: { userAgent: string }) => userAgent === "reflector",
        },
        { kind: "stale_list" },
        1,
      );
      return end;
    }
    case "expired_credentials":
      faults.expireToken();
      faults.dropWatches("configmaps");
      return async () => void sandbox.rotateToken();
    case "throttled":
      return withNextWatch(
        inject(watch, { kind: "status", code: 429, retryAfterSec: trouble.retryAfterSec }, 1),
      );
    case "server_errors":
      return withNextWatch(inject(CONFIG_MAPS, { kind: "status", code: 500 }));
    case "outage": {
      const outage = await faults.outage();
      return async () => {
        await outage.end();
        faults.expireHistory();
      };
    }
  }
}
