// Versions of OpenCode that end with 0 whatever happened, played by a program that prints what the real one recorded.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openCodeStage, runOpenCode } from "./support/real-runs.ts";
import { recording } from "./support/recordings.ts";

const bin = mkdtempSync(join(tmpdir(), "opencode-bin-"));
chmodSync(bin, 0o755);
const lines = recording("api-401").lines.join("\n");
writeFileSync(join(bin, "opencode"), `#!/bin/sh\ncat <<'END'\n${lines}\nEND\n`, { mode: 0o755 });
chmodSync(join(bin, "opencode"), 0o755);
afterAll(() => rmSync(bin, { recursive: true }));

const stage = openCodeStage(bin);

it("C18: an error event is a failure, although the exit code is 0", async () => {
  const { result, stdout } = await runOpenCode([], { stage: stage() });
  expect(stdout).toBe(`${lines}\n`);
  expect(result).toMatchObject({
    ...{ exitCode: 0, errorCode: "opencode_auth_required" },
    errorMessage: expect.stringMatching(/^OpenCode failed: invalid x-api-key\. Give the agent credentials/),
  });
  await stage().nothingLeft();
});
