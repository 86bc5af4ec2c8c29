// Where lines go: a file descriptor, written by a thread, since the stream of Node blocks the whole process on a pipe
// that nobody reads (https://nodejs.org/api/process.html#a-note-on-process-io), and with it every signal.
import { write } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Takes bytes in their order. */
export interface Output {
  /** Resolves once the bytes were accepted; rejects with the system's error, `EPIPE` if nobody reads any more. */
  write(bytes: Buffer): Promise<void>;
}

/** A pipe whose other end made it non-blocking says EAGAIN while it is full. */
const RETRY_MS = 10;

/** An output to an open file descriptor. */
export function openOutput(descriptor: number): Output {
  return {
    async write(bytes) {
      for (let rest = bytes; rest.length > 0; ) {
        const written = await writeSome(descriptor, rest);
        if (written === 0) await sleep(RETRY_MS);
        rest = rest.subarray(written);
      }
    },
  };
}

function writeSome(descriptor: number, bytes: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    write(descriptor, bytes, 0, bytes.length, null, (error, written) => {
      if (!error) resolve(written);
      else if (error.code === "EAGAIN") resolve(0);
      else reject(error);
    });
  });
}
