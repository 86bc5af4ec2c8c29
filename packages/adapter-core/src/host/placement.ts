import { instanceId, jobName, type RunNaming } from "@paperclip-k8s/job-manifest";
import { isTransient } from "@paperclip-k8s/job-supervisor";
import type { CoreConfig } from "../config/core-config.ts";
import type { FileOwner } from "../run-files/run-folder.ts";
import type { Connection } from "./connection.ts";
import type { Host } from "./host.ts";
import type { SelfPod } from "./self-pod.ts";

/** Where and as what the agents of a config run: the config's word, else the host's own pod's. */
export interface Placement {
  readonly connection: Connection;
  readonly namespace: string;
  readonly image: string;
  readonly imagePullSecrets: readonly string[];
  readonly claimName: string;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: SelfPod["tolerations"];
  readonly dnsConfig: SelfPod["dnsConfig"];
  readonly user: { readonly uid: number; readonly gid: number };
  readonly owner: FileOwner;
  readonly naming: RunNaming;
}

export type PlacementResult =
  | { readonly ok: true; readonly placement: Placement }
  /** Each problem names the field that repairs it. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** The user of agents' pods where the host is root: pods never are. */
const DEFAULT_ID = 1000;

/**
 * Puts config and self pod together; what neither says is named before anything is created.
 *
 * @throws KubeApiError where the API server does not answer
 */
export async function placeRun(options: {
  host: Host;
  connection: Connection;
  config: CoreConfig;
  jobPrefix: string;
}): Promise<PlacementResult> {
  const { host, connection, config, jobPrefix } = options;
  const { self, unread } = await ownPod(connection);
  const namespace = namespaceOf({ config, connection, own: self?.namespace });
  // Claims and secrets of the host's pod mean nothing in another namespace; nodes are the cluster's.
  const near = self?.namespace === namespace ? self : null;
  const image = config.image ?? self?.image ?? null;
  const claimName = config.volumeClaim ?? near?.claimAt(config.volumeHostPath) ?? null;
  const problems = [
    image === null
      ? missing("image", "the image with the agent CLI", whyNot(self, self?.namespace) + unread)
      : null,
    claimName === null
      ? missing(
          "volumeClaim",
          `the claim that the host has at ${config.volumeHostPath}`,
          whyNot(self, namespace) + unread,
        )
      : null,
    near === null ? missingPullSecrets(config, self, namespace) : partOfClaim(config, near),
  ].filter((problem) => problem !== null);
  if (image === null || claimName === null || problems.length > 0) return { ok: false, problems };

  const uid = config.runAsUser ?? (host.uid === 0 ? DEFAULT_ID : host.uid);
  const gid = config.runAsGroup ?? (host.gid === 0 ? DEFAULT_ID : host.gid);
  return {
    ok: true,
    placement: {
      connection,
      namespace,
      image,
      claimName,
      imagePullSecrets: config.imagePullSecrets ?? near?.imagePullSecrets ?? [],
      nodeSelector: config.nodeSelector ?? self?.nodeSelector ?? {},
      tolerations: [...(config.tolerations ?? self?.tolerations ?? [])],
      dnsConfig: self?.dnsConfig,
      user: { uid, gid },
      owner: { uid, gid, give: host.uid === 0 },
      naming: {
        jobPrefix,
        labelDomain: LABEL_DOMAIN,
        managedBy: MANAGED_BY,
        instanceId: instanceId({ volume: `${namespace}/${claimName}`, instance: config.instance }),
      },
    },
  };
}

/** Domain of all labels and annotations. */
export const LABEL_DOMAIN = "paperclip.io";
/** Value of `app.kubernetes.io/managed-by`. */
export const MANAGED_BY = "paperclip";

/** Where runs go: as configured, else where the host's own pod is, else where its kubeconfig leads. */
export function namespaceOf(options: {
  readonly config: Pick<CoreConfig, "namespace">;
  readonly connection: Pick<Connection, "contextNamespace">;
  readonly own: string | undefined;
}): string {
  const { config, connection, own } = options;
  return config.namespace ?? own ?? connection.contextNamespace ?? "default";
}

/** Without the right to read the host's own pod the config has to say all; `unread` tells why it has to. */
async function ownPod(
  connection: Connection,
): Promise<{ readonly self: SelfPod | null; readonly unread: string }> {
  try {
    return { self: await connection.selfPod(), unread: "" };
  } catch (error) {
    // An API server that is away for a moment must not look like a config that lacks something.
    if (isTransient(error)) throw error;
    return { self: null, unread: ` (${error instanceof Error ? error.message : String(error)})` };
  }
}

function missing(field: string, what: string, why: string): string {
  return `${field} is not set, and ${why}: set it to ${what}`;
}

function missingPullSecrets(config: CoreConfig, self: SelfPod | null, namespace: string): string | null {
  if (config.imagePullSecrets !== undefined || !self?.imagePullSecrets.length) return null;
  const theirs = `${self.imagePullSecrets.join(", ")}) are in namespace ${self.namespace}`;
  return `imagePullSecrets is not set, and those of the host's own pod (${theirs}: set it to secrets of ${namespace}, or to []`;
}

/** Pods mount the claim from its root: they would not see what the host sees. */
function partOfClaim(config: CoreConfig, near: SelfPod): string | null {
  const subPath = near.subPathAt(config.volumeHostPath);
  if (subPath === null || config.volumeClaim !== undefined) return null;
  return `the host's own pod mounts only ${subPath} of its claim at ${config.volumeHostPath}: mount the whole claim there, or set volumeClaim to one whose root the host has`;
}

function whyNot(self: SelfPod | null, namespace: string | undefined): string {
  if (self === null) return "the host's own pod cannot be asked for it";
  if (self.namespace === namespace) return "the host's own pod has none";
  return `the host's own pod is in namespace ${self.namespace}, not in ${namespace}`;
}

/** A mount path of the config, with the Job's name where it has the placeholder `{job}`. */
export function mountPathOf(
  path: string,
  naming: RunNaming,
  identity: Parameters<typeof jobName>[1],
): string {
  return path.replaceAll("{job}", jobName(naming, identity));
}
