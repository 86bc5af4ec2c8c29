import { AdapterCoreError } from "../adapter-core-error.ts";
import type { CoreConfig } from "../config/core-config.ts";
import { readHostText } from "../host/host-file.ts";

/** More than the Secret that they travel in could take. */
const MAX_BYTES = 1024 * 1024;

/** What to do about a file that is there and cannot be taken, by the code of the error. */
const REMEDIES: ReadonlyMap<string | undefined, string> = new Map([
  ["EXDEV", "put the file itself there"],
  ["EFTYPE", "name a text file"],
  ["EFBIG", "shorten it"],
]);

/**
 * The text of the agent's instructions file, null where it has none. It lies on the host, where no pod can read it.
 *
 * @throws AdapterCoreError `instructions_unreadable`
 */
export async function readInstructions(
  config: Pick<CoreConfig, "instructionsFilePath" | "volumeHostPath" | "volumeMountPath">,
): Promise<string | null> {
  const path = config.instructionsFilePath;
  if (!path) return null;
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
