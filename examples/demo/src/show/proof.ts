import type { Leftovers } from "../proof/what-is-left.ts";
import type { Layout } from "./terminal.ts";

const labels = { jobs: "Jobs", pods: "Pods", secrets: "Secrets", files: "run files" } as const;

/** How much is left of each kind, with a check mark, a cross, or a question mark; names where it is not nothing. */
export function proofLines({ left }: { readonly left: Leftovers }, { paint }: Layout): readonly string[] {
  const kinds = Object.entries(labels).map(([kind, label]) => ({
    label,
    names: left[kind as keyof Leftovers],
  }));
  const counts = kinds.map(({ label, names }) => {
    if (names === null) return paint.yellow(`? ${label} (no right)`);
    return names.length === 0 ? `${paint.green("✔")} 0 ${label}` : paint.red(`✖ ${names.length} ${label}`);
  });
  const names = kinds.flatMap((kind) => kind.names ?? []).map((name) => paint.red(`    ${name}`));
  return ["", `  ${paint.dim("left behind".padEnd(16))}${counts.join("    ")}`, ...names, ""];
}
