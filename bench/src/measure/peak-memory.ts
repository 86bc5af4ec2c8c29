import { readFileSync } from "node:fs";

/** Memory of this process in MB (2 ** 20 bytes). */
export interface PeakMemory {
  /** The most that it has had. */
  readonly rssMb: number;
  /** That without mapped files: the pages of the Node binary are shared, and their number differs by up to 20 MB. */
  readonly privateMb: number;
}

/**
 * The most memory that this process has had. Not `resourceUsage().maxRSS` where there is
 * /proc: Linux hands that figure down from the parent, so that no child seems smaller than the program that started
 * it (https://man7.org/linux/man-pages/man2/getrusage.2.html).
 */
export function peakMemory(): PeakMemory {
  if (process.platform !== "linux") {
    const rssMb = process.resourceUsage().maxRSS / 1024;
    return { rssMb, privateMb: Number.NaN };
  }
  const status = readFileSync("/proc/self/status", "utf8");
  const megabytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) / 1024;
  const rssMb = megabytes("VmHWM");
  return { rssMb, privateMb: rssMb - megabytes("RssFile") };
}
