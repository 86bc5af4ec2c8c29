import { link, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Holds what an agent CLI wrote beyond the clean-up of its run, to be compared with what the host got. */
export interface KeptOutput extends AsyncDisposable {
  /** Takes a second name for the file of the run, once it is there. */
  keep(): Promise<void>;
  /** All of it; undefined where there was no such file, as with the output of an orphan, or its folder is on another file system. */
  text(): Promise<string | undefined>;
}

/** The stdout of a run's first attempt, on a volume whose root is `volume`. */
export function keptOutput(run: {
  readonly volume: string;
  readonly companyId: string;
  readonly agentId: string;
  readonly runId: string;
}): KeptOutput {
  const { volume, companyId, agentId, runId } = run;
  const file = join(volume, "instances/default/run-logs", companyId, agentId, `${runId}.pod.ndjson`);
  let folder: string | undefined;
  let kept: Promise<string | undefined> | undefined;
  const take = async () => {
    folder = await mkdtemp(join(tmpdir(), "paperclip-k8s-output-"));
    const name = join(folder, "stdout");
    return link(file, name).then(
      () => name,
      () => undefined,
    );
  };
  return {
    keep: async () => {
      kept ??= take();
      await kept;
    },
    text: async () => {
      const name = await kept;
      return name === undefined ? undefined : readFile(name, "utf8");
    },
    [Symbol.asyncDispose]: async () => {
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}
