import {
  createJobSupervisor,
  type JobSupervisor,
  type SupervisorOptions,
} from "@paperclip-k8s/job-supervisor";
import type { CoreConfig } from "../config/core-config.ts";
import { hostRunFiles } from "../run-files/run-files.ts";
import { sweepRunFiles } from "../run-files/sweep-run-files.ts";
import type { Core } from "./core.ts";
import type { Host } from "./host.ts";
import { hostPresence } from "./host-presence.ts";
import { LABEL_DOMAIN, MANAGED_BY, type Placement } from "./placement.ts";

/** Walking the run directories costs a network file system more than the sweep of Jobs costs the API server. In ms. */
const SWEEP_FILES_EVERY_MS = 3_600_000;

/** What a supervisor is made for. */
export interface SupervisorSetting {
  readonly core: Core;
  readonly host: Host;
  readonly placement: Placement;
  readonly config: CoreConfig;
}

/** The supervisor of a placement: one for each cluster, namespace, instance and view of its volume. */
export function supervisorFor(setting: SupervisorSetting): JobSupervisor {
  const { core, placement, config } = setting;
  const { connection, namespace, naming } = placement;
  const volume = config.volumeHostPath;
  const key = [connection.server, config.kubeconfig ?? "", namespace, naming.instanceId, volume].join("\n");
  return core.supervisor(key, () => ({ ...supervisorOptions(setting), sweepFiles: fileSweep(setting) }));
}

/**
 * A supervisor for one run that nobody waits for again, as another host beside the process's own would be. Whoever
 * makes it closes it: its watches end with it.
 */
export function passingSupervisor(setting: SupervisorSetting): JobSupervisor {
  return createJobSupervisor(supervisorOptions(setting));
}

function fileSweep({ host, config }: SupervisorSetting): NonNullable<SupervisorOptions["sweepFiles"]> {
  let filesSweptAt = Number.NEGATIVE_INFINITY;
  return async (known) => {
    const now = host.clock.now();
    if (now - filesSweptAt < SWEEP_FILES_EVERY_MS) return;
    filesSweptAt = now;
    await sweepRunFiles({ volume: config.volumeHostPath, instance: config.instance, known, now });
  };
}

function supervisorOptions({ core, host, placement, config }: SupervisorSetting): SupervisorOptions {
  const { connection, namespace, naming, owner } = placement;
  const volume = config.volumeHostPath;
  return {
    presence: hostPresence({ volume, instance: config.instance, owner, clock: host.clock }),
    transport: connection.transport,
    namespace,
    labelDomain: LABEL_DOMAIN,
    managedBy: MANAGED_BY,
    instanceId: naming.instanceId,
    clock: host.clock,
    random: host.random,
    filesOf: (run) =>
      hostRunFiles({
        volume,
        run,
        owner,
        observer: core.recordObserver(host),
        leases: core.leaseKeeper(host),
        clock: host.clock,
        preparation: { folders: [], skills: null, prompt: null, lease: false },
      }),
  };
}
