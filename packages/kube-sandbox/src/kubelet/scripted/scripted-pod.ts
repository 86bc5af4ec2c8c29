import type { ControllerContext } from "../../controllers/context.ts";
import type { Pod } from "../../resources/objects.ts";
import type { ContainerLog } from "../container-log.ts";
import type { Gate } from "../gate.ts";
import type { PodReporter } from "../pod-reporter.ts";
import type { PodWorker } from "../pod-worker.ts";
import { createPodActor } from "./pod-actor.ts";
import type { PodScript } from "./pod-script.ts";
import { createScriptControls } from "./script-controls.ts";

/** Plays a pod that was given to this node: no process, no folder, only what the script says. */
export function runScriptedPod(
  context: ControllerContext,
  { pod, reporter, node }: { readonly pod: Pod; readonly reporter: PodReporter; readonly node: Gate },
  script: PodScript,
  hooks: { readonly keepLog: (container: string, log: ContainerLog) => void; readonly onEnd: () => void },
): PodWorker {
  const { timers, delays } = context;
  const deletion = new AbortController();
  let ignores = false;
  const actor = createPodActor(context, reporter, hooks);
  const ignoreTermination = (): void => {
    ignores = true;
  };
  const controls = createScriptControls(actor, timers, deletion.signal, ignoreTermination, node);

  timers.after(delays.startMs, () => {
    if (actor.ended) return;
    reporter.begin();
    Promise.resolve()
      .then(() => script(reporter.current() ?? pod, controls))
      .catch((error: unknown) => {
        actor.logOf(pod.spec.containers[0]!.name).append(Buffer.from(`${String(error)}\n`), "stderr");
        actor.terminate({ exitCode: 1 });
      });
  });

  return {
    stop(graceSec) {
      deletion.abort();
      if (actor.ended) {
        timers.after(delays.phaseMs, reporter.removed);
        return;
      }
      const kill = (): void => {
        if (!actor.ended) actor.terminate({ exitCode: ignores ? 137 : 143 });
      };
      // A script that waits wakes first, and may end the pod in its own way.
      timers.after(ignores ? graceSec * 1000 : delays.containerStatusMs, () => reporter.whenHeard(kill));
    },
    oomKill: (container) => controls.oomKill(container),
    evict: (message) => controls.evict(message),
    async close() {
      deletion.abort();
    },
    kill() {},
  };
}
