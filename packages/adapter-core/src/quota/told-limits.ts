import { createHash } from "node:crypto";
import type { ProviderQuotaResult, QuotaWindow } from "@paperclipai/adapter-utils";
import type { AgentDefinition, AgentLimit } from "../agent-definition.ts";

/** How long a limit without an end of its own is shown, in ms: the longest known one lasts seven days. */
const SHOWN_FOR_MS = 7 * 86_400_000;

/**
 * The limits of accounts of which runs were told, in this process. The host asks for no account, and its own pods
 * hold the credentials: what the runs have heard costs no request and hands no key to anybody.
 */
export interface ToldLimits {
  /** Notes what a run was told, with the variables that it had. */
  tell(options: {
    definition: Pick<AgentDefinition, "type" | "quota">;
    environment: Readonly<Record<string, string>>;
    limits: readonly AgentLimit[];
    now: number;
  }): void;
  /** What the host shows: the limits that have not begun anew since. */
  quotaOf(definition: Pick<AgentDefinition, "type" | "quota">, now: number): ProviderQuotaResult;
}

interface Told extends AgentLimit {
  readonly at: number;
}

export function createToldLimits(): ToldLimits {
  /** By adapter type, account and label; accounts in the order in which they were heard of. */
  const told = new Map<string, Map<string, Map<string, Told>>>();

  return {
    tell: ({ definition: { type, quota }, environment, limits, now }) => {
      if (quota === undefined || limits.length === 0) return;
      const account = createHash("sha256").update(quota.account(environment)).digest("hex");
      const accounts = entry(told, type, () => new Map<string, Map<string, Told>>());
      const ofAccount = entry(accounts, account, () => new Map<string, Told>());
      for (const limit of limits) ofAccount.set(limit.label, { ...limit, at: now });
    },
    quotaOf: ({ type, quota }, now) => {
      const accounts = [...(told.get(type)?.values() ?? [])];
      const windows = accounts.flatMap((limits, index) =>
        [...limits.values()]
          .filter((limit) => isCurrent(limit, now))
          .map((limit) => windowOf(limit, accounts.length > 1 ? index + 1 : null)),
      );
      // A source without windows would stand under the windows of another adapter.
      const source = windows.length > 0 ? `runs of ${type}` : null;
      return { provider: quota?.provider ?? type, source, ok: true, windows };
    },
  };
}

function isCurrent({ resetsAt, at }: Told, now: number): boolean {
  return resetsAt === null ? now - at < SHOWN_FOR_MS : now < Date.parse(resetsAt);
}

function windowOf({ label, usedPercent, resetsAt, at }: Told, account: number | null): QuotaWindow {
  return {
    label: account === null ? label : `${label} (account ${account})`,
    usedPercent,
    resetsAt,
    valueLabel: null,
    detail: `As a run was told at ${new Date(at).toISOString()}`,
  };
}

function entry<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key) ?? make();
  map.set(key, known);
  return known;
}
