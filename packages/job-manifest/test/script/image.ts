// Images that hold nothing but a shell and its helpers, to run the script in as a container does.
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

/** Where an image sees the run directory. */
export const RUN_DIRECTORY = "/run-directory";

/** What the script and the agents of the tests use of coreutils; grep is not in it. */
const COREUTILS = [
  "cat",
  "chmod",
  "date",
  "dd",
  "env",
  "false",
  "head",
  "ls",
  "mkdir",
  "mv",
  "printf",
  "rm",
  "seq",
  "sha256sum",
  "sleep",
  "stat",
  "tail",
  "test",
  "true",
  "wc",
];

/** An image's root folder, by name. */
export interface Image {
  readonly name: "busybox" | "bash and coreutils" | "dash and coreutils";
  readonly root: string;
}

/** Makes the images that this machine has the parts for; empty where nobody is root. */
export function buildImages(): readonly Image[] {
  if (process.getuid?.() !== 0) {
    console.warn("skipped: images need root, for their mounts");
    return [];
  }
  return [busyboxImage(), shellImage("bash"), shellImage("dash")].filter((image) => image !== null);
}

/** Removes what `buildImages` made. */
export function removeImages(images: readonly Image[]): void {
  for (const { root } of images) rmSync(root, { recursive: true, force: true });
}

/**
 * The command that runs `argv` as PID 1 of an image: a root that is read-only, `/proc` and `/dev` of its own, `/tmp`
 * and the run directory to write into, no group but the user's.
 */
export function withinImage(options: {
  readonly image: Image;
  readonly directory: string;
  readonly uid: number;
  readonly terminationLog: string;
}): [string, ...string[]] {
  const { image, directory, uid, terminationLog } = options;
  const enter = ["/bin/sh", "-ec", ENTER, "enter", image.root, directory, String(uid), terminationLog];
  return ["unshare", "--pid", "--mount", "--fork", "--kill-child", ...enter];
}

const ENTER = `root=$1 directory=$2 uid=$3 log=$4
shift 4
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/dev"
for name in null zero full urandom termination-log; do : >"$root/dev/$name"; done
for name in null zero full urandom; do mount --bind "/dev/$name" "$root/dev/$name"; done
mount --bind "$log" "$root/dev/termination-log"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount --bind "$directory" "$root${RUN_DIRECTORY}"
mount -o remount,bind,ro "$root"
exec chroot "--userspec=$uid:$uid" --groups= "$root" "$@"`;

function emptyRoot(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "agent-image-")));
  chmodSync(root, 0o755);
  for (const folder of ["bin", "dev", "proc", "tmp", RUN_DIRECTORY]) mkdirSync(join(root, folder));
  return root;
}

function busyboxImage(): Image | null {
  const binary = found("busybox");
  if (!binary) return null;
  const root = emptyRoot();
  copyFileSync(binary, join(root, "bin/busybox"));
  copyLibraries(binary, root);
  for (const applet of execFileSync(binary, ["--list"], { encoding: "utf8" }).trim().split("\n")) {
    if (applet !== "busybox") symlinkSync("busybox", join(root, "bin", applet));
  }
  return { name: "busybox", root };
}

function shellImage(shell: "bash" | "dash"): Image | null {
  const binaries = [shell, ...COREUTILS].map((name) => found(name));
  if (binaries.includes(null)) return null;
  const root = emptyRoot();
  for (const binary of binaries as string[]) {
    copyFileSync(binary, join(root, "bin", basename(binary)));
    copyLibraries(binary, root);
  }
  symlinkSync(shell, join(root, "bin/sh"));
  return { name: `${shell} and coreutils`, root };
}

/** The file that the name leads to, links not followed to their end: the name is what it is called by. */
function found(name: string): string | null {
  for (const folder of ["/usr/bin", "/bin"]) {
    if (existsSync(join(folder, name))) return join(folder, name);
  }
  console.warn(`skipped: ${name} is not available here`);
  return null;
}

function copyLibraries(binary: string, root: string): void {
  const { stdout } = spawnSync("ldd", [binary], { encoding: "utf8" });
  for (const [, library] of stdout.matchAll(/(\/\S+)(?= \()/g)) {
    mkdirSync(join(root, dirname(library!)), { recursive: true });
    if (!existsSync(join(root, library!))) copyFileSync(library!, join(root, library!));
  }
}
