// The syntaxes of names that Kubernetes knows, each as a predicate.

const DNS_LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const QUALIFIED_PART = /^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/;

/** Specs come from configs, where a name may be anything that JSON has. */
function isText(value: unknown): value is string {
  return typeof value === "string";
}

const IMAGE_HOST =
  /^([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9A-Fa-f:]+\])(:[0-9]+)?$/;
const IMAGE_PART = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*$/;

/**
 * A reference of an image as a container runtime reads it: host, path in small letters, tag, digest.
 * What has none of these forms is told by the kubelet only, when the pod starts (InvalidImageName).
 */
export function isImageReference(text: string): boolean {
  const whole = isText(text)
    ? /^([^:@]+(?::[0-9]+(?=\/)[^:@]*)?|\[[^\]]+\][^@]*?)(?::([^:@/]+))?(?:@(.+))?$/.exec(text)
    : null;
  if (!whole) return false;
  const [, name = "", tag, digest] = whole;
  const parts = name.split("/");
  const [first = ""] = parts;
  const hasHost = parts.length > 1 && (/[.:[\]A-Z]/.test(first) || first === "localhost");
  if (hasHost && !IMAGE_HOST.test(first)) return false;
  const isPathRight = (hasHost ? parts.slice(1) : parts).every((part) => IMAGE_PART.test(part));
  const isTagRight = tag === undefined || /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(tag);
  const isDigestRight = digest === undefined || /^sha256:[0-9a-f]{64}$|^sha512:[0-9a-f]{128}$/.test(digest);
  return isPathRight && isTagRight && isDigestRight && name.length <= 255;
}

/** Up to 63 lower-case letters, digits and dashes: a namespace, a volume. */
export function isDnsLabel(text: string): boolean {
  return isText(text) && text.length <= 63 && DNS_LABEL.test(text);
}

/** Up to 253 characters of DNS labels joined by dots: most object names. */
export function isDnsSubdomain(text: string): boolean {
  return isText(text) && text.length <= 253 && DNS_SUBDOMAIN.test(text);
}

/** The key of a label, an annotation or a resource: a name of up to 63 characters, after an optional `domain/`. */
export function isQualifiedName(text: string): boolean {
  if (!isText(text)) return false;
  const parts = text.split("/");
  const name = parts.pop()!;
  const domain = parts.pop();
  const nameIsRight = name.length <= 63 && QUALIFIED_PART.test(name);
  return nameIsRight && parts.length === 0 && (domain === undefined || isDnsSubdomain(domain));
}

/** The key of a ConfigMap or a Secret. */
export function isConfigKey(text: string): boolean {
  return isText(text) && text.length <= 253 && /^[-._a-zA-Z0-9]+$/.test(text) && !/^\.\.?$/.test(text);
}

/** A value as it may stand in a message: quoted, and cut where it is long. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…"` : text;
}
