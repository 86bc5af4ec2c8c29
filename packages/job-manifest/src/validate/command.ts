import type { AgentRunSpec } from "../agent-run-spec.ts";
import { refuse } from "../error.ts";
import { EXEC_STRING_MAX_BYTES, validateExecText } from "./text.ts";

// The Job, arguments included, must fit into one request of the API server's store (1.5 MiB).
const MAX_TOTAL_BYTES = 512 * 1024;

/** The agent CLI and its arguments: any text that exec can take. */
export function validateCommand(command: AgentRunSpec["command"]): void {
  if (typeof command[0] !== "string" || /^(-|$)/.test(command[0])) {
    refuse(
      "invalid_text",
      "command[0]",
      "command[0] must be the agent CLI: its name or path, neither empty nor beginning with a dash",
    );
  }
  let total = 0;
  for (const [index, argument] of command.entries()) {
    const field = `command[${index}]`;
    validateExecText(field, argument);
    const bytes = Buffer.byteLength(argument) + 1;
    total += bytes;
    if (bytes > EXEC_STRING_MAX_BYTES) {
      refuse(
        "string_too_long",
        field,
        `${field} is ${bytes - 1} bytes, and the kernel takes at most ${EXEC_STRING_MAX_BYTES - 1} in one argument: hand it over as a file`,
      );
    }
  }
  if (total > MAX_TOTAL_BYTES) {
    refuse(
      "string_too_long",
      "command",
      `command is ${total} bytes in all, and at most ${MAX_TOTAL_BYTES} fit into a Job: hand long arguments over as files`,
    );
  }
}
