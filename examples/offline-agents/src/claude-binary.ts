import { currentPlatform, type Platform, platformBinary, platformKey } from "./platform-binary.ts";

/**
 * The absolute path of the real, native Claude Code binary.
 *
 * @throws Error naming the platform and the package if none is installed for it.
 */
export function claudeBinary(platform: Platform = currentPlatform()): string {
  return platformBinary({
    title: "Claude Code",
    wrapper: "@anthropic-ai/claude-code",
    package: `@anthropic-ai/claude-code-${platformKey(platform)}`,
    file: "claude",
    platform,
  });
}
