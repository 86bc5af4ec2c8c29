import { randomBytes } from "node:crypto";
import { chmod, chown, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type ClusterClients, clusterClients, deleted, refusalStatus } from "../cluster/clients.ts";
import type { PresentCluster } from "../cluster/cluster.ts";
import { E2eError } from "../e2e-error.ts";
import { waitFor } from "../wait-for.ts";
import { type HostUser, hostUser } from "./host-user.ts";
import { createServiceAccount } from "./service-account.ts";
import { createSharedClaim } from "./shared-claim.ts";
import { findSharedFolder } from "./shared-folder.ts";

/** A namespace of its own for one test file, with all that an adapter needs in it. */
export interface TestNamespace extends AsyncDisposable {
  readonly name: string;
  /** As a user who may do everything: for the test, not for what is tested. */
  readonly clients: ClusterClients;
  /** Kubeconfig of the service account with exactly the adapter's rights. */
  readonly kubeconfig: string;
  /** The user name of that account, as the audit log has it. */
  readonly userName: string;
  readonly serviceAccountName: string;
  readonly claim: string;
  /** The claim's folder as this machine sees it; the host user's, mode 0770. */
  readonly volumeFolder: string;
  readonly user: HostUser;
  /** As disposal, without the wait: for a namespace in which nothing is left. */
  discard(): Promise<void>;
}

/** What a namespace is made in. */
export interface OpenNamespaceOptions {
  readonly cluster: PresentCluster;
  readonly env: NodeJS.ProcessEnv;
}

const ACCOUNT = "paperclip-host";
const CLAIM = "paperclip";
const REMOVAL_BOUND_MS = 180_000;

/**
 * Makes a namespace that enforces the restricted Pod Security level, with claim, service account and kubeconfig.
 *
 * Disposal removes all of it and waits until the last pod is gone. Throws `E2eError` `folder_not_reachable` where
 * this machine and the nodes share no folder.
 */
export async function openNamespace(options: OpenNamespaceOptions): Promise<TestNamespace> {
  const clients = clusterClients(options.cluster.kubeconfig);
  const shared = await findSharedFolder(options.cluster, clients, options.env);
  if (shared.kind === "none") throw new E2eError("folder_not_reachable", shared.reason);
  const user = hostUser();
  const folder = await mkdtemp(join(shared.here ?? tmpdir(), "paperclip-k8s-e2e-"));
  const name = `paperclip-e2e-${randomBytes(4).toString("hex")}`;
  const kubeconfig = join(folder, "kubeconfig");
  const volumeFolder = join(folder, "volume");
  const nodeFolder =
    shared.onNodes === undefined ? volumeFolder : join(shared.onNodes, basename(folder), "volume");
  try {
    await makeVolumeFolder(folder, volumeFolder, user);
    await clients.core.createNamespace({ body: { metadata: { name, labels: RESTRICTED } } });
    const owner = user.mustSwitch ? user : undefined;
    await createServiceAccount({
      clients,
      namespace: name,
      name: ACCOUNT,
      kubeconfigFile: kubeconfig,
      owner,
    });
    await createSharedClaim({ clients, namespace: name, claim: CLAIM, nodeFolder });
  } catch (error) {
    await removeNamespace(clients, name, folder);
    throw error;
  }
  return {
    name,
    clients,
    kubeconfig,
    userName: `system:serviceaccount:${name}:${ACCOUNT}`,
    serviceAccountName: ACCOUNT,
    claim: CLAIM,
    volumeFolder,
    user,
    discard: () => discardNamespace(clients, name, folder),
    [Symbol.asyncDispose]: () => removeNamespace(clients, name, folder),
  };
}

const RESTRICTED = {
  "pod-security.kubernetes.io/enforce": "restricted",
  "paperclip-k8s/e2e": "true",
};

async function makeVolumeFolder(folder: string, volumeFolder: string, user: HostUser): Promise<void> {
  // Passable but not listable: the host user must get to the files below.
  await chmod(folder, 0o711);
  await mkdir(volumeFolder);
  if (user.mustSwitch) await chown(volumeFolder, user.uid, user.gid);
  await chmod(volumeFolder, 0o770);
}

async function removeNamespace(clients: ClusterClients, name: string, folder: string): Promise<void> {
  await deleted(clients.core.deleteNamespace({ name }));
  const isGone = async () => {
    try {
      await clients.core.readNamespace({ name });
      return false;
    } catch (error) {
      if (refusalStatus(error) === 404) return true;
      throw error;
    }
  };
  await waitFor(isGone, {
    what: `namespace ${name} to be removed`,
    withinMs: REMOVAL_BOUND_MS,
    everyMs: 500,
  });
  await discardNamespace(clients, name, folder);
}

/** What is asked for in any case; the volume goes with the claim, and the claim with the namespace. */
async function discardNamespace(clients: ClusterClients, name: string, folder: string): Promise<void> {
  await deleted(clients.core.deleteNamespace({ name }));
  await deleted(clients.core.deletePersistentVolume({ name: `${name}-${CLAIM}` }));
  await rm(folder, { recursive: true, force: true });
}
