import assert from "node:assert/strict";
import type { ContractCluster } from "./cluster.ts";

/** A refusal as one line: what a client can act on. */
export async function refusal(
  cluster: ContractCluster,
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<string> {
  const { status, json, text } = await cluster.send(method, path, body, headers);
  if (json?.kind !== "Status" || json.status !== "Failure")
    return `no refusal: ${status} ${text.slice(0, 300)}`;
  assert.equal(json.code, status);
  return `${status} ${json.reason} ${JSON.stringify(json.details ?? null)}: ${json.message}`;
}

/** A refusal as its code and its message. */
export async function why(
  cluster: ContractCluster,
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<string> {
  const { status, json, text } = await cluster.send(method, path, body, headers);
  return `${status} ${(json ?? JSON.parse(text)).message}`;
}
