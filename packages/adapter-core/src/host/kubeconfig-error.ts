/**
 * What went wrong with a kubeconfig, without a word of the file itself: the YAML parser's message shows the lines
 * around the mistake, and there are tokens and keys among them.
 */
export function saidOfKubeconfig(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name !== "YAMLException") return error.message;
  const { reason, mark } = error as Error & { reason?: unknown; mark?: { line: number; column: number } };
  // The names in some reasons are the file's, too.
  const said = typeof reason === "string" ? reason.replace(/\s*(?:["!<]|:\s).*$/s, "") : "no YAML";
  return mark ? `${said} at line ${mark.line + 1}, column ${mark.column + 1}` : said;
}
