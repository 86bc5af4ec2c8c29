import { setTimeout as sleep } from "node:timers/promises";

/** Asks again until there is an answer; for what only the API itself can tell. Fails after `timeoutMs`. */
export async function until<T>(
  ask: () => Promise<T | undefined> | T | undefined,
  timeoutMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`nothing within ${timeoutMs} ms`);
    await sleep(20);
  }
}
