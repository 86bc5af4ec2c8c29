// A tail on a fake clock and a fake file system, with a consumer that notes what it gets.
import {
  type Checkpoint,
  createScheduler,
  type Tail,
  type TailBatch,
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
  /** The tail; after `restart` the new one. */
  readonly tail: Tail;
  readonly clock: FakeClock;
  readonly fs: FakeFileSystem;
  readonly lines: TailLine[];
  /** What happened to the file once it was entered. */
  readonly events: TailEvent[];
  /** The offsets that were taken. */
  readonly entered: number[];
  /** The texts so far. */
  texts(): string[];
  /** The kinds of the events so far. */
  kinds(): string[];
  /** How the iteration ended: undefined while it runs, null if it ended without an error. */
  failure(): { readonly code?: string; readonly message: string } | null | undefined;
  /** Moves the clock. */
  advance(ms: number): Promise<void>;
  /** Keeps the consumer from asking for more, or lets it go on. */
  pause(paused: boolean): void;
  /** Stops the tail and resumes from its checkpoint, as a later process does. */
  restart(): Promise<void>;
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
  const entered: number[] = [];
  const lines: TailLine[] = [];
  const start = (from: Partial<TailOptions>): Tail =>
    tailFile(PATH, {
      clock,
      fileSystem: fs,
      scheduler: createScheduler(),
      random: () => 0.5,
      readBufferBytes: 1024,
      onEvent: (event) => {
        if (event.kind === "entered") entered.push(event.offset);
        else events.push(event);
      },
      ...options,
      ...from,
    });
  let failure: { code?: string; message: string } | null | undefined;
  let tail = start({});
  let gate: { readonly opened: Promise<void>; readonly open: () => void } | undefined;
  const consume = (): Promise<void> =>
    consumeAll(tail, async (batch) => {
      lines.push(...batch);
      await gate?.opened;
    }).then(
      () => {
        failure = null;
      },
      (error) => {
        failure = error;
      },
    );
  let ended = consume();
  await settle();
  const pause = (paused: boolean): void => {
    gate?.open();
    gate = paused ? makeGate() : undefined;
  };
  return {
    get tail() {
      return tail;
    },
    clock,
    fs,
    lines,
    events,
    entered,
    texts: () => lines.map((line) => line.text),
    kinds: () => events.map((event) => event.kind),
    failure: () => failure,
    advance: (ms) => clock.advance(ms),
    pause,
    async restart() {
      pause(false);
      const checkpoint = JSON.parse(JSON.stringify(tail.checkpoint())) as Checkpoint;
      await tail.stop();
      await ended;
      if (failure) return;
      failure = undefined;
      tail = start({ from: checkpoint });
      ended = consume();
      await settle();
    },
  };
}

async function consumeAll(tail: Tail, take: (batch: TailBatch) => Promise<void>): Promise<void> {
  for await (const batch of tail) await take(batch);
}

function makeGate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
