import {
  createJobSupervisor,
  type JobSupervisor,
  type SupervisorOptions,
} from "@paperclip-k8s/job-supervisor";
import { createToldLimits, type ToldLimits } from "../quota/told-limits.ts";
import { createLeaseKeeper, type LeaseKeeper } from "../run-files/lease-keeper.ts";
import { createRecordObserver, type RecordObserver } from "../run-files/record-observer.ts";
import { VERSION } from "../version.ts";
import { type Connection, connect } from "./connection.ts";
import type { Host } from "./host.ts";

/** What all runs of a process share, also those of two adapters: connections, watches, the looks into run directories. */
export interface Core {
  /** The connection that this kubeconfig (undefined: the default one) leads to. */
  connection(host: Host, kubeconfig: string | undefined): Promise<Connection>;
  /** The supervisor under this key; made by the first that asks. */
  supervisor(key: string, options: () => SupervisorOptions): JobSupervisor;
  recordObserver(host: Host): RecordObserver;
  leaseKeeper(host: Host): LeaseKeeper;
  readonly toldLimits: ToldLimits;
  /** Marks a run as going on until the returned function is called: a core with runs is not closed. */
  enter(): () => void;
  /** The adapter types that use this core. */
  readonly users: Set<string>;
  /** Stops all watches once no run goes on. */
  closeWhenIdle(): void;
}

/** Two adapters that each bundle the core find each other here. */
const CORE = Symbol.for(`@paperclip-k8s/core@${VERSION}`);
/** Which core each adapter type uses, whatever its version. */
const OWNERS = Symbol.for("@paperclip-k8s/core-owners");

type Shared = { [CORE]?: Core; [OWNERS]?: Map<string, Core> };

/** The core of this version in this process. Makes no connection. */
export function sharedCore(): Core {
  const shared = globalThis as Shared;
  shared[CORE] ??= createCore();
  return shared[CORE];
}

/**
 * Notes that an adapter type uses this version's core from now on. After a reload with another version the
 * former core closes when its last user has gone and its last run has ended.
 */
export function useCore(type: string): Core {
  const shared = globalThis as Shared;
  const core = sharedCore();
  shared[OWNERS] ??= new Map();
  const former = shared[OWNERS].get(type);
  shared[OWNERS].set(type, core);
  core.users.add(type);
  if (former && former !== core) {
    former.users.delete(type);
    if (former.users.size === 0) former.closeWhenIdle();
  }
  return core;
}

function createCore(): Core {
  const connections = new Map<string, Promise<Connection>>();
  const supervisors = new Map<string, JobSupervisor>();
  const users = new Set<string>();
  let observer: RecordObserver | null = null;
  let leases: LeaseKeeper | null = null;
  let runs = 0;
  let closing = false;

  function closeIfIdle(): void {
    if (!closing || runs > 0) return;
    closing = false;
    // An adapter that was reloaded may have come back to this version meanwhile.
    if (users.size > 0) return;
    for (const supervisor of supervisors.values()) supervisor.close();
    supervisors.clear();
    connections.clear();
  }

  return {
    toldLimits: createToldLimits(),
    users,
    connection: (host, kubeconfig) => {
      const key = kubeconfig ?? "";
      const known = connections.get(key);
      if (known) return known;
      const opened = connect(host, kubeconfig);
      connections.set(key, opened);
      // A kubeconfig that is mended must be read again.
      opened.catch(() => connections.delete(key));
      return opened;
    },
    supervisor: (key, options) => {
      const known = supervisors.get(key);
      if (known) return known;
      const made = createJobSupervisor(options());
      supervisors.set(key, made);
      return made;
    },
    recordObserver: (host) => {
      observer ??= createRecordObserver({ clock: host.clock });
      return observer;
    },
    leaseKeeper: (host) => {
      leases ??= createLeaseKeeper({ clock: host.clock });
      return leases;
    },
    enter: () => {
      runs += 1;
      return () => {
        runs -= 1;
        closeIfIdle();
      };
    },
    closeWhenIdle: () => {
      closing = true;
      closeIfIdle();
    },
  };
}
