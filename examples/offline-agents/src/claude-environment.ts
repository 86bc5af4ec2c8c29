/** What `offlineClaudeEnvironment` needs. */
export interface OfflineClaudeEnvironmentOptions {
  /** Where the scripted model listens, without a path: `http://127.0.0.1:4000`. */
  readonly baseUrl: string;
  /** How often the CLI tries an API call again. Default: the CLI's own (ten, for minutes). */
  readonly maxRetries?: number;
}

/**
 * The variables that point Claude Code at a scripted model and keep it from any other traffic.
 * Add `HOME` (a folder of its own), `PATH`, and `IS_SANDBOX=1` where it runs as root.
 */
export function offlineClaudeEnvironment(options: OfflineClaudeEnvironmentOptions): Record<string, string> {
  return {
    ANTHROPIC_BASE_URL: options.baseUrl,
    ANTHROPIC_API_KEY: "offline-key",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_AUTOUPDATER: "1",
    DISABLE_TELEMETRY: "1",
    DISABLE_ERROR_REPORTING: "1",
    // A proxy of the surroundings would be asked for the loopback address as well.
    NO_PROXY: "*",
    no_proxy: "*",
    ...(options.maxRetries === undefined ? {} : { CLAUDE_CODE_MAX_RETRIES: String(options.maxRetries) }),
  };
}
