// Lists as tables, which kubectl asks for to have something to print.
import type { Kind } from "../../resources/kinds.ts";
import type { KubeObject } from "../../resources/objects.ts";
import { columnsOf } from "./columns.ts";

/** Whether a client wants a table: kubectl's `get` does. */
export function wantsTable(accept: string | undefined): boolean {
  const [first = ""] = (accept ?? "").split(",");
  return /;\s*as=Table\b/.test(first);
}

/** Objects as a table; with `includeObject=Object` each row has its object, otherwise its metadata only. */
export function tableOf(
  kind: Kind,
  metadata: object,
  objects: readonly KubeObject[],
  { now, whole }: { readonly now: number; readonly whole: boolean },
): string {
  const columns = columnsOf(kind.resource);
  const columnDefinitions = columns.map(([name, , wide]) => ({
    name,
    type: "string",
    format: name === "Name" ? "name" : "",
    description: "",
    priority: wide === undefined ? 0 : 1,
  }));
  const rows = objects.map((object) => ({
    cells: columns.map(([, value]) => value(object, now)),
    object: whole
      ? object
      : { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: object.metadata },
  }));
  return JSON.stringify({
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    columnDefinitions,
    rows,
  });
}
