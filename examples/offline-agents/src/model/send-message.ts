import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Pace } from "./step.ts";
import {
  blockEvents,
  endingEvents,
  type Identity,
  type MessageReply,
  messageStart,
  sseText,
} from "./wire.ts";

/** What `streamMessage` needs. */
export interface StreamMessageOptions {
  readonly response: ServerResponse;
  readonly identity: Identity;
  readonly reply: MessageReply;
  /** Ends every pause: the server closes, or the client has gone. */
  readonly signal: AbortSignal;
}

/** Streams an answer at its pace; breaks the connection where the script says so. */
export async function streamMessage({
  response,
  identity,
  reply,
  signal,
}: StreamMessageOptions): Promise<void> {
  const own = { "content-type": "text/event-stream", "cache-control": "no-cache" };
  response.writeHead(200, { ...reply.headers, ...own });
  response.write(sseText(messageStart(identity, reply.usage)));
  await keepSilent(response, reply.pace, signal);
  for (const [index, block] of reply.blocks.entries()) {
    const events = blockEvents(identity, block, index, reply.pace.chunkLength ?? 2_000);
    // A stream that breaks does so inside a block: the client must not take the block for complete.
    if (reply.ending.type === "cut") events.pop();
    for (const event of events) {
      response.write(sseText(event));
      if (event.type === "content_block_delta") await pause(reply.pace.betweenMs ?? 0, signal);
    }
  }
  if (reply.ending.type === "cut") {
    // What was written must be on its way before the connection goes.
    await pause(20, signal);
    response.destroy();
    return;
  }
  response.end(endingEvents(reply.ending, reply.usage).map(sseText).join(""));
}

async function keepSilent(response: ServerResponse, pace: Pace, signal: AbortSignal): Promise<void> {
  let left = pace.silenceMs ?? 0;
  while (left > 0) {
    const slice = Math.min(left, pace.pingEveryMs ?? left);
    await pause(slice, signal);
    left -= slice;
    if (left > 0) response.write(sseText({ type: "ping" }));
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // Timers hold 31 bits; a longer silence is one that only the signal ends.
  if (ms > 0) await sleep(Math.min(ms, 2 ** 31 - 1), undefined, { signal });
}
