/** Why a description of a run was refused. Stable: callers may branch on it. */
export type JobManifestErrorCode =
  /** An id that may not become part of a path or a name. */
  | "invalid_id"
  /** A name that Kubernetes would refuse (DNS label, DNS subdomain, image). */
  | "invalid_name"
  /** A label or annotation whose key or value has the wrong syntax. */
  | "invalid_label"
  /** A label or annotation that belongs to this package or to Kubernetes. */
  | "reserved_label"
  /** The name of an environment variable that no shell passes on, or that belongs to the script. */
  | "invalid_env_name"
  /** A path that is not absolute (or not relative), not normal, or already taken. */
  | "invalid_path"
  /** A number outside its bounds. */
  | "invalid_number"
  /** A resource quantity with the wrong syntax, or a request above its limit. */
  | "invalid_quantity"
  /** Text that cannot be delivered unchanged: a NUL, or half of a UTF-16 pair. */
  | "invalid_text"
  /** A toleration, volume or other part that Kubernetes or Pod Security would refuse. */
  | "invalid_pod_option"
  /** A field of a pod template that belongs to the run. */
  | "reserved_field"
  /** A field that a pod template does not have, or that is not known here. */
  | "unknown_field"
  /** Weaker than the Pod Security Standard "restricted", and no relaxation says so. */
  | "security_floor"
  /** The pod would run as root. */
  | "root_user"
  /** A single argument or variable above 128 KiB: the kernel cannot exec it. */
  | "string_too_long"
  /** The prompt is above 32 MiB. */
  | "prompt_too_large"
  /** Environment and files alone are above the Secret's 1 MiB. */
  | "secret_too_large"
  /** The whole Job, as JSON, is above 1 MiB. */
  | "job_too_large";

/** The one error of this package: which field is wrong, what is wrong with it, and what to do. */
export class JobManifestError extends Error {
  readonly code: JobManifestErrorCode;
  /** Path of the field in the run's description, such as `environment.HOME`. */
  readonly field: string;

  constructor(options: {
    readonly code: JobManifestErrorCode;
    readonly field: string;
    readonly message: string;
  }) {
    super(options.message);
    this.name = "JobManifestError";
    this.code = options.code;
    this.field = options.field;
  }
}

/** Throws a {@link JobManifestError}; an expression, so that it fits behind `??`. */
export function refuse(code: JobManifestErrorCode, field: string, message: string): never {
  throw new JobManifestError({ code, field, message });
}
