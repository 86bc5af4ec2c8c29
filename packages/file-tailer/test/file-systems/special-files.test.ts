import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TailOptions, tailFile } from "../../src/index.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "file-tailer-special-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Long before the default bounds are over; a path that waiting does not cure is refused at its first look. */
const SOON: TailOptions = { pollIntervalMs: 20, waitForFileMs: 400, errorBudgetMs: 400, retryMaxMs: 50 };

/** The error that following the path ends with. */
async function errorOf(path: string): Promise<unknown> {
  try {
    for await (const _ of tailFile(path, SOON));
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("what is no regular file is refused at once", () => {
  test("a pipe, which would keep a thread for ever", async () => {
    const path = join(folder, "pipe");
    execFileSync("mkfifo", [path]);
    expect(await errorOf(path)).toMatchObject({ code: "not_a_file", message: `Not a regular file: ${path}` });
  });

  test("a directory", async () => {
    expect(await errorOf(folder)).toMatchObject({ code: "not_a_file", path: folder });
  });

  test("a device", async () => {
    expect(await errorOf("/dev/null")).toMatchObject({ code: "not_a_file" });
  });

  test("a socket", async () => {
    const path = join(folder, "socket");
    const server = createServer().listen(path);
    await once(server, "listening");
    expect(await errorOf(path)).toMatchObject({ code: "not_a_file" });
    server.close();
  });

  test("a pipe that takes the place of the file", async () => {
    const path = join(folder, "log");
    await writeFile(path, "one\n");
    const tail = tailFile(path, { ...SOON, reopen: "always" });
    const ended = (async () => {
      for await (const _ of tail) {
        execFileSync("mkfifo", [`${path}.pipe`]);
        execFileSync("mv", ["-f", `${path}.pipe`, path]);
      }
    })();
    await expect(ended).rejects.toMatchObject({ code: "not_a_file" });
  });
});

describe("a path that names nothing", () => {
  test.each([
    { what: "a link to nothing", code: "file_never_appeared", says: "No file within 400 ms" },
    { what: "a loop of links", code: "io_error", says: "ELOOP" },
    { what: "a path below a file", code: "io_error", says: "ENOTDIR" },
    { what: "a name that is too long", code: "io_error", says: "ENAMETOOLONG" },
  ])("is told: $what", async ({ what, code, says }) => {
    await symlink(join(folder, "nothing"), join(folder, "a link to nothing"));
    await symlink(join(folder, "a loop of links"), join(folder, "a loop of links"));
    await writeFile(join(folder, "file"), "");
    const names: Record<string, string> = {
      "a path below a file": "file/below",
      "a name that is too long": "n".repeat(300),
    };
    const path = join(folder, names[what] ?? what);
    const error = await errorOf(path);
    expect(error).toMatchObject({ code, path });
    expect(String(error)).toContain(says);
    expect(String(error)).toContain(path);
  });

  test("is followed once it names a file", async () => {
    const path = join(folder, "link");
    await symlink(join(folder, "target"), path);
    const tail = tailFile(path, { ...SOON, waitForFileMs: 10_000 });
    setTimeout(() => void writeFile(join(folder, "target"), "one\n"), 100);
    for await (const [line] of tail) {
      expect(line?.text).toBe("one");
      break;
    }
  });
});

/** Root may read everything. */
const isRoot = process.getuid?.() === 0;

describe.skipIf(!isRoot)("a file that may not be read (needs root, which becomes somebody else)", () => {
  afterEach(() => {
    process.seteuid?.(0);
  });

  test("is waited for, and told when the budget is over", async () => {
    const path = join(folder, "secret");
    await chmod(folder, 0o755);
    await writeFile(path, "one\n", { mode: 0o600 });
    process.seteuid?.(65_534);
    expect((await stat(path)).size).toBe(4);
    const error = await errorOf(path);
    expect(error).toMatchObject({ code: "io_error", path, message: `Cannot read ${path}: EACCES` });
  });
});
