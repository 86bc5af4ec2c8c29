import { offlineClaudeEnvironment, startScriptedModel } from "@paperclip-k8s/offline-agents";
import { DemoError } from "../demo-error.ts";
import { scriptOfBothTasks } from "../run/tasks.ts";

/** A model API, and the part of the adapter config that leads the agent to it. */
export interface Model extends AsyncDisposable {
  readonly config: {
    readonly inheritEnv: "providers" | "none";
    readonly env: Readonly<Record<string, string>>;
  };
}

/**
 * The real model API, with the variables of this process that the adapter passes on by itself; or a scripted one on
 * `host`, with nothing of this process. Throws DemoError `no_key`, `no_model`.
 */
export async function openModel(options: {
  readonly live: boolean;
  readonly environment: NodeJS.ProcessEnv;
  /** Address to listen on. */
  readonly host: string;
}): Promise<Model> {
  const { live, environment, host } = options;
  if (live) {
    if (!environment["ANTHROPIC_API_KEY"]) {
      throw new DemoError(
        "no_key",
        "--live talks to the real model API and needs a key: set ANTHROPIC_API_KEY, or leave --live out.",
      );
    }
    return { config: { inheritEnv: "providers", env: {} }, [Symbol.asyncDispose]: async () => {} };
  }
  const model = await startScriptedModel({ host, script: scriptOfBothTasks }).catch((error: unknown) => {
    const reason = (error as Error).message;
    const message = `The scripted model cannot listen at ${host} (${reason}): --model-host is an address of this machine.`;
    throw new DemoError("no_model", message, error);
  });
  return {
    // Few retries: pods that cannot reach the model should say so in seconds, not minutes.
    config: { inheritEnv: "none", env: offlineClaudeEnvironment({ baseUrl: model.url, maxRetries: 2 }) },
    [Symbol.asyncDispose]: () => model.close(),
  };
}
