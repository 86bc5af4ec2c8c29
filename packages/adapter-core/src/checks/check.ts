import type { AdapterEnvironmentCheck } from "@paperclipai/adapter-utils/types";

/** A check that holds. */
export function passed(code: string, message: string, detail: string | null = null): AdapterEnvironmentCheck {
  return { code, level: "info", message, detail };
}

/** A check that a run would stumble over, with what repairs it. */
export function failed(
  code: string,
  message: string,
  hint: string,
  detail: string | null = null,
): AdapterEnvironmentCheck {
  return { code, level: "error", message, hint, detail };
}

/** A check that could not be made, or that may matter. */
export function warned(
  code: string,
  message: string,
  hint: string,
  detail: string | null = null,
): AdapterEnvironmentCheck {
  return { code, level: "warn", message, hint, detail };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
