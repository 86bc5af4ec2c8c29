import { E2eError } from "../../e2e-error.ts";
import { callApi } from "./api-request.ts";

/** One chunk of a run's log, as the host stored it. */
export interface LogLine {
  readonly ts: string;
  readonly stream: "stdout" | "stderr" | "system";
  readonly chunk: string;
  readonly seq?: number;
}

/** Which log, and how large its pages are. */
export interface ReadRunLogOptions {
  readonly url: string;
  readonly runId: string;
  /** Bytes. Default 1 MiB, the most that the host gives. */
  readonly pageBytes?: number;
}

const MAX_PAGE_BYTES = 1 << 20;

/**
 * A run's whole log.
 *
 * A page ends at a byte, in the middle of a line or of a character, which then reads as U+FFFD. So only the whole
 * lines of a page are taken, and the next page begins where they end. A run that has not begun has an empty log.
 * Throws `E2eError` `api_refused` if the host refuses, or if one line is larger than a page.
 */
export async function readRunLog(options: ReadRunLogOptions): Promise<LogLine[]> {
  const { runId, pageBytes = MAX_PAGE_BYTES } = options;
  const lines: LogLine[] = [];
  for (let offset = 0; ; ) {
    const page = await readPage(
      options.url,
      `/heartbeat-runs/${runId}/log?offset=${offset}&limitBytes=${pageBytes}`,
    );
    const end = page.content.lastIndexOf("\n") + 1;
    const whole = page.content.slice(0, end);
    for (const line of whole.split("\n")) if (line !== "") lines.push(JSON.parse(line) as LogLine);
    if (page.nextOffset === undefined || page.nextOffset === null) return lines;
    if (end === 0)
      throw new E2eError(
        "api_refused",
        `a line of the log of run ${runId} is longer than ${pageBytes} bytes`,
      );
    offset += Buffer.byteLength(whole);
  }
}

interface LogPage {
  readonly content: string;
  readonly nextOffset?: number | null;
  readonly error?: string;
}

async function readPage(url: string, path: string): Promise<LogPage> {
  const { status, body } = await callApi<LogPage>(url, { path });
  if (status < 400) return body;
  // The host makes the log when the run begins; an unknown run has another message.
  if (status === 404 && body.error === "Run log not found") return { content: "" };
  throw new E2eError("api_refused", `GET ${path}: ${status} ${JSON.stringify(body)}`);
}

/** What came on one stream, joined as the host's own transcript joins it. */
export function logText(lines: readonly LogLine[], stream: LogLine["stream"]): string {
  return lines
    .filter((line) => line.stream === stream)
    .map((line) => line.chunk)
    .join("");
}
