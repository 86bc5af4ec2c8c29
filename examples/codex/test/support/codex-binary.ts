import { currentPlatform, platformBinary } from "@paperclip-k8s/offline-agents";

const triples: Readonly<Record<string, string>> = {
  "linux-x64": "x86_64-unknown-linux-musl",
  "linux-arm64": "aarch64-unknown-linux-musl",
  "darwin-x64": "x86_64-apple-darwin",
  "darwin-arm64": "aarch64-apple-darwin",
};

/** The absolute path of the real, native Codex. Throws Error naming the platform if none is installed for it. */
export function codexBinary(): string {
  const platform = currentPlatform();
  const key = `${platform.os}-${platform.cpu}`;
  return platformBinary({
    title: "Codex",
    wrapper: "@openai/codex",
    from: import.meta.url,
    package: `@openai/codex-${key}`,
    file: `vendor/${triples[key]}/bin/codex`,
    platform,
  });
}
