/** One request, as the audit log keeps it. */
export interface AuditedRequest {
  /** Milliseconds since the epoch, when it arrived. */
  readonly at: number;
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`. */
  readonly verb: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly userAgent?: string;
  /** The answer's status code; 0 as long as there is none, or when the connection was cut. */
  status: number;
}
