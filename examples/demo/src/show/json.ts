import type { Show } from "./demo-event.ts";

/** A line of JSON for each event, for programs. The table is left out: each result has been told. */
export function createJsonShow({ write }: { readonly write: (text: string) => void }): Show {
  return (event) => {
    if (event.type !== "table") write(`${JSON.stringify(event)}\n`);
  };
}
