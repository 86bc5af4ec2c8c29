// Embeds src/script/agent-run.sh into src/script/agent-run.ts: node scripts/embed-script.ts
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const SOURCE = fileURLToPath(new URL("../src/script/agent-run.sh", import.meta.url));
const TARGET = fileURLToPath(new URL("../src/script/agent-run.ts", import.meta.url));

/** The script without comment lines and blank lines: every pod spec carries it. */
export function withoutComments(source: string): string {
  return source
    .split("\n")
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join("\n");
}

/** The module that exports the script as a string. */
export function embeddedModule(source: string): string {
  const lines = withoutComments(source).split("\n");
  return [
    "// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is shell text",
    "// Generated from agent-run.sh, which has the reasons, by `pnpm embed`. Do not edit.",
    "",
    "/**",
    " * The one constant shell script that runs an agent CLI in a container: stdout and stderr straight into",
    " * files, mirrored to the container's log; signals passed on; an exit record at the end. No value is ever",
    " * interpolated into it: paths come by environment, the agent CLI and its arguments as `$@`.",
    " */",
    "export const agentRunScript: string = [",
    ...lines.map((line) => `  ${quotedLine(line)},`),
    '].join("\\n");',
    "",
  ].join("\n");
}

/** A string literal as the formatter wants it: with the quotes that need fewer escapes. */
function quotedLine(line: string): string {
  const count = (quote: string) => line.split(quote).length;
  if (count('"') <= count("'")) return JSON.stringify(line);
  return `'${line.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

if (import.meta.main) writeFileSync(TARGET, embeddedModule(readFileSync(SOURCE, "utf8")));
