import { chmod, chown, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type AgentRunSpec,
  emptyExitRecord,
  promptPlacement,
  type RunFiles,
  runFiles,
} from "@paperclip-k8s/job-manifest";

/** Whose the files become. */
export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
}

/** The files that the host makes before it resumes the Job. */
export interface MakeRunFilesOptions {
  readonly spec: AgentRunSpec;
  /** The volume as this machine sees it. */
  readonly volumeFolder: string;
  readonly owner: FileOwner;
}

const FOLDER_MODE = 0o770;
const FILE_MODE = 0o660;

/** The run's files as this machine sees them. */
export function filesOnHost(spec: AgentRunSpec, volumeFolder: string): RunFiles {
  const { runId, attempt } = spec.identity;
  return runFiles({ directory: join(volumeFolder, spec.runDirectory), runId, attempt });
}

/** Makes run directory, working directory and files as a host does: all of them there before the pod is. */
export async function makeRunFiles(options: MakeRunFilesOptions): Promise<RunFiles> {
  const { spec, volumeFolder, owner } = options;
  const files = filesOnHost(spec, volumeFolder);
  for (const path of [spec.runDirectory, ...workingFolder(spec)])
    await makeFolder(join(volumeFolder, path), owner);
  await makeFile(files.stdout, "", FILE_MODE, owner);
  await makeFile(files.stderr, "", FILE_MODE, owner);
  await makeFile(files.exit, emptyExitRecord(), FILE_MODE, owner);
  const prompt = promptPlacement(spec);
  if (prompt.kind === "file")
    await makeFile(join(dirname(files.stdout), prompt.name), spec.prompt, prompt.mode, owner);
  return files;
}

/** A folder and what is missing above it, each one the owner's. */
export async function makeFolder(folder: string, owner: FileOwner): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made))
    await give(made, FOLDER_MODE, owner);
}

/** The working directory, where it lies on the volume. */
function workingFolder({ workingDirectory, volume }: AgentRunSpec): string[] {
  const prefix = `${volume.mountPath}/`;
  return workingDirectory.startsWith(prefix) ? [workingDirectory.slice(prefix.length)] : [];
}

async function makeFile(path: string, text: string, mode: number, owner: FileOwner): Promise<void> {
  await writeFile(path, text, { flag: "wx" });
  await give(path, mode, owner);
}

async function give(path: string, mode: number, { uid, gid }: FileOwner): Promise<void> {
  await chmod(path, mode);
  // Only root may give files away; anybody else runs its pods as itself.
  if (process.getuid?.() === 0) await chown(path, uid, gid);
}
