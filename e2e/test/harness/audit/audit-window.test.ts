import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AuditLog, openWindow } from "../../../src/audit/audit-window.ts";

let folder: string;
let log: AuditLog;
let count = 0;

/** An API server that answers at once and writes its log, in order, a while later. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "paperclip-k8s-window-"));
  const file = join(folder, "audit.jsonl");
  await writeFile(file, "");
  let written = Promise.resolve();
  const ask = async (name: string) => {
    count += 1;
    const entry = {
      auditID: `id-${count}`,
      verb: "get",
      requestURI: `/${name}`,
      user: { username: "host" },
      objectRef: { resource: "jobs", name },
      requestReceivedTimestamp: new Date(Date.UTC(2026, 0, 1) + count).toISOString(),
    };
    const line = `${JSON.stringify(entry)}\n`;
    const late = new Promise<void>((resolve) => setTimeout(resolve, 30));
    written = written.then(() => late).then(() => appendFile(file, line));
  };
  log = { file, ask };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const names = (entries: readonly { objectRef?: { name?: string } }[]) =>
  entries.map((e) => e.objectRef?.name);

test("requests that the log does not have yet are waited for", async () => {
  const window = await openWindow(log);
  for (let n = 1; n <= 5; n += 1) await log.ask(`job-${n}`);
  expect(names(await window.requests())).toEqual(["job-1", "job-2", "job-3", "job-4", "job-5"]);
});

test("requests from before the window are left out, though the log had them later", async () => {
  await log.ask("before");
  const window = await openWindow(log);
  await log.ask("within");
  expect(names(await window.requests())).toEqual(["within"]);
});

test("requests that come while the window is read belong to the next reading", async () => {
  let meanwhile = false;
  const busy: AuditLog = {
    file: log.file,
    ask: async (name) => {
      await log.ask(name);
      if (meanwhile) await log.ask("meanwhile");
    },
  };
  const window = await openWindow(busy);
  await log.ask("within");
  meanwhile = true;
  expect(names(await window.requests())).toEqual(["within"]);
  meanwhile = false;
  expect(names(await window.requests())).toContain("meanwhile");
});
