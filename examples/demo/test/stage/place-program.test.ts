import { chmod, lstat, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { placeProgram } from "../../src/stage/place-program.ts";

describe("placing a program", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "demo-test-")));
    await chmod(folder, 0o711);
    await mkdir(join(folder, "home"), { mode: 0o711 });
    await writeFile(join(folder, "home", "program"), "#!/bin/sh\n", { mode: 0o755 });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function placed() {
    const bin = join(folder, "bin");
    await placeProgram({ program: join(folder, "home", "program"), name: "claude", folder: bin });
    expect(await readFile(join(bin, "claude"), "utf8")).toBe("#!/bin/sh\n");
    return lstat(join(bin, "claude"));
  }

  test("links to one that everybody may run", async () => {
    expect((await placed()).isSymbolicLink()).toBe(true);
  });

  test("takes one out of a home that is closed to others, such as root's", async () => {
    await chmod(join(folder, "home"), 0o700);
    const file = await placed();
    expect(file.isSymbolicLink()).toBe(false);
    expect(file.mode & 0o111).toBe(0o111);
  });
});
