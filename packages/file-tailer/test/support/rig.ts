// A tail on a fake clock and a fake file system, with a consumer that notes what it gets.
import {
  createScheduler,
  type Tail,
  type TailEvent,
  type TailLine,
  type TailOptions,
  tailFile,
} from "../../src/index.ts";
import { type FakeClock, fakeClock, settle } from "./fake-clock.ts";
import { FakeFileSystem } from "./fake-file-system.ts";

/** The path that rigs follow. */
export const PATH = "/volume/run.ndjson";

/** What a test sees of a tail. */
export interface Rig {
  readonly tail: Tail;
  readonly clock: FakeClock;
  readonly fs: FakeFileSystem;
  readonly lines: TailLine[];
  readonly events: TailEvent[];
  /** The texts so far. */
  texts(): string[];
  /** The kinds of the events so far. */
  kinds(): string[];
  /** How the iteration ended: undefined while it runs, null if it ended without an error. */
  failure(): { readonly code?: string; readonly message: string } | null | undefined;
  /** Moves the clock. */
  advance(ms: number): Promise<void>;
}

/** Starts a tail and its consumer. `prepare` sets the file up before the first look. */
export async function startRig(
  options: TailOptions = {},
  prepare?: (fs: FakeFileSystem) => void,
): Promise<Rig> {
  const clock = fakeClock();
  const fs = new FakeFileSystem();
  prepare?.(fs);
  const events: TailEvent[] = [];
  const lines: TailLine[] = [];
  const tail = tailFile(PATH, {
    clock,
    fileSystem: fs,
    scheduler: createScheduler(),
    random: () => 0.5,
    readBufferBytes: 1024,
    onEvent: (event) => events.push(event),
    ...options,
  });
  let failure: { code?: string; message: string } | null | undefined;
  void (async () => {
    for await (const batch of tail) lines.push(...batch);
  })().then(
    () => {
      failure = null;
    },
    (error) => {
      failure = error;
    },
  );
  await settle();
  return {
    tail,
    clock,
    fs,
    lines,
    events,
    texts: () => lines.map((line) => line.text),
    kinds: () => events.map((event) => event.kind),
    failure: () => failure,
    advance: (ms) => clock.advance(ms),
  };
}
