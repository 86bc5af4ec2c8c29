import type { z } from "zod";
import { text } from "./plain-values.ts";
import { reader, Unreadable } from "./reader.ts";
import { asText, fromJson, isRecord, keyValues } from "./structured-values.ts";

/** Requests and limits of a container, as Kubernetes writes quantities. */
export interface Resources {
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
}

const quantity = /^\d+(\.\d*)?([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?$/u;

/** Requests and limits, as an object or its JSON; dotted keys have become one by now. */
export function resources(): z.ZodType<Resources> {
  return reader((raw) => {
    const object = typeof raw === "string" ? fromJson(raw) : raw;
    if (!isRecord(object)) return new Unreadable("an object with requests and limits, or its JSON", raw);
    const requests = quantities(object["requests"], "requests");
    if (requests instanceof Unreadable) return requests;
    const limits = quantities(object["limits"], "limits");
    return limits instanceof Unreadable ? limits : { requests, limits };
  });
}

function quantities(raw: unknown, part: string): Readonly<Record<string, string>> | Unreadable {
  const object = typeof raw === "string" ? fromJson(raw) : (raw ?? {});
  if (!isRecord(object)) return new Unreadable("an object of quantities", raw, [part]);
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(object)) {
    const asked = asText(value)?.trim() ?? "";
    if (!quantity.test(asked)) {
      return new Unreadable("a quantity such as 500m, 2 or 1.5Gi", value, [part, name]);
    }
    result[name] = asked;
  }
  return result;
}

/** The name of an object in Kubernetes. */
export function objectName(): z.ZodType<string> {
  return text(
    /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/u,
    "a name of Kubernetes: small letters, digits, dashes and dots",
  );
}

/** Labels or annotations or a node selector, by name. */
export function labelMap(): z.ZodType<Readonly<Record<string, string>>> {
  return keyValues(
    /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/u,
    "a label's name, such as team or example.com/team",
  );
}
