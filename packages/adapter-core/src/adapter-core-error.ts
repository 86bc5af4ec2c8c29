/** Why a run could not be set up on the host's side. */
export type AdapterCoreErrorCode = "kubeconfig_unusable" | "instructions_unreadable" | "skills_unreadable";

/** A setting that cannot be used; its message names the field and the remedy. */
export class AdapterCoreError extends Error {
  override readonly name = "AdapterCoreError";
  readonly code: AdapterCoreErrorCode;

  constructor(code: AdapterCoreErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
