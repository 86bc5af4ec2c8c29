import { knownByMark } from "@paperclip-k8s/job-supervisor";

/** Why a run could not be set up on the host's side. */
export type AdapterCoreErrorCode = "kubeconfig_unusable" | "instructions_unreadable" | "skills_unreadable";

/**
 * A setting that cannot be used; its message names the field and the remedy. `instanceof` holds for those of other
 * copies of this package as well.
 */
export class AdapterCoreError extends Error {
  static {
    knownByMark(AdapterCoreError, "AdapterCoreError");
  }

  override readonly name = "AdapterCoreError";
  readonly code: AdapterCoreErrorCode;

  constructor(code: AdapterCoreErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
