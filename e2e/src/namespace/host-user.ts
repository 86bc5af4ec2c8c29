/** The user that the host and the pods share, so that each can read what the other wrote. */
export interface HostUser {
  readonly uid: number;
  readonly gid: number;
  /** Whether the suite has to become this user first, since it runs as root. */
  readonly mustSwitch: boolean;
}

/**
 * The suite's own user, unless that is root: then 1000:1000, which needs no account on this machine.
 *
 * Root is not an option: embedded Postgres refuses to start as root, and a restricted namespace has no root pods.
 */
export function hostUser(uid = process.getuid?.() ?? 1000, gid = process.getgid?.() ?? 1000): HostUser {
  return uid === 0 ? { uid: 1000, gid: 1000, mustSwitch: true } : { uid, gid, mustSwitch: false };
}
