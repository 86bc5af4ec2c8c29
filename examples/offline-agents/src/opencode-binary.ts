import { currentPlatform, type Platform, platformBinary } from "./platform-binary.ts";

/**
 * The absolute path of the real, native OpenCode binary: on x64 the build that runs on every processor.
 *
 * @throws Error naming the platform and the package if none is installed for it.
 */
export function opencodeBinary(platform: Platform = currentPlatform()): string {
  return platformBinary({
    title: "OpenCode",
    wrapper: "opencode-ai",
    package: packageFor(platform),
    file: "bin/opencode",
    platform,
  });
}

function packageFor({ os, cpu, musl }: Platform): string {
  const build = cpu === "x64" ? "-baseline" : "";
  return `opencode-${os === "win32" ? "windows" : os}-${cpu}${build}${musl ? "-musl" : ""}`;
}
