import {
  ApiException,
  AuthorizationV1Api,
  BatchV1Api,
  CoreV1Api,
  KubeConfig,
  RbacAuthorizationV1Api,
  VersionApi,
} from "@kubernetes/client-node";

/** The API groups that the suite calls, as one user. */
export interface ClusterClients {
  readonly config: KubeConfig;
  readonly core: CoreV1Api;
  readonly batch: BatchV1Api;
  readonly rbac: RbacAuthorizationV1Api;
  readonly authorization: AuthorizationV1Api;
  readonly version: VersionApi;
}

/** Clients for the current context of a kubeconfig file. Reads the file, makes no connection. */
export function clusterClients(kubeconfig: string): ClusterClients {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  return {
    config,
    core: config.makeApiClient(CoreV1Api),
    batch: config.makeApiClient(BatchV1Api),
    rbac: config.makeApiClient(RbacAuthorizationV1Api),
    authorization: config.makeApiClient(AuthorizationV1Api),
    version: config.makeApiClient(VersionApi),
  };
}

/** The HTTP status with which the API server refused a request, or undefined for any other error. */
export function refusalStatus(error: unknown): number | undefined {
  return error instanceof ApiException ? error.code : undefined;
}

/** Awaits a deletion, content if the object was gone already (404). */
export async function deleted(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (refusalStatus(error) !== 404) throw error;
  }
}
