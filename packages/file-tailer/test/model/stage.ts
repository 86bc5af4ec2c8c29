// What a schedule plays on, and the writer's part in it.
import type { FakeFileSystem } from "../support/fake-file-system.ts";
import { PATH, type Rig } from "../support/rig.ts";
import type { Choices } from "./random.ts";
import type { Reference } from "./reference.ts";

/** A writer, a file system that lies, a tail between them, and what they must come to. */
export interface Stage {
  readonly choices: Choices;
  readonly rig: Rig;
  readonly fs: FakeFileSystem;
  readonly reference: Reference;
  readonly log: string[];
  /** What the writer has not written of the text that it has begun. */
  rest: Buffer;
  generation: number;
  lineNumber: number;
  /** Whether the writer writes NUL bytes; the file system does not invent any then, as nobody could tell them apart. */
  readonly writesNuls: boolean;
  hadZeros: boolean;
}

/** One thing that may happen. */
export type Action = (stage: Stage) => void | Promise<void>;

const CHARACTERS = ["a", "é", "漢", "😀", " ", "\r", '{"k":1}', "\u2028"];
const NULS = [...CHARACTERS, "\0", "\0\0\0"];

/** Adds lines to the file, and at times only a part of the last one. */
export function write(stage: Stage): void {
  const { choices, fs, reference } = stage;
  const lines = choices.integer(1, 4);
  const parts: string[] = [];
  for (let i = 0; i < lines; i++) {
    const length = choices.chance(0.05) ? choices.integer(500, 3000) : choices.integer(0, 40);
    // The first byte tells the generations apart, as a real file's first line would.
    const first = String.fromCharCode(0x61 + (stage.generation % 26));
    const text = Array.from({ length }, () => choices.pick(stage.writesNuls ? NULS : CHARACTERS)).join("");
    parts.push(`${first}${stage.lineNumber++}:${text}\n`);
  }
  const bytes = Buffer.concat([stage.rest, Buffer.from(parts.join(""))]);
  const written = choices.chance(0.5) ? bytes.length : choices.integer(1, bytes.length);
  stage.rest = bytes.subarray(written);
  fs.append(PATH, bytes.subarray(0, written));
  reference.append(bytes.subarray(0, written));
  stage.log.push(`write ${written}`);
}

/** Ends all lies. */
export function heal({ fs, rig, log }: Stage): void {
  rig.pause(false);
  Object.assign(fs.lies, {
    size: undefined,
    errors: [],
    maxRead: Number.POSITIVE_INFINITY,
    nulFrom: Number.POSITIVE_INFINITY,
    nulTo: Number.POSITIVE_INFINITY,
    frozenHandles: false,
    visible: Number.POSITIVE_INFINITY,
  });
  log.push("heal");
}

/** The writer begins a new file. */
export function startOver(stage: Stage): void {
  stage.reference.startOver();
  stage.rest = Buffer.alloc(0);
  stage.generation++;
}
