import { type Kind, qualifiedKind, qualifiedResource } from "../resources/kinds.ts";

/** One reason of an `Invalid` answer: which field, and what is wrong with it. */
export interface FieldError {
  readonly field: string;
  readonly reason: string;
  readonly message: string;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: readonly { reason?: string; message?: string; field?: string }[];
  retryAfterSeconds?: number;
}

/** The body of an answer that is not an object: `kind: Status`. */
export interface ApiStatus {
  kind: "Status";
  apiVersion: "v1";
  metadata: { continue?: string };
  status: "Failure" | "Success";
  message?: string;
  reason?: string;
  details?: StatusDetails;
  code?: number;
}

/** A refusal of the API, thrown by whatever finds it, written as a `Status` by the server. */
export class ApiRefusal extends Error {
  readonly body: ApiStatus;
  readonly code: number;

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.name = "ApiRefusal";
    this.code = code;
    this.body = {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      ...(reason === "" ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code,
    };
  }
}

const reasons: Record<number, string> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  409: "Conflict",
  410: "Expired",
  413: "RequestEntityTooLarge",
  415: "UnsupportedMediaType",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

/** The reason that goes with a code, unless one is given. */
export function reasonOf(code: number): string {
  return reasons[code] ?? "Unknown";
}

/** The details that name an object: by its resource, or (where the API does so) by its kind. */
export function detailsOf(
  kind: Kind,
  name: string | undefined,
  by: "resource" | "kind" = "resource",
): StatusDetails {
  return {
    ...(name === undefined || name === "" ? {} : { name }),
    ...(kind.group === "" ? {} : { group: kind.group }),
    kind: by === "resource" ? kind.resource : kind.kind,
  };
}

export function notFound(kind: Kind, name: string): ApiRefusal {
  return new ApiRefusal(
    404,
    "NotFound",
    `${qualifiedResource(kind)} "${name}" not found`,
    detailsOf(kind, name),
  );
}

export function alreadyExists(kind: Kind, name: string): ApiRefusal {
  const message = `${qualifiedResource(kind)} "${name}" already exists`;
  return new ApiRefusal(409, "AlreadyExists", message, detailsOf(kind, name));
}

/** 409 of an update that was made on an older version of the object. */
export function modified(kind: Kind, name: string): ApiRefusal {
  return conflict(
    kind,
    name,
    "the object has been modified; please apply your changes to the latest version and try again",
  );
}

export function conflict(kind: Kind, name: string, why: string): ApiRefusal {
  const message = `Operation cannot be fulfilled on ${qualifiedResource(kind)} "${name}": ${why}`;
  return new ApiRefusal(409, "Conflict", message, detailsOf(kind, name));
}

/** 409 of a delete whose preconditions do not hold; it names the kind, not the resource. */
export function preconditionFailed(kind: Kind, name: string, why: string): ApiRefusal {
  const message = `Operation cannot be fulfilled on ${qualifiedKind(kind)} "${name}": ${why}`;
  return new ApiRefusal(409, "Conflict", message, detailsOf(kind, name, "kind"));
}

export function badRequest(message: string): ApiRefusal {
  return new ApiRefusal(400, "BadRequest", message);
}

export function invalid(kind: Kind, name: string, errors: readonly FieldError[]): ApiRefusal {
  const lines = [...new Set(errors.map((error) => `${error.field}: ${error.message}`))];
  const list = lines.length === 1 ? lines[0] : `[${lines.join(", ")}]`;
  return new ApiRefusal(422, "Invalid", `${qualifiedKind(kind)} "${name}" is invalid: ${list}`, {
    ...detailsOf(kind, name, "kind"),
    causes: errors.map(({ reason, message, field }) => ({ reason, message, field })),
  });
}

/** 410: the version that a watch or a page starts from is no longer kept. */
export function expired(message: string): ApiRefusal {
  return new ApiRefusal(410, "Expired", message);
}

export function unauthorized(): ApiRefusal {
  return new ApiRefusal(401, "Unauthorized", "Unauthorized");
}
