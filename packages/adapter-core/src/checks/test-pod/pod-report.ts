/** What a test pod found out about its image and its network. */
export interface PodReport {
  /** `version`: the first line of what the agent CLI said to `--version`. */
  readonly cli:
    | { readonly kind: "present"; readonly version: string }
    | { readonly kind: "broken"; readonly said: string }
    | { readonly kind: "missing" };
  readonly api:
    | { readonly kind: "answered"; readonly status: number }
    | { readonly kind: "unreachable"; readonly said: string }
    /** The image has none of the programs that could ask. */
    | { readonly kind: "unasked" };
}

/**
 * The command of a test pod: asks the agent CLI for its version and Paperclip for its health, and tells both on
 * stdout, one line each. Runs in any POSIX shell; the address is that of the run's environment.
 */
export function reportCommand(cli: string): readonly [string, ...string[]] {
  return ["/bin/sh", "-c", SCRIPT, "test-pod", cli];
}

const SCRIPT = `
url=\${PAPERCLIP_API_URL%/}/api/health
# Of a longer text the first line. Not by echo, which reads backslashes.
tell() { printf '%s %s\\n' "$1" "$(printf '%s\\n' "$2" | head -n 1 | cut -c 1-300)"; }
if ! command -v "$1" >/dev/null 2>&1; then
  echo "cli missing"
elif said=$("$1" --version 2>&1 </dev/null); then
  tell "cli present" "$said"
else
  tell "cli broken" "$said"
fi

# Each prints the status of the answer, or why there is none.
with_curl() { curl -sS -m 10 -o /dev/null -w '%{http_code}' "$url"; }
with_node() {
  node -e 'fetch(process.argv[1], { signal: AbortSignal.timeout(10000) }).then(
    ({ status }) => console.log(status),
    ({ cause, message }) => { console.log(cause?.message || cause?.code || message); process.exitCode = 1; })' "$url"
}
# Of a refusal it says the status in words only.
with_wget() { wget -nv -t 1 -T 10 -O /dev/null "$url" && echo 200; }
# What a slim image has. Without TLS, as Paperclip mostly is inside a cluster.
with_bash() {
  case $url in http://[!\\[]*) ;; *) return 255 ;; esac
  command -v timeout >/dev/null 2>&1 || return 255
  timeout 10 bash --norc -c '
    authority=\${1#http://} authority=\${authority%%/*} port=\${authority##*:}
    [ "$port" != "$authority" ] || port=80
    exec 3<>"/dev/tcp/\${authority%:*}/$port" || exit 1
    printf "GET /%s HTTP/1.1\\r\\nHost: %s\\r\\nConnection: close\\r\\n\\r\\n" "\${1#http://*/}" "$authority" >&3
    read -r _ status _ <&3 && echo "$status"' get "$url"
}
# A program that cannot ask, or crashes at it, has told nothing.
ask() {
  command -v "$1" >/dev/null 2>&1 || return
  said=$("with_$1" 2>&1 </dev/null)
  status=$?
  [ $status -lt 128 ] || return
  if [ $status = 0 ]; then
    tell "api answered" "$(printf '%s\\n' "$said" | tail -n 1)"
  else
    tell "api unreachable" "\${said:-no answer within 10 s}"
  fi
}
ask curl || ask node || ask wget || ask bash || echo "api unasked"
`;

/** Reads what the pod told; null where it is not whole. */
export function readReport(lines: readonly string[]): PodReport | null {
  const said = new Map<string, readonly string[]>();
  for (const line of lines) {
    const [about = "", kind = "", ...words] = line.split(" ");
    said.set(about, [kind, words.join(" ")]);
  }
  const cli = cliOf(said.get("cli"));
  const api = apiOf(said.get("api"));
  return cli === null || api === null ? null : { cli, api };
}

function cliOf([kind, text = ""]: readonly string[] = []): PodReport["cli"] | null {
  if (kind === "present") return { kind, version: text };
  if (kind === "broken") return { kind, said: text };
  return kind === "missing" ? { kind } : null;
}

function apiOf([kind, text = ""]: readonly string[] = []): PodReport["api"] | null {
  if (kind === "answered") return { kind, status: Number(text) };
  if (kind === "unreachable") return { kind, said: text };
  return kind === "unasked" ? { kind } : null;
}
