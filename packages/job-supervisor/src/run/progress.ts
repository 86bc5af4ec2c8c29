import type { RunProgress } from "../followed-run.ts";

/** Where a run stands, told to whoever shows it. */
export interface ProgressBoard {
  show(progress: RunProgress): void;
  listen(listener: (progress: RunProgress) => void): () => void;
}

export function createProgressBoard(): ProgressBoard {
  const listeners = new Set<(progress: RunProgress) => void>();
  let now: RunProgress = { phase: "scheduling", detail: null, podName: null };

  /** The watches are every run's: one listener that throws must not break them. */
  function tell(listener: (progress: RunProgress) => void): void {
    try {
      listener(now);
    } catch {
      // Progress is for show; whoever shows it has to tell of its own trouble.
    }
  }

  return {
    show: (progress) => {
      const { phase, detail, podName } = progress;
      if (now.phase === phase && now.detail === detail && now.podName === podName) return;
      now = progress;
      for (const listener of [...listeners]) tell(listener);
    },
    listen: (listener) => {
      listeners.add(listener);
      tell(listener);
      return () => listeners.delete(listener);
    },
  };
}
