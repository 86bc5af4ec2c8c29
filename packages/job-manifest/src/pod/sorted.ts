/** The entries of a record by code unit order of their keys: the same content is the same manifest, byte for byte. */
export function sortedEntries<Value>(record: Readonly<Record<string, Value>> | undefined): [string, Value][] {
  return Object.entries(record ?? {}).sort(([left], [right]) => (left < right ? -1 : 1));
}

/** The same record with its keys in code unit order. */
export function sortedRecord<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(sortedEntries(record));
}

/** Without the keys whose value is undefined, so that a manifest shows only what was asked for. */
export function omitUndefined<Shape extends object>(shape: Shape): Shape {
  return Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined)) as Shape;
}

/** A copy with the keys of all objects in order, and without those that are undefined. */
export function canonical<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(canonical) as Value;
  if (typeof value !== "object" || value === null) return value;
  const entries = sortedEntries(value as Record<string, unknown>);
  const kept = entries.filter(([, part]) => part !== undefined);
  return Object.fromEntries(kept.map(([key, part]) => [key, canonical(part)])) as Value;
}
