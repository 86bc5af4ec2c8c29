export {
  type PackAdapterOptions,
  type PackedAdapter,
  packAdapter,
} from "./adapter-package/pack-adapter.ts";
export { type UnpackAdapterOptions, unpackAdapter } from "./adapter-package/unpack-adapter.ts";
export { type AuditEntry, type AuditFilter, matchesFilter, resourceOf } from "./audit/audit-entry.ts";
export { type AuditWindow, auditLogOf, openAuditWindow } from "./audit/audit-window.ts";
export { countRequests, type RequestCounts } from "./audit/count-requests.ts";
export { auditPosition, type ReadAuditOptions, readAudit } from "./audit/read-audit.ts";
export { type AgentImageOptions, ensureAgentImage } from "./cluster/agent-image.ts";
export { type ClusterChoice, chooseCluster } from "./cluster/choose-cluster.ts";
export { type ClusterClients, clusterClients, deleted, refusalStatus } from "./cluster/clients.ts";
export type { Cluster, PresentCluster } from "./cluster/cluster.ts";
export { isImageLoaded, type LoadImageOptions, loadImage } from "./cluster/load-image.ts";
export {
  findPlace,
  nodeAddresses,
  type PlaceOfThisMachine,
  type PlaceOptions,
  placeOfThisMachine,
  podReachableAddress,
} from "./cluster/pod-reachable-address.ts";
export { obtainCluster, releaseCluster } from "./cluster/start-cluster.ts";
export { E2eError, type E2eErrorCode } from "./e2e-error.ts";
export { ADAPTER_RIGHTS } from "./namespace/adapter-rights.ts";
export { type HostUser, hostUser } from "./namespace/host-user.ts";
export { type OpenNamespaceOptions, openNamespace, type TestNamespace } from "./namespace/open-namespace.ts";
export { type EndedPod, type RunPodOptions, runPod } from "./namespace/run-pod.ts";
export { findSharedFolder, type SharedFolder } from "./namespace/shared-folder.ts";
export {
  type AdapterSource,
  type NewAgent,
  type NewIssue,
  type PaperclipApi,
  paperclipApi,
} from "./paperclip/api/api-client.ts";
export type { ApiAnswer, ApiRequest } from "./paperclip/api/api-request.ts";
export {
  type Agent,
  type Company,
  ENDED_STATES,
  type InstalledAdapter,
  type Issue,
  type Run,
  type RunEvent,
} from "./paperclip/api/api-types.ts";
export { type LogLine, logText, type ReadRunLogOptions, readRunLog } from "./paperclip/api/run-log.ts";
export {
  type InstallPaperclipOptions,
  installPaperclip,
  PAPERCLIP_VERSIONS,
  paperclipVersion,
} from "./paperclip/install-paperclip.ts";
export { freePort } from "./paperclip/server/free-port.ts";
export {
  type PaperclipServer,
  type StartServerOptions,
  startServer,
} from "./paperclip/server/start-server.ts";
export { type ForwardOptions, forwardToLoopback } from "./paperclip/server/tcp-forwarder.ts";
export { type OpenPaperclipOptions, openPaperclip, type PaperclipOnCluster } from "./paperclip-on-cluster.ts";
export { type LiveProcess, processesOfFolder } from "./processes/processes-of-folder.ts";
export { type CommandOptions, type CommandOutput, runCommand } from "./processes/run-command.ts";
export { repositoryRoot, workspaceNode } from "./processes/workspace-node.ts";
export { type WaitForOptions, waitFor } from "./wait-for.ts";
