import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { countRequests } from "../../../src/audit/count-requests.ts";
import { auditPosition, readAudit } from "../../../src/audit/read-audit.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "paperclip-k8s-audit-"));
  file = join(folder, "audit.jsonl");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function line(auditID: string, verb: string, resource: string, more: object = {}): string {
  const entry = {
    auditID,
    verb,
    requestURI: "/api",
    user: { username: "host" },
    userAgent: "node-fetch",
    objectRef: { resource, namespace: "one" },
    requestReceivedTimestamp: "2026-01-01T00:00:10.000000Z",
    ...more,
  };
  return `${JSON.stringify(entry)}\n`;
}

test("a watch counts once, though the log has its beginning and its end", async () => {
  await appendFile(
    file,
    line("a", "watch", "jobs") + line("b", "create", "jobs") + line("a", "watch", "jobs"),
  );
  expect(countRequests(await readAudit({ file }))).toEqual({ "create jobs": 1, "watch jobs": 1 });
});

test("a subresource is counted apart from its resource", async () => {
  const objectRef = { resource: "pods", subresource: "log" };
  await appendFile(file, line("a", "get", "pods", { objectRef }) + line("b", "get", "pods"));
  expect(countRequests(await readAudit({ file }))).toEqual({ "get pods": 1, "get pods/log": 1 });
});

test("reading from a position leaves out what came before", async () => {
  await appendFile(file, line("a", "create", "jobs"));
  const fromByte = await auditPosition(file);
  await appendFile(file, line("b", "delete", "jobs"));
  expect(countRequests(await readAudit({ file, fromByte }))).toEqual({ "delete jobs": 1 });
});

test("a line that is still being written is left out", async () => {
  await appendFile(file, line("a", "create", "jobs") + line("b", "delete", "jobs").slice(0, 40));
  expect(countRequests(await readAudit({ file }))).toEqual({ "create jobs": 1 });
});

test("a log that does not exist yet has the position 0", async () => {
  expect(await auditPosition(file)).toBe(0);
});

test.each([
  ["user", { user: "host" }, ["a"]],
  ["part of the user agent", { userAgent: "fetch" }, ["a", "b"]],
  ["verb", { verb: "list" }, ["b"]],
  ["resource", { resource: "pods" }, ["b"]],
  ["namespace", { namespace: "one" }, ["a"]],
  ["beginning of a time window", { since: Date.parse("2026-01-01T00:00:20Z") }, ["b"]],
  ["end of a time window", { until: Date.parse("2026-01-01T00:00:20Z") }, ["a"]],
])("requests are told apart by %s", async (_, filter, expected) => {
  const other = {
    user: { username: "admin" },
    objectRef: { resource: "pods", namespace: "two" },
    requestReceivedTimestamp: "2026-01-01T00:00:20.000000Z",
  };
  await appendFile(file, line("a", "create", "jobs") + line("b", "list", "pods", other));
  expect((await readAudit({ file, filter })).map((entry) => entry.auditID)).toEqual(expected);
});
