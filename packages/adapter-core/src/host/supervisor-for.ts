import type { JobSupervisor } from "@paperclip-k8s/job-supervisor";
import type { CoreConfig } from "../config/core-config.ts";
import { hostRunFiles } from "../run-files/run-files.ts";
import type { Core } from "./core.ts";
import type { Host } from "./host.ts";
import { LABEL_DOMAIN, MANAGED_BY, type Placement } from "./placement.ts";

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
  return core.supervisor(key, () => ({
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
        preparation: { folders: [], prompt: null },
      }),
  }));
}
