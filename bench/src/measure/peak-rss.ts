import { readFileSync } from "node:fs";

/**
 * The most memory that this process has had, in MB (2 ** 20 bytes). Not `resourceUsage().maxRSS` where there is
 * /proc: Linux hands that figure down from the parent, so that no child seems smaller than the program that started
 * it (https://man7.org/linux/man-pages/man2/getrusage.2.html).
 */
export function peakRssMb(): number {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS / 1024;
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}
