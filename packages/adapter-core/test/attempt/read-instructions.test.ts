import { execFileSync } from "node:child_process";
import { constants } from "node:fs";
import { mkdir, mkdtemp, open, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readInstructions } from "../../src/attempt/read-instructions.ts";

let root: string;
let volume: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "instructions-"));
  volume = join(root, "volume");
  await mkdir(join(volume, "agents"), { recursive: true });
  await writeFile(join(root, "secret"), "the host's key");
});
afterEach(() => rm(root, { recursive: true }));

const read = (instructionsFilePath: string, volumeHostPath = volume, subPathIsolation = false) =>
  readInstructions({ instructionsFilePath, volumeHostPath, volumeMountPath: "/paperclip", subPathIsolation });
const onVolume = () => join(volume, "agents/AGENTS.md");

describe("K4: a file on the shared volume, where agents can write", () => {
  it("is read where it is a file, and where a link leads to one of the volume", async () => {
    await writeFile(join(volume, "text"), "Be brief.");
    await symlink("../text", onVolume());
    expect(await read(join(volume, "text"))).toMatch(/^Be brief\./u);
    expect(await read(onVolume())).toMatch(/^Be brief\./u);
  });

  it("is refused where a link leads to the host's secrets", async () => {
    await symlink("/proc/self/environ", onVolume());
    await expect(read(onVolume())).rejects.toMatchObject({
      code: "instructions_unreadable",
      message: expect.stringMatching(
        /^instructionsFilePath: .*AGENTS\.md is on the shared volume, where agents can write, and leads out of it, to \/proc\/\d+\/environ: put the file itself there/u,
      ),
    });
  });

  it("is refused where its folder is a link that leads out", async () => {
    await symlink(root, join(volume, "out"));
    await expect(read(join(volume, "out/secret"))).rejects.toThrow("leads out of it");
  });

  it("is told by its folder where the configured path only leads to the volume", async () => {
    await symlink(join(volume, "agents"), join(root, "agents"));
    await symlink(join(root, "secret"), onVolume());
    await expect(read(join(root, "agents/AGENTS.md"))).rejects.toThrow("leads out of it");
  });

  it("is told to be there by any path of the volume", async () => {
    await symlink(volume, join(root, "mounted"));
    await writeFile(onVolume(), "Be brief.");
    expect(await read(onVolume(), join(root, "mounted"))).toMatch(/^Be brief\./u);
    expect(await read(join(root, "mounted/agents/AGENTS.md"), join(root, "mounted"))).toMatch(/^Be brief\./u);
  });
});

it("a file on the host's own disk may be a link, as those of a mounted ConfigMap are", async () => {
  await mkdir(join(root, "map/..2026"), { recursive: true });
  await writeFile(join(root, "map/..2026/AGENTS.md"), "Be brief.");
  await symlink("..2026", join(root, "map/..data"));
  await symlink("..data/AGENTS.md", join(root, "map/AGENTS.md"));
  expect(await read(join(root, "map/AGENTS.md"))).toBe("Be brief.");
  expect(await read(join(root, "map/AGENTS.md"), "/no/such/volume")).toBe("Be brief.");
});

it("a FIFO in the place of the file does not keep the run", async () => {
  execFileSync("mkfifo", [onVolume()]);
  const reading = read(onVolume()).then(String, (error: Error) => error.message);
  const kept = new Promise((resolve) => setTimeout(resolve, 2000, "kept"));
  const first = await Promise.race([reading, kept]);
  // Lets go of whoever waits for a writer.
  const writer = await open(onVolume(), constants.O_RDWR | constants.O_NONBLOCK);
  await writer.close();
  expect(first).toBe(
    `instructionsFilePath: ${onVolume()} is no regular file: name a text file, or clear the field`,
  );
});

it("a folder is named for what it is", async () => {
  await expect(read(volume)).rejects.toThrow(`${volume} is no regular file: name a text file`);
});

it("a file above 1 MiB is refused, not read", async () => {
  await writeFile(onVolume(), "x".repeat(1024 * 1024));
  expect(await read(onVolume())).toContain("xxx");
  await truncate(onVolume(), 1024 * 1024 + 1);
  await expect(read(onVolume())).rejects.toThrow(
    `instructionsFilePath: ${onVolume()} is larger than 1 MiB: shorten it, or clear the field`,
  );
});

describe("the files beside the instructions", () => {
  it("are told to be where the pod sees their folder", async () => {
    await writeFile(onVolume(), "Read ./HEARTBEAT.md.\n");
    expect(await read(onVolume())).toBe(
      "Read ./HEARTBEAT.md.\n\nA file that these instructions name by a relative path is in /paperclip/agents, not in your working directory.\n",
    );
  });

  it("are not told where no pod sees their folder", async () => {
    await writeFile(join(root, "AGENTS.md"), "Read ./HEARTBEAT.md.\n");
    expect(await read(join(root, "AGENTS.md"))).toBe("Read ./HEARTBEAT.md.\n");
    await writeFile(onVolume(), "Read ./HEARTBEAT.md.\n");
    expect(await read(onVolume(), volume, true)).toBe("Read ./HEARTBEAT.md.\n");
  });

  it("are not told of an empty file", async () => {
    await writeFile(onVolume(), " \n");
    expect(await read(onVolume())).toBe(" \n");
  });
});
