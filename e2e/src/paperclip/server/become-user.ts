import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { HostUser } from "../../namespace/host-user.ts";

/** A command that runs as somebody else. */
export interface BecomeUserOptions {
  readonly user: HostUser;
  /** A folder of the suite, for the account file. */
  readonly folder: string;
  readonly command: readonly [string, ...string[]];
}

/** `$1` is the account file, the rest the command. */
const WITH_ACCOUNTS = 'mount --bind "$1" /etc/passwd && shift && exec "$@"';

/** The suite may be killed; its server must not outlive it. Set last, since a change of user takes it away. */
const END_WITH_SUITE = ["setpriv", "--pdeathsig", "TERM"] as const;

/**
 * The command line that runs a command as the host user, with the same pid from beginning to end.
 *
 * Uid and gid are real ones, so what the host writes is the pods' as well, and the other way round; in a user
 * namespace the server would take itself for another user than the one that owns its files. Postgres looks its user
 * up, so the command sees an account file of its own, in a mount namespace of its own: the uid needs no account on
 * this machine, and nothing here is changed. The command gets SIGTERM when the suite's process ends.
 */
export async function becomeUser(options: BecomeUserOptions): Promise<readonly [string, ...string[]]> {
  const { user, folder, command } = options;
  if (!user.mustSwitch) return [...END_WITH_SUITE, ...command];
  const accounts = join(folder, "passwd");
  await writeFile(accounts, accountFile(user), { mode: 0o644 });
  const ids = [`--reuid=${user.uid}`, `--regid=${user.gid}`, "--clear-groups"];
  const asUser = [...END_WITH_SUITE, ...ids, ...command];
  return [
    "unshare",
    "--mount",
    "--propagation",
    "private",
    "sh",
    "-c",
    WITH_ACCOUNTS,
    "sh",
    accounts,
    ...asUser,
  ];
}

function accountFile({ uid, gid }: HostUser): string {
  return `root:x:0:0:root:/root:/bin/sh\npaperclip:x:${uid}:${gid}:paperclip:/nonexistent:/bin/sh\n`;
}
