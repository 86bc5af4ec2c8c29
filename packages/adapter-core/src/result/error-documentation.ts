import type { ErrorEntry, HostRetry } from "./error-catalogue.ts";

const RETRY: Readonly<Record<HostRetry, string>> = {
  after_wait: "after a wait",
  continues: "it goes on with the task in another run",
  if_unstarted: "if the agent was not started",
  no: "no",
};

/** The documentation of error codes as a Markdown table: what happened, why, what to do, what the host may do. */
export function errorDocumentation(entries: Readonly<Record<string, ErrorEntry>>): string {
  const rows = Object.entries(entries).map(([code, { meaning, cause, remedy, retry }]) => {
    const cells = [meaning, cause, remedy].map((text) => text.replaceAll("|", "\\|"));
    return `| \`${code}\` | ${cells.join(" | ")} | ${RETRY[retry]} |`;
  });
  return [
    "| code | meaning | usual cause | what to do | may the host retry |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}
