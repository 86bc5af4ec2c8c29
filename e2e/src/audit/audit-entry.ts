/** One request to the API server, as its audit log tells of it. */
export interface AuditEntry {
  readonly auditID: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string };
  readonly userAgent?: string;
  readonly objectRef?: {
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code?: number };
  /** When the request came, RFC 3339 with microseconds. */
  readonly requestReceivedTimestamp: string;
}

/** Which requests to count; what is left out does not matter. */
export interface AuditFilter {
  readonly user?: string;
  /** Part of the user agent. */
  readonly userAgent?: string;
  readonly verb?: string;
  /** Plural, with the subresource after a slash: `jobs`, `pods/log`. */
  readonly resource?: string;
  readonly namespace?: string;
  /** Requests that came at this time or later, ms since the epoch. */
  readonly since?: number;
  /** Requests that came before this time, ms since the epoch. */
  readonly until?: number;
}

/** Whether a request is one of those that the filter names. */
export function matchesFilter(entry: AuditEntry, filter: AuditFilter): boolean {
  const { user, userAgent, verb, resource, namespace, since, until } = filter;
  const at = Date.parse(entry.requestReceivedTimestamp);
  return (
    (user === undefined || entry.user.username === user) &&
    (userAgent === undefined || (entry.userAgent ?? "").includes(userAgent)) &&
    (verb === undefined || entry.verb === verb) &&
    (resource === undefined || resourceOf(entry) === resource) &&
    (namespace === undefined || entry.objectRef?.namespace === namespace) &&
    (since === undefined || at >= since) &&
    (until === undefined || at < until)
  );
}

/** `resource` or `resource/subresource`; the path for requests that name no object. */
export function resourceOf(entry: AuditEntry): string {
  const { resource, subresource } = entry.objectRef ?? {};
  if (resource === undefined) return entry.requestURI.split("?")[0] ?? "";
  return subresource === undefined ? resource : `${resource}/${subresource}`;
}
