/** What went wrong in the suite itself, as opposed to in what it tests. */
export type E2eErrorCode =
  | "command_failed"
  | "timed_out"
  | "cluster_unusable"
  | "image_not_loaded"
  | "install_failed"
  | "server_not_ready"
  | "server_not_stopped"
  | "folder_not_reachable"
  | "api_refused"
  | "output_differs";

/**
 * The one error class of the suite.
 *
 * `code` names the kind of failure; `cause`, where there is one, is what was caught.
 */
export class E2eError extends Error {
  readonly code: E2eErrorCode;

  constructor(code: E2eErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "E2eError";
    this.code = code;
  }
}
