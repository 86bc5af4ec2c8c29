// Real file systems: tmpfs, ext4 on a file of its own, and an overlay as containers have it.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, open, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A file system for tests, or why there is none. */
export type Mount =
  | ({ readonly name: string; readonly folder: string } & AsyncDisposable)
  | { readonly name: string; readonly why: string };

const TMPFS = 0x01021994;
const MIB = 2 ** 20;

/** A folder on tmpfs, which most systems have mounted. */
export async function tmpfs(): Promise<Mount> {
  const name = "tmpfs";
  const type = await statfs("/dev/shm").then(
    (found) => found.type,
    () => undefined,
  );
  if (type !== TMPFS) return { name, why: "no tmpfs at /dev/shm" };
  const folder = await mkdtemp("/dev/shm/file-tailer-");
  return { name, folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

/** An ext4 of 64 MiB. */
export function ext4(): Promise<Mount> {
  return mount("ext4", async (base, folder) => {
    const image = join(base, "image");
    const handle = await open(image, "w");
    await handle.truncate(64 * MIB);
    await handle.close();
    await run("mkfs.ext4", ["-q", "-F", image]);
    await run("mount", ["-o", "loop", image, folder]);
  });
}

/** An overlay; its `lower` layer has the files that are named, with one line each. */
export function overlay(lowerFiles: readonly string[] = []): Promise<Mount> {
  return mount("overlay", async (base, folder) => {
    // An upper layer cannot lie on an overlay, as the temporary folder of a container does.
    const layers = join(base, "layers");
    await mkdir(layers);
    await run("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", layers]);
    const [lower, upper, work] = ["lower", "upper", "work"].map((part) => join(layers, part));
    for (const part of [lower, upper, work]) await mkdir(part!);
    for (const file of lowerFiles) {
      const handle = await open(join(lower!, file), "w");
      await handle.writeFile("lower\n");
      await handle.close();
    }
    const layered = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
    await run("mount", ["-t", "overlay", "-o", layered, "overlay", folder]);
  });
}

async function mount(name: string, make: (base: string, folder: string) => Promise<void>): Promise<Mount> {
  if (process.getuid?.() !== 0) return { name, why: "only root can mount it" };
  const base = await mkdtemp(join(tmpdir(), "file-tailer-mount-"));
  const folder = join(base, "mounted");
  await mkdir(folder);
  const undo = async (): Promise<void> => {
    for (const place of [folder, join(base, "layers")]) await run("umount", [place]).catch(() => {});
    await rm(base, { recursive: true });
  };
  try {
    await make(base, folder);
  } catch (error) {
    await undo();
    return { name, why: `it cannot be mounted here: ${(error as Error).message.split("\n")[0]}` };
  }
  return { name, folder, [Symbol.asyncDispose]: undo };
}
