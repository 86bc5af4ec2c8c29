import { commonNames, isHostPlace, isHostSecret } from "./inherited-names.ts";

/** A name, with a trailing `*` for a prefix; or names that count only where a variable is set to something but 0 or false. */
export type InheritedName = string | { readonly when: string; readonly names: readonly string[] };

/** What decides the inherited variables. */
export interface InheritedEnvironmentOptions {
  /** The host's own variables, at the time of the run. */
  readonly hostEnvironment: Readonly<Record<string, string | undefined>>;
  readonly mode: "providers" | "all" | "none";
  /** The agent's names beside the common ones. */
  readonly names: readonly InheritedName[];
  /** The config's variables, which may turn conditional names on as well. */
  readonly configEnvironment?: Readonly<Record<string, string>>;
}

/**
 * The host's variables that reach the agent. `providers`: what is on a list; `all`: everything but the host's own
 * secrets and what describes its machine. Those secrets stay behind in every mode.
 */
export function inheritedEnvironment(options: InheritedEnvironmentOptions): Readonly<Record<string, string>> {
  if (options.mode === "none") return {};
  const { hostEnvironment, mode } = options;
  const asked = [...commonNames, ...namesThatCount(options)];
  const entries = Object.entries(hostEnvironment).filter(([name, value]) => {
    // A shell drops other names, such as those of exported functions.
    if (value === undefined || !/^[A-Za-z_][A-Za-z0-9_]*$/u.test(name) || isHostSecret(name)) return false;
    return matches(asked, name) || (mode === "all" && !isHostPlace(name));
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

function namesThatCount(options: InheritedEnvironmentOptions): readonly string[] {
  const { hostEnvironment, configEnvironment = {}, names } = options;
  return names.flatMap((name) => {
    if (typeof name === "string") return [name];
    return isOn(configEnvironment[name.when] ?? hostEnvironment[name.when]) ? name.names : [];
  });
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && !["", "0", "false"].includes(value.trim().toLowerCase());
}

function matches(names: readonly string[], name: string): boolean {
  return names.some((asked) => (asked.endsWith("*") ? name.startsWith(asked.slice(0, -1)) : asked === name));
}
