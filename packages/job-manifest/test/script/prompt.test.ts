import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { describePlaces, runAgent, sh } from "./run-agent.ts";

describePlaces("the prompt", (place) => {
  test("of 0 bytes is an empty stdin", async () => {
    const ended = await runAgent(place, { command: sh("wc -c") });
    expect(ended.stdout.toString().trim()).toBe("0");
  });

  test("K2 of 5 MiB arrives unchanged", async () => {
    const prompt = "A prompt with ümlauts and $(no) `shell` in it.\n".repeat(110_000);
    const ended = await runAgent(place, { prompt, command: sh("sha256sum") });
    expect(ended.stdout.toString().split(" ")[0]).toBe(createHash("sha256").update(prompt).digest("hex"));
  });
});
