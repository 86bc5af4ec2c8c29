import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readReport, reportCommand } from "../../src/checks/test-pod/pod-report.ts";
import { serve } from "../support/status-server.ts";

const run = promisify(execFile);
/** What every image has. */
const USUAL = ["sh", "head", "tail", "cut"];

let folder: string;
let healthy: Awaited<ReturnType<typeof serve>>;
let refusing: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pod-report-"));
  healthy = await serve((request, answer) =>
    answer.writeHead(request.url === "/api/health" ? 200 : 404).end("{}"),
  );
  refusing = await serve((_request, answer) => answer.writeHead(403).end("no"));
});
afterAll(async () => {
  await healthy[Symbol.asyncDispose]();
  await refusing[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function pathOf(program: string): Promise<string | null> {
  if (program === "node") return process.execPath;
  return run("sh", ["-c", 'command -v "$1"', "sh", program]).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
}

/** A PATH with these programs alone. */
async function image(name: string, programs: readonly string[]): Promise<string> {
  const bin = await mkdtemp(join(folder, `${name}-`));
  for (const program of [...USUAL, ...programs]) {
    const path = await pathOf(program);
    if (path !== null) await symlink(path, join(bin, program));
  }
  return bin;
}

async function report(options: { bin: string; url: string; shell?: readonly string[] }) {
  const [, ...args] = reportCommand("agent-cli");
  const { shell = ["/bin/sh"], bin, url } = options;
  const [program, ...before] = shell;
  const env = { PATH: bin, PAPERCLIP_API_URL: url };
  const { stdout } = await run(program!, [...before, ...args], { env, timeout: 20_000 });
  return readReport(stdout.split("\n"));
}

describe("the report of a test pod", () => {
  for (const program of ["curl", "wget", "node", "bash"]) {
    const programs = program === "bash" ? ["bash", "timeout"] : [program];

    it(`asks Paperclip by ${program}`, async (context) => {
      if ((await pathOf(program)) === null) return context.skip(`${program} is not installed`);
      const bin = await image(program, programs);
      expect((await report({ bin, url: healthy.url }))?.api).toEqual({ kind: "answered", status: 200 });
      expect((await report({ bin, url: `${healthy.url}/` }))?.api).toEqual({ kind: "answered", status: 200 });
      const refused = (await report({ bin, url: refusing.url }))?.api;
      if (program === "wget")
        expect(refused).toMatchObject({ kind: "unreachable", said: expect.any(String) });
      else expect(refused).toEqual({ kind: "answered", status: 403 });
      const away = (await report({ bin, url: "http://127.0.0.1:9" }))?.api;
      expect(away).toMatchObject({ kind: "unreachable", said: expect.stringMatching(/\S/) });
    });
  }

  for (const shell of [["/bin/dash"], ["/bin/bash", "--norc"], ["busybox", "ash"]]) {
    it(`is the same in ${shell.join(" ")}`, async (context) => {
      const program = await pathOf(shell[0]!);
      if (program === null) return context.skip(`${shell[0]} is not installed`);
      const bin = await image("shells", ["node"]);
      await writeFile(join(bin, "agent-cli"), "#!/bin/sh\nprintf '%s\\n' '2.0 \\t %s' more\n", {
        mode: 0o755,
      });
      expect(await report({ bin, url: healthy.url, shell: [program, ...shell.slice(1)] })).toEqual({
        cli: { kind: "present", version: "2.0 \\t %s" },
        api: { kind: "answered", status: 200 },
      });
    });
  }

  it("says so where the image has nothing to ask with, and no agent CLI", async () => {
    const bin = await image("bare", []);
    expect(await report({ bin, url: healthy.url })).toEqual({
      cli: { kind: "missing" },
      api: { kind: "unasked" },
    });
    expect(
      await report({ bin: await image("tls", ["bash", "timeout"]), url: "https://127.0.0.1:9" }),
    ).toMatchObject({
      api: { kind: "unasked" },
    });
  });

  it("a host that does not answer is given up", async () => {
    await using silent = await serve(() => {});
    const bin = await image("silent", ["bash", "timeout"]);
    expect((await report({ bin, url: silent.url }))?.api).toEqual({
      ...{ kind: "unreachable", said: "no answer within 10 s" },
    });
  }, 30_000);

  it("is null where a line is missing", () => {
    expect(readReport(["cli missing"])).toBeNull();
    expect(readReport(["api unasked", "cli what"])).toBeNull();
  });
});
