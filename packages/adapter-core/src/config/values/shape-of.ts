/** What a value looks like, without the value: it may be a secret. */
export function shapeOf(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (typeof value === "string") return `a text of ${count(value.length, "character")}`;
  if (typeof value === "number") return "a number";
  if (typeof value === "boolean") return "true or false";
  if (Array.isArray(value)) return `a list of ${count(value.length, "item")}`;
  if (typeof value === "object") return `an object of ${count(Object.keys(value).length, "key")}`;
  return `a ${typeof value}`;
}

function count(length: number, what: string): string {
  return `${length} ${what}${length === 1 ? "" : "s"}`;
}
