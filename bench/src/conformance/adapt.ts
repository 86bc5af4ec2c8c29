// A tailer of the benchmarks as the conformance suite sees it.
import { fileTailer, type TailerAdapter } from "@paperclip-k8s/file-tailer/conformance";
import { loadTailer, type TailerId } from "../tailers/load-tailer.ts";

/** Loads a tailer; ours comes with its own adapter, which can also be told that the writer is done. */
export async function adapt(id: TailerId): Promise<TailerAdapter> {
  if (id === "ours") return fileTailer;
  const tailer = await loadTailer(id);
  return {
    name: tailer.name,
    follow({ path, pollIntervalMs, onLine, onError }) {
      const sink = { line: onLine, counted: () => {}, fail: onError };
      const following = tailer.follow(path, sink, { pollIntervalMs, idlePollIntervalMs: pollIntervalMs });
      return { stop: () => following.stop() };
    },
  };
}
