import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { repositoryRoot } from "./release.ts";

/** All TypeScript below a package's `src`, as one text. */
export async function sourcesOf(folder: string): Promise<string> {
  const src = join(repositoryRoot, folder, "src");
  const names = (await readdir(src, { recursive: true })).filter((name) => name.endsWith(".ts"));
  return (await Promise.all(names.map((name) => readFile(join(src, name), "utf8")))).join("\n");
}

/** The words of every exported union of error codes or families of failures. */
export function codesIn(sources: string): readonly string[] {
  const unions = sources.matchAll(/^export type \w+(?:ErrorCode|FailureFamily|Family) =([^;]*);/gm);
  return [...unions].flatMap(([, union = ""]) =>
    [...union.matchAll(/(?:^\s*|\|\s*)"(\w+)"/g)].map(([, code = ""]) => code),
  );
}

/** The fields of an exported interface, without those of objects in it. */
export function fieldsOf(name: string, sources: string): readonly string[] {
  const [, body] =
    new RegExp(`^export interface ${name}\\b[^\\n]*\\{\\n([\\s\\S]*?)^\\}`, "m").exec(sources) ?? [];
  if (body === undefined) throw new Error(`there is no interface ${name}`);
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??[:(]/gm)].map(([, field = ""]) => field);
}
