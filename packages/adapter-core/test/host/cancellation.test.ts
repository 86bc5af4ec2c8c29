import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { hostApiUrl, listenForCancel } from "../../src/host/cancellation.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { fakeHost } from "../support/host.ts";
import { serve } from "../support/status-server.ts";
import { until } from "../support/until.ts";

type Answer = { readonly status?: number; readonly body: string };

/** A host of the older version, whose API gives these answers in turn, the last one for ever. */
async function polled(...answers: Answer[]) {
  const requests: { url: string | undefined; authorization: string | undefined }[] = [];
  const server = await serve((request, response) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)]!;
    requests.push({ url: request.url, authorization: request.headers.authorization });
    response.writeHead(answer.status ?? 200).end(answer.body);
  });
  const clock = fakeClock();
  let asked = 0;
  let answered = 0;
  const host = fakeHost({
    clock,
    fetch: async (...args) => {
      asked += 1;
      return fetch(...args).finally(() => {
        answered += 1;
      });
    },
  });
  const cancellation = await listenForCancel(host, { runId: "run-1", authToken: "jwt" }, server.url);
  onTestFinished(async () => {
    cancellation.stop();
    await server[Symbol.asyncDispose]();
  });
  /** The time of one poll, and its answer. */
  const poll = async () => {
    const before = { asked, pending: answered };
    await clock.advance(15_000);
    await until("a poll", () => asked > before.asked && answered > before.pending);
    // The body, and what follows from it.
    await until("the next wait, or the cancel", () => clock.pending > 0 || cancellation.signal.aborted);
    await turn();
  };
  return { ...cancellation, requests, clock, poll, server };
}

const status = (value: string): Answer => ({ body: JSON.stringify({ status: value }) });

describe("with a signal", () => {
  it("opts in before it resolves, and hands on the host's own signal", async () => {
    const order: string[] = [];
    const { signal } = new AbortController();
    const onCancellationReady = async () => {
      await turn();
      order.push("opted in");
    };
    const found = await listenForCancel(fakeHost(), { runId: "r", signal, onCancellationReady }, "");
    order.push("listening");
    expect(order).toEqual(["opted in", "listening"]);
    expect(found.signal).toBe(signal);
  });

  it("an opt-in that the host cannot note does not end the run", async () => {
    const { signal } = new AbortController();
    const onCancellationReady = () => Promise.reject(new Error("database is away"));
    await expect(
      listenForCancel(fakeHost(), { runId: "r", signal, onCancellationReady }, ""),
    ).resolves.toMatchObject({ signal });
  });

  it("does not poll", async () => {
    const clock = fakeClock();
    const { signal } = new AbortController();
    await listenForCancel(fakeHost({ clock }), { runId: "r", signal, authToken: "jwt" }, "http://host");
    expect(clock.pending).toBe(0);
  });
});

describe("H3: without a signal", () => {
  it("asks for the run every 15 s with the run's own token, and cancels when it is cancelled", async () => {
    const { signal, requests, poll, clock } = await polled(status("running"), status("cancelled"));
    await clock.advance(14_999);
    expect(requests).toEqual([]);
    await clock.advance(1);
    await until("the first poll", () => requests.length === 1 && clock.pending > 0);
    expect(requests[0]).toEqual({ url: "/api/heartbeat-runs/run-1", authorization: "Bearer jwt" });
    expect(signal.aborted).toBe(false);
    await poll();
    expect(signal.aborted).toBe(true);
    expect(String(signal.reason)).toContain("cancelled on the host");
  });

  it.each<[string, Answer]>([
    ["401", { status: 401, body: `{"status":"cancelled"}` }],
    ["404", { status: 404, body: `{"status":"cancelled"}` }],
    ["500", { status: 500, body: `{"status":"cancelled"}` }],
    ["a run that succeeded", status("succeeded")],
    ["a run that failed", status("failed")],
    ["broken JSON", { body: `{"status":"cancelled"` }],
    ["null", { body: "null" }],
    ["a list", { body: "[]" }],
  ])("X5: %s is no cancel, and the next answer counts again", async (_what, answer) => {
    const { signal, poll, requests } = await polled(answer, answer, status("cancelled"));
    await poll();
    await poll();
    expect(requests).toHaveLength(2);
    expect(signal.aborted).toBe(false);
    await poll();
    expect(signal.aborted).toBe(true);
  });

  it("X5: a connection that is refused is no cancel", async () => {
    const { signal, poll, server, requests } = await polled(status("cancelled"));
    await server[Symbol.asyncDispose]();
    await poll();
    await poll();
    expect(requests).toEqual([]);
    expect(signal.aborted).toBe(false);
  });

  it("stop() ends the loop", async () => {
    const { stop, clock, requests, signal } = await polled(status("cancelled"));
    expect(clock.pending).toBe(1);
    stop();
    await turn();
    expect(clock.pending).toBe(0);
    await clock.advance(60_000);
    expect(requests).toEqual([]);
    expect(signal.aborted).toBe(false);
  });

  it("without a token nobody is asked", async () => {
    const clock = fakeClock();
    const { signal } = await listenForCancel(fakeHost({ clock }), { runId: "r" }, "http://host");
    expect(clock.pending).toBe(0);
    expect(signal.aborted).toBe(false);
  });
});

describe("the address of the host's API", () => {
  it.each([
    [
      { PAPERCLIP_API_URL: "http://a/", PAPERCLIP_RUNTIME_API_URL: "http://b" },
      { PAPERCLIP_API_URL: "http://c" },
      "http://a",
    ],
    [{ PAPERCLIP_RUNTIME_API_URL: "http://b" }, { PAPERCLIP_API_URL: "http://c" }, "http://b"],
    [{}, { PAPERCLIP_API_URL: "http://c//" }, "http://c"],
    [{}, {}, "http://localhost:3100"],
    [{ HOST: "0.0.0.0", PORT: "80" }, {}, "http://localhost:80"],
    [
      { PAPERCLIP_LISTEN_HOST: "::1", PAPERCLIP_LISTEN_PORT: "81", HOST: "x", PORT: "80" },
      {},
      "http://[::1]:81",
    ],
  ])("of host %j and config %j is %s", (environment, configured, url) => {
    expect(hostApiUrl(environment, configured as Record<string, string>)).toBe(url);
  });
});
