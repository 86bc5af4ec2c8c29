/** What Claude Code tells on stderr before, or instead of, any event. */
export type ClaudeStderrFinding =
  | { readonly kind: "unknown_session"; readonly message: string; readonly sessionId: string }
  /** The CLI is older or newer than the argument. */
  | { readonly kind: "unknown_option"; readonly message: string; readonly option: string }
  /** `--resume` was given something that is no session id. */
  | { readonly kind: "invalid_session"; readonly message: string }
  /** As root, permissions are skipped only with `IS_SANDBOX=1`. */
  | { readonly kind: "root_refused"; readonly message: string };

/**
 * Reads the stderr of a run that has ended without a result event of success; undefined if it says nothing known.
 * Tools write to the same stderr, so only whole lines in the CLI's own words count, and only where the
 * events do not say more.
 */
export function classifyClaudeStderr(text: string): ClaudeStderrFinding | undefined {
  for (const line of text.split("\n")) {
    const finding = findingOf(line.trim());
    if (finding !== undefined) return finding;
  }
  return undefined;
}

function findingOf(message: string): ClaudeStderrFinding | undefined {
  const sessionId = /^No conversation found with session ID: (\S+)$/.exec(message)?.[1];
  if (sessionId !== undefined) return { kind: "unknown_session", message, sessionId };
  const option = /^error: unknown option '([^']+)'/.exec(message)?.[1];
  if (option !== undefined) return { kind: "unknown_option", message, option };
  if (/^(?:Error: )?--resume requires a valid session ID/.test(message))
    return { kind: "invalid_session", message };
  if (/^--dangerously-skip-permissions cannot be used with root/.test(message))
    return { kind: "root_refused", message };
  return undefined;
}
