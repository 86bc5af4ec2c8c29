/** What `offlineOpenCodeConfig` and `offlineOpenCodeEnvironment` need. */
export interface OfflineOpenCodeOptions {
  /** Where the scripted model listens, without a path: `http://127.0.0.1:4000`. */
  readonly baseUrl: string;
}

/** The config that points OpenCode's anthropic provider at a scripted model, with all permissions. */
export function offlineOpenCodeConfig(options: OfflineOpenCodeOptions): Readonly<Record<string, unknown>> {
  return {
    $schema: "https://opencode.ai/config.json",
    share: "disabled",
    autoupdate: false,
    permission: { "*": "allow" },
    provider: {
      anthropic: { options: { baseURL: `${options.baseUrl}/v1`, apiKey: "offline-key" } },
    },
  };
}

/**
 * The variables that give OpenCode that config and keep it from any other traffic.
 * Add `HOME` (a folder of its own) and `PATH`.
 */
export function offlineOpenCodeEnvironment(options: OfflineOpenCodeOptions): Record<string, string> {
  return {
    OPENCODE_CONFIG_CONTENT: JSON.stringify(offlineOpenCodeConfig(options)),
    OPENCODE_DISABLE_PROJECT_CONFIG: "true",
    OPENCODE_DISABLE_MODELS_FETCH: "1",
    OPENCODE_DISABLE_AUTOUPDATE: "1",
    // It fetches the package of plugins' types for its config folder, and waits for that where a plugin is configured.
    npm_config_offline: "true",
    // A proxy of the surroundings would be asked for the loopback address as well.
    NO_PROXY: "*",
    no_proxy: "*",
  };
}
