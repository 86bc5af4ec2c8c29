import type { JobSupervisor } from "@paperclip-k8s/job-supervisor";
import type { CoreConfig } from "../config/core-config.ts";
import { hostRunFiles } from "../run-files/run-files.ts";
import { sweepRunFiles } from "../run-files/sweep-run-files.ts";
import type { Core } from "./core.ts";
import type { Host } from "./host.ts";
import { hostPresence } from "./host-presence.ts";
import { LABEL_DOMAIN, MANAGED_BY, type Placement } from "./placement.ts";

/** Walking the run directories costs a network file system more than the sweep of Jobs costs the API server. In ms. */
const SWEEP_FILES_EVERY_MS = 3_600_000;

/** The supervisor of a placement: one for each cluster, namespace, instance and view of its volume. */
export function supervisorFor(options: {
  core: Core;
  host: Host;
  placement: Placement;
  config: CoreConfig;
}): JobSupervisor {
  const { core, host, placement, config } = options;
  const { connection, namespace, naming, owner } = placement;
  const volume = config.volumeHostPath;
  const key = [connection.server, config.kubeconfig ?? "", namespace, naming.instanceId, volume].join("\n");
  let filesSweptAt = Number.NEGATIVE_INFINITY;
  return core.supervisor(key, () => ({
    sweepFiles: async (known) => {
      const now = host.clock.now();
      if (now - filesSweptAt < SWEEP_FILES_EVERY_MS) return;
      filesSweptAt = now;
      await sweepRunFiles({ volume, instance: config.instance, known, now });
    },
    presence: hostPresence({ volume, instance: config.instance, owner, clock: host.clock }),
    transport: connection.transport,
    namespace,
    labelDomain: LABEL_DOMAIN,
    managedBy: MANAGED_BY,
    instanceId: naming.instanceId,
    clock: host.clock,
    random: host.random,
    orphanMaxAgeMs: config.orphanMaxAgeSec * 1000,
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
  }));
}
