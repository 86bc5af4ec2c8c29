// A measuring process: reads a stream line by line, does one thing with each line, prints its figures, ends.
import { closeSync, openSync, readSync } from "node:fs";
import { createClaudeReducer, createOpenCodeReducer, parseEvent } from "@paperclip-k8s/stream-json";
import { peakMemory } from "../measure/peak-memory.ts";
import type { Subject } from "./subject.ts";

const CHUNK_BYTES = 256 * 1024;

/** What is done with a line, and what came of it. */
interface Work {
  take(line: string): void;
  done(): number;
}

function workOf(subject: Subject): Work {
  switch (subject) {
    case "empty":
      return { take: () => undefined, done: () => 0 };
    case "parse": {
      let known = 0;
      const take = (line: string) => {
        if (JSON.parse(line).type !== undefined) known += 1;
      };
      return { take, done: () => known };
    }
    case "claude": {
      const reducer = createClaudeReducer();
      return {
        take: (line) => reducer.push(parseEvent(line)),
        done: () => reducer.result().counts.toolCalls,
      };
    }
    case "opencode": {
      const reducer = createOpenCodeReducer();
      return {
        take: (line) => reducer.push(parseEvent(line)),
        done: () => reducer.result().counts.toolCalls,
      };
    }
  }
}

function eachLine(path: string, take: (line: string) => void): void {
  const file = openSync(path, "r");
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let rest = Buffer.alloc(0);
  for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
    const bytes = chunk.subarray(0, read);
    let from = 0;
    for (let to = bytes.indexOf(10); to >= 0; to = bytes.indexOf(10, from)) {
      const text = bytes.toString("utf8", from, to);
      take(rest.length === 0 ? text : Buffer.concat([rest, bytes.subarray(from, to)]).toString("utf8"));
      rest = Buffer.alloc(0);
      from = to + 1;
    }
    if (from < read) rest = Buffer.concat([rest, bytes.subarray(from)]);
  }
  closeSync(file);
}

const [subject = "empty", path = ""] = process.argv.slice(2) as [Subject, string];
const work = workOf(subject);
const start = performance.now();
const cpuBefore = process.cpuUsage();
if (subject !== "empty") eachLine(path, work.take);
const ms = performance.now() - start;
const { user, system } = process.cpuUsage(cpuBefore);
const found = work.done();
process.stdout.write(JSON.stringify({ ms, cpuMs: (user + system) / 1000, found, ...peakMemory() }));
