// What a container wrote, bounded, with the time of each line; readers may follow.

/** What a reader wants. */
export interface LogQuery {
  readonly timestamps?: boolean;
  readonly tailLines?: number | undefined;
  readonly limitBytes?: number | undefined;
  /** Milliseconds since the epoch. */
  readonly since?: number | undefined;
  readonly follow?: boolean;
}

export interface LogReader {
  write(chunk: Buffer): void;
  end(): void;
}

/** The output of one container. */
export interface ContainerLog {
  /** Adds output of one stream; an unfinished line waits for its rest. */
  append(chunk: Buffer, stream: "stdout" | "stderr"): void;
  /** Writes unfinished lines, and ends the followers. */
  close(): void;
  /** Reads what there is, and with `follow` what comes; the returned function stops. */
  read(query: LogQuery, reader: LogReader): () => void;
}

interface Line {
  readonly at: number;
  readonly bytes: Buffer;
}

/** The kubelet keeps 10 MiB of a container's log before it rotates. */
const keptBytes = 10 * 1024 * 1024;

/** A new log. */
export function createContainerLog(now: () => number): ContainerLog {
  const lines: Line[] = [];
  const partial: Record<"stdout" | "stderr", Buffer[]> = { stdout: [], stderr: [] };
  const followers = new Set<(line: Line) => void>();
  const onClose = new Set<() => void>();
  let bytes = 0;
  let closed = false;

  const push = (chunk: Buffer): void => {
    const line: Line = { at: now(), bytes: chunk };
    lines.push(line);
    bytes += chunk.length;
    let drop = 0;
    while (bytes > keptBytes && drop < lines.length - 1) bytes -= lines[drop++]!.bytes.length;
    if (drop > 0) lines.splice(0, drop);
    for (const follower of followers) follower(line);
  };
  const flush = (stream: "stdout" | "stderr"): void => {
    if (partial[stream].length === 0) return;
    const rest = Buffer.concat(partial[stream]);
    partial[stream] = [];
    push(rest);
  };

  return {
    append(chunk, stream) {
      let start = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
        partial[stream].push(chunk.subarray(start, end + 1));
        flush(stream);
        start = end + 1;
      }
      if (start < chunk.length) partial[stream].push(Buffer.from(chunk.subarray(start)));
    },
    close() {
      if (closed) return;
      flush("stdout");
      flush("stderr");
      closed = true;
      for (const end of [...onClose]) end();
    },
    read(query, reader) {
      let budget = query.limitBytes ?? Number.POSITIVE_INFINITY;
      const send = ({ at, bytes: content }: Line): void => {
        if (budget <= 0) return;
        const stamp = query.timestamps === true ? Buffer.from(`${nanoTimestamp(at)} `) : Buffer.alloc(0);
        const chunk = Buffer.concat([stamp, content]).subarray(0, Math.min(budget, 2 ** 31));
        budget -= chunk.length;
        reader.write(chunk);
      };
      const since = lines.filter((line) => query.since === undefined || line.at >= query.since);
      const shown =
        query.tailLines === undefined ? since : query.tailLines === 0 ? [] : since.slice(-query.tailLines);
      for (const line of shown) send(line);
      const stop = (): void => {
        followers.delete(send);
        onClose.delete(end);
      };
      const end = (): void => {
        stop();
        reader.end();
      };
      if (query.follow !== true || closed || budget <= 0) end();
      else {
        followers.add(send);
        onClose.add(end);
      }
      return stop;
    },
  };
}

function nanoTimestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}000000Z`;
}
