import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { parseSync, Visitor } from "oxc-parser";

/** A file that vitest runs, and the ids that titles in it carry. */
export interface TestFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly ids: ReadonlySet<string>;
}

/** All but those of this map itself. */
const TEST_FILES = "{packages/*,examples/*,bench,compat,e2e}/test/**/*.test.ts";
const ID = "[LCGXKRH]\\d{1,2}";
/** "L5", "R1 R2: words", "H7, C14: words", "K1 words". */
const AT_ITS_HEAD = new RegExp(`^${ID}(?:,? ${ID})*(?=[:, ]|$)`);
/** "Words (L5, L8)". */
const IN_BRACKETS = new RegExp(`\\(${ID}(?:, ${ID})*\\)`, "g");

/**
 * All test files with their ids. Cases that several files share, such as the contract of the sandbox, are declared in
 * a file beside them: what a test file imports from a `test` folder counts as its own.
 */
export function testFiles(root: string): readonly TestFile[] {
  const read = new Map<string, SourceFile>();
  const sourceOf = (path: string): SourceFile => {
    const known = read.get(path) ?? readSource(root, path);
    read.set(path, known);
    return known;
  };
  const paths = globSync(TEST_FILES, { cwd: root }).sort();
  return paths.map((path) => {
    const reached = new Set([path]);
    // A set goes on to the members that are added on the way.
    for (const next of reached) for (const imported of sourceOf(next).imports) reached.add(imported);
    return { path, ids: new Set([...reached].flatMap((one) => sourceOf(one).ids)) };
  });
}

/** The ids that a title carries: at its head, or in brackets. */
export function idsOf(title: string): readonly string[] {
  const places = [...(title.match(AT_ITS_HEAD) ?? []), ...(title.match(IN_BRACKETS) ?? [])];
  return places.flatMap((place) => place.match(new RegExp(ID, "g")) ?? []);
}

interface SourceFile {
  readonly ids: readonly string[];
  /** Files of `test` folders. */
  readonly imports: readonly string[];
}

function readSource(root: string, path: string): SourceFile {
  const { module, program, errors } = parseSync(path, readFileSync(join(root, path), "utf8"));
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const titles: string[] = [];
  // Titles are anywhere: in calls, in rows of tables, in lists of cases. Comments are no literals.
  new Visitor({
    Literal: ({ value }) => void (typeof value === "string" && titles.push(value)),
    TemplateLiteral: ({ quasis }) => void titles.push(quasis.map(({ value }) => value.cooked).join("…")),
  }).visit(program);
  const imports = module.staticImports
    .map(({ moduleRequest }) => moduleRequest.value)
    .filter((from) => from.startsWith("."))
    .map((from) => normalize(join(dirname(path), from)))
    .filter((file) => file.includes("/test/") && file.endsWith(".ts") && existsSync(join(root, file)));
  return { ids: titles.flatMap(idsOf), imports };
}
