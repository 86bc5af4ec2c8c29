import { readFile, stat } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { repositoryRoot } from "./release.ts";

/** Every file and folder of the repository that a document links to, by its path from the root; a folder is its README. */
export async function linkedFrom(document: string): Promise<readonly string[]> {
  const text = await readFile(join(repositoryRoot, document), "utf8");
  const targets = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target = ""]) => target);
  const relative = targets.filter((target) => !target.includes(":"));
  const paths = relative.map((target) => normalize(join(dirname(document), target)).replace(/\/$/, ""));
  return Promise.all(
    paths.map(async (path) => {
      const found = await stat(join(repositoryRoot, path));
      return found.isDirectory() ? join(path, "README.md") : path;
    }),
  );
}

/** Every document that can be reached from one by links, itself included. */
export async function reachableFrom(document: string): Promise<ReadonlySet<string>> {
  const seen = new Set([document]);
  // A set goes on to the members that are added on the way.
  for (const next of seen)
    for (const path of await linkedFrom(next))
      if (path.endsWith(".md") && (await exists(path))) seen.add(path);
  return seen;
}

function exists(path: string): Promise<boolean> {
  return stat(join(repositoryRoot, path)).then(
    () => true,
    () => false,
  );
}
