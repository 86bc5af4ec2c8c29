import { dirname } from "node:path";
import { AdapterCoreError } from "../adapter-core-error.ts";
import type { CoreConfig } from "../config/core-config.ts";
import { mapPath } from "../environment/map-path.ts";
import { readHostText } from "../host/host-file.ts";

/** More than the Secret that they travel in could take. */
const MAX_BYTES = 1024 * 1024;

/** What to do about a file that is there and cannot be taken, by the code of the error. */
const REMEDIES: ReadonlyMap<string | undefined, string> = new Map([
  ["EXDEV", "put the file itself there"],
  ["EFTYPE", "name a text file"],
  ["EFBIG", "shorten it"],
]);

type InstructionsConfig = Pick<
  CoreConfig,
  "instructionsFilePath" | "volumeHostPath" | "volumeMountPath" | "subPathIsolation"
>;

/**
 * The text of the agent's instructions file, with a word on where the files beside it are if the pod sees them; null
 * where there is none. The text travels, since the file may lie where no pod can read it.
 *
 * @throws AdapterCoreError `instructions_unreadable`
 */
export async function readInstructions(config: InstructionsConfig): Promise<string | null> {
  const path = config.instructionsFilePath;
  if (!path) return null;
  const text = await textOf(path, config);
  const folder = config.subPathIsolation ? null : mapPath({ ...config, hostPath: dirname(path) });
  return folder === null || text.trim() === "" ? text : `${text.trimEnd()}\n\n${wordOn(folder)}\n`;
}

/** The host's own instructions send the agent to others beside them, which it would look for where it works. */
function wordOn(folder: string): string {
  return `A file that these instructions name by a relative path is in ${folder}, not in your working directory.`;
}

async function textOf(path: string, config: InstructionsConfig): Promise<string> {
  try {
    return await readHostText({ path, volume: config.volumeHostPath, maxBytes: MAX_BYTES });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const remedy = REMEDIES.get(code);
    const problem = remedy
      ? `${message}: ${remedy}`
      : `${path} cannot be read on the Paperclip host (${code}): correct the path`;
    const sentence = `instructionsFilePath: ${problem}, or clear the field`;
    throw new AdapterCoreError("instructions_unreadable", sentence, error);
  }
}
