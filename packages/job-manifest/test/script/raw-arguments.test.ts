import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { freshDirectory, pods, runAgent } from "./run-agent.ts";

const NASTY = "$(){}[]'\"`\\\n\t\r *?~!#&;|<>-=%@^".split("").map((letter) => Buffer.from(letter));
const WORDS = ["$(id)", "$$", "$HOME", "--", "-e", "-c", "$@", "ä漢😀", "\u0001\u007f"].map((word) =>
  Buffer.from(word),
);
const INVALID_UTF8 = [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf0, 0x9f], [0x80]].map((bytes) =>
  Buffer.from(bytes),
);
const piece = fc.oneof(
  fc.constantFrom(...NASTY, ...WORDS, ...INVALID_UTF8),
  fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0))),
);
const argument = fc.array(piece, { maxLength: 3 }).map((pieces) => Buffer.concat(pieces));

/** As many as exec takes at once: 2 MiB with a pointer for each. */
const AT_ONCE = 25_000;
const BATCHES = 4;
const all = fc.sample(argument, { seed: 6, numRuns: AT_ONCE * BATCHES });
const HAS_XARGS = spawnSync("xargs", ["-0", "--version"]).status === 0;

describe.concurrent.each(pods())("in $title", (pod) => {
  test.skipIf(!HAS_XARGS)(
    "K6 100,000 random arguments, invalid UTF-8 among them, reach the agent byte for byte",
    async () => {
      for (let batch = 0; batch < BATCHES; batch += 1) {
        const wanted = nulTerminated(all.slice(batch * AT_ONCE, (batch + 1) * AT_ONCE));
        const file = join(freshDirectory(), "arguments");
        writeFileSync(file, wanted);
        // Node passes text only; xargs passes bytes, and fails rather than split them over two commands.
        const within = ["xargs", "-0", "-x", "-n", String(AT_ONCE + 100), "-s", "1990000", "-a", file];
        const { stdout, record } = await runAgent(pod, { within, command: ["printf", "%s\\0"] });
        expect(record).toMatchObject({ status: 0, failure: null });
        expect(stdout.equals(wanted)).toBe(true);
      }
    },
  );
});

function nulTerminated(list: readonly Buffer[]): Buffer {
  return Buffer.concat(list.flatMap((bytes) => [bytes, Buffer.of(0)]));
}
