import { describe, expect, test } from "vitest";
import { followBoth } from "./follow-both.ts";
import { mountStalefs, STALEFS, WHY_SKIPPED } from "./mount-stalefs.ts";

const ALL = ["--stat-lag", "1", "--stat-backward", "0.1", "--needs-reopen", "--hole", "0.3", "--short-reads"];

const FAULTS = [
  { fault: "a size that is frozen (L12)", flags: ["--stat-frozen"] },
  { fault: "a size that lags behind", flags: ["--stat-lag", "2"] },
  { fault: "a size that goes backwards (L13)", flags: ["--stat-backward", "0.3"] },
  { fault: "a handle that never sees new bytes", flags: ["--needs-reopen"] },
  { fault: "zeros at the frontier", flags: ["--hole", "0.3"] },
  { fault: "ESTALE (L15)", flags: ["--error", "ESTALE=0.1"] },
  { fault: "EIO", flags: ["--error", "EIO=0.1"] },
  { fault: "ETIMEDOUT and EAGAIN", flags: ["--error", "ETIMEDOUT=0.1", "--error", "EAGAIN=0.1"] },
  { fault: "latency", flags: ["--latency", "0.04"] },
  { fault: "short reads", flags: ["--short-reads"] },
  { fault: "a frozen size and dead handles", flags: ["--stat-frozen", "--needs-reopen"] },
  { fault: "all of it together", flags: [...ALL, "--error", "ESTALE=0.03", "--error", "EIO=0.03"] },
] as const;

describe.skipIf(!STALEFS)(`a file system with${WHY_SKIPPED}`, { concurrent: true }, () => {
  test.each(FAULTS)("$fault: a naive tailer fails, this one has each line once", async ({ flags }) => {
    await using mounted = await mountStalefs(flags);
    const { texts, expectedBytes, ours, naive } = await followBoth(mounted);
    expect(naive).not.toEqual(texts);
    expect(ours.lines.map(({ text }) => text)).toEqual(texts);
    expect(ours.lines[0]).toMatchObject({ start: 0 });
    for (const [i, { start }] of ours.lines.slice(1).entries()) expect(start).toBe(ours.lines[i]?.end);
    expect(ours.result).toMatchObject({
      complete: true,
      bytes: expectedBytes,
      offset: expectedBytes,
      holes: 0,
    });
  });
});
