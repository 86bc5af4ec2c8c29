// Makes a recording independent of the machine and the moment, without changing its shape.

import type { Places } from "./record-situations.ts";

const uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
/** The session that is asked for by hand. */
const kept = /^11111111-/;

/** A sanitizer; a UUID gets the same stand-in wherever the same sanitizer sees it. */
export function createSanitizer({ home, cwd }: Places): (text: string) => string {
  const ids = new Map<string, string>();
  const standIn = (id: string): string => {
    if (kept.test(id)) return id;
    const known = ids.get(id) ?? `00000000-0000-4000-8000-${String(ids.size + 1).padStart(12, "0")}`;
    ids.set(id, known);
    return known;
  };
  return (text) =>
    withoutTaskIds(text)
      .replaceAll(home, "/home/agent")
      .replaceAll(cwd, "/workspace")
      .replaceAll(asProjectName(cwd), "-workspace")
      .replace(uuid, standIn)
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "2026-01-01T00:00:00.000Z")
      .replace(/("[a-z_]*(?:duration|ttft|time_to_request|first_content_frame)[a-z_]*_ms":)\d+/g, "$110")
      .replace(/("retry_delay_ms":)[\d.]+/g, "$1500")
      .replace(/("(?:ttft|time_to_request|first_content_frame)_ms":)\d+/g, "$110")
      .replace(/("duration_api_ms":)\d+/g, "$110")
      .replace(/("end_time":)\d+/g, "$11767225600000")
      .replace(/("run_?id":")[^"]+/gi, "$1run-1")
      .replace(/("totalDurationMs":)\d+/g, "$110")
      .replace(/(duration_ms: )\d+/g, "$110")
      .replace(/\ba[0-9a-f]{16}\b/g, "a0000000000000001")
      .replace(/("harnessSectionHash":")[0-9a-f]+/g, "$10000000000000000")
      .replace(/cc-socks\/\d+\.sock/g, "cc-socks/1.sock")
      .replace(/\/tmp\/claude-\d+/g, "/tmp/claude-0")
      .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:1");
}

/** Tasks get their numbers in the order in which they come. */
function withoutTaskIds(text: string): string {
  const ids = [...new Set(Array.from(text.matchAll(/"task_id":"([^"]+)"/g), (match) => match[1] ?? ""))];
  return ids.reduce((result, id, at) => result.replaceAll(id, `task-${at + 1}`), text);
}

/** The CLI names a project's folder by its path, everything but letters and digits as dashes. */
function asProjectName(path: string): string {
  return path.replace(/[^A-Za-z0-9]/g, "-");
}
