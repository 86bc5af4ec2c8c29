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

/** What `platformBinary` looks for. */
export interface PlatformBinaryOptions {
  /** The agent's name, for the error. */
  readonly title: string;
  /** The package that lists the platform packages as optional dependencies. */
  readonly wrapper: string;
  /** `import.meta.url` of a module whose package depends on the wrapper. Default: this package's. */
  readonly from?: string;
  readonly package: string;
  /** Path inside the platform package, without `.exe`. */
  readonly file: string;
  readonly platform: Platform;
}

/**
 * The absolute path of a CLI's native binary.
 *
 * The wrappers' install scripts do not run in this workspace, so their own `bin` is a stub:
 * the binary is taken from the platform package that the wrapper depends on.
 *
 * @throws Error naming the platform and the package if none is installed for it.
 */
export function platformBinary(options: PlatformBinaryOptions): string {
  const { platform, title, wrapper, from = import.meta.url } = options;
  const name = options.package;
  const manifest = createRequire(from).resolve(`${wrapper}/package.json`);
  try {
    const folder = dirname(createRequire(manifest).resolve(`${name}/package.json`));
    const binary = join(folder, platform.os === "win32" ? `${options.file}.exe` : options.file);
    if (existsSync(binary)) return binary;
  } catch {
    // Not installed: told below, with the name of what is missing.
  }
  throw new Error(
    `No ${title} binary for ${platformKey(platform)}: the package ${name} is not installed ` +
      "(optional dependencies may have been left out, or there is no build for this platform).",
  );
}

/** As the packages call a platform: `linux-x64-musl`. */
export function platformKey({ os, cpu, musl }: Platform): string {
  return `${os}-${cpu}${musl ? "-musl" : ""}`;
}

/** The platform of the running process. */
export function currentPlatform(): Platform {
  const { platform: os, arch: cpu } = process;
  return { os, cpu, musl: os === "linux" && !hasGlibc() };
}

function hasGlibc(): boolean {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime !== undefined;
}
