import { chmod, copyFile, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findProgram } from "../processes/find-program.ts";
import { runCommand } from "../processes/run-command.ts";
import type { PresentCluster } from "./cluster.ts";
import { loadImage } from "./load-image.ts";

/** An image that holds some programs of this machine, with their libraries, and nothing else. */
export interface ProgramsImageOptions {
  readonly cluster: PresentCluster;
  /** Part of the image's name. */
  readonly name: string;
  /** Names of programs in this machine's `PATH`; they have the same paths in the image. */
  readonly programs: readonly string[];
  /** Further names in the image's `/bin`, and the program that each one is: `{ sh: "bash" }`. */
  readonly links: Readonly<Record<string, string>>;
  readonly env: NodeJS.ProcessEnv;
}

/** The image's name, or why there is none. */
export type ProgramsImage =
  | { readonly kind: "loaded"; readonly image: string }
  | { readonly kind: "missing"; readonly reason: string };

const DOCKERFILE = fileURLToPath(new URL("../../agent-image/programs.Dockerfile", import.meta.url));
/** What the container runtime mounts over: with a read-only root it could not make them. */
const MOUNT_POINTS = ["tmp", "proc", "dev", "sys"];

/** Makes the image, anew each time, since that takes a second, and gives it to the cluster's nodes. */
export async function loadProgramsImage(options: ProgramsImageOptions): Promise<ProgramsImage> {
  const { cluster, name, programs, links, env } = options;
  const pathOf = (program: string) => findProgram(program, env);
  const absent = programs.filter((program) => pathOf(program) === undefined);
  if (absent.length > 0) return { kind: "missing", reason: `this machine has no ${absent.join(", ")}` };
  const image = `paperclip-k8s/${name}:e2e`;
  const rootFolder = await mkdtemp(join(tmpdir(), "paperclip-k8s-programs-image-"));
  try {
    await chmod(rootFolder, 0o755);
    for (const folder of [...MOUNT_POINTS, "bin"]) await mkdir(join(rootFolder, folder));
    const files = await Promise.all(programs.map((program) => withLibraries(pathOf(program)!)));
    for (const file of new Set(files.flat())) await place(file, rootFolder);
    for (const [link, program] of Object.entries(links))
      await symlink(pathOf(program)!, join(rootFolder, "bin", link));
    await loadImage({ cluster, image, rootFolder, dockerfile: DOCKERFILE, base: "nothing", env });
  } finally {
    await rm(rootFolder, { recursive: true, force: true });
  }
  return { kind: "loaded", image };
}

/** The program and the libraries that the loader would give it. */
async function withLibraries(path: string): Promise<string[]> {
  // A static program has none, and ldd fails on it.
  const { stdout } = await runCommand({ command: "ldd", args: [path] }).catch(() => ({ stdout: "" }));
  return [path, ...(stdout.match(/\/\S+/g) ?? [])];
}

async function place(file: string, rootFolder: string): Promise<void> {
  const target = join(rootFolder, file);
  await mkdir(dirname(target), { recursive: true });
  await copyFile(file, target);
}
