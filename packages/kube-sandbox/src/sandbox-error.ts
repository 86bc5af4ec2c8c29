/** What can go wrong in the sandbox itself, as opposed to an answer of its API. */
export type KubeSandboxErrorCode =
  /** An option makes no sense, or names a path that may not be used. */
  | "invalid_option"
  /** The port could not be listened on. */
  | "listen_failed"
  /** A claim was asked for that does not exist or has no folder. */
  | "unknown_claim"
  /** No node has this name. */
  | "unknown_node"
  /** No pod that runs here matches. */
  | "unknown_pod";

/** The one error class of this package. Answers of the API are HTTP answers, never this. */
export class KubeSandboxError extends Error {
  readonly code: KubeSandboxErrorCode;

  constructor(code: KubeSandboxErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "KubeSandboxError";
    this.code = code;
  }
}
