import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** What decides which platform package is wanted; the running process by default. */
export interface Platform {
  readonly os: string;
  readonly cpu: string;
  /** True where the C library is musl (Alpine). */
  readonly musl: boolean;
}

/**
 * The absolute path of the real, native Claude Code binary.
 *
 * The wrapper package's install script does not run in this workspace, so its own `bin` is a stub:
 * the binary is taken from the platform package that the wrapper depends on.
 *
 * @throws Error naming the platform and the package if none is installed for it.
 */
export function claudeBinary(platform: Platform = currentPlatform()): string {
  const name = `@anthropic-ai/claude-code-${platformKey(platform)}`;
  const wrapper = createRequire(import.meta.url).resolve("@anthropic-ai/claude-code/package.json");
  try {
    const manifest = createRequire(wrapper).resolve(`${name}/package.json`);
    const binary = join(dirname(manifest), platform.os === "win32" ? "claude.exe" : "claude");
    if (existsSync(binary)) return binary;
  } catch {
    // Not installed: told below, with the name of what is missing.
  }
  throw new Error(
    `No Claude Code binary for ${platformKey(platform)}: the package ${name} is not installed ` +
      "(optional dependencies may have been left out, or there is no build for this platform).",
  );
}

function platformKey({ os, cpu, musl }: Platform): string {
  return `${os}-${cpu}${musl ? "-musl" : ""}`;
}

function currentPlatform(): Platform {
  const { platform: os, arch: cpu } = process;
  return { os, cpu, musl: os === "linux" && !hasGlibc() };
}

function hasGlibc(): boolean {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime !== undefined;
}
