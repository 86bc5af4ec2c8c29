// Enforces which package may import which: dependencies point downwards only, and the packages that others
// install alone stay free of what they do not need.
import { globSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, normalize } from "node:path";
import { parseSync } from "oxc-parser";

/** What a package may import beside Node's own modules. `types` may be imported as types only. */
interface Rule {
  readonly values: readonly string[];
  readonly types?: readonly string[];
  /** Why Node's modules may not be imported; left out: they may. */
  readonly withoutNode?: string;
}

const KUBERNETES = "@kubernetes/client-node";
const ADAPTER: Rule = {
  values: ["@paperclip-k8s/adapter-core", "@paperclip-k8s/stream-json", "zod"],
  withoutNode: "an adapter has no file, no timer, no network",
};
const RULES: Readonly<Record<string, Rule>> = {
  "file-tailer": { values: [] },
  "stream-json": { values: [], withoutNode: "it also runs in a browser worker" },
  "job-manifest": { values: [], types: [KUBERNETES] },
  "job-supervisor": { values: ["@paperclip-k8s/job-manifest", KUBERNETES] },
  "adapter-core": {
    values: [
      "@paperclip-k8s/file-tailer",
      "@paperclip-k8s/stream-json",
      "@paperclip-k8s/job-manifest",
      "@paperclip-k8s/job-supervisor",
      "@paperclipai/adapter-utils",
      KUBERNETES,
      "zod",
    ],
  },
  "claude-k8s": ADAPTER,
  "opencode-k8s": ADAPTER,
  // The types as data, too: the generated models' attribute maps are the schema of its strict validation.
  "kube-sandbox": { values: [KUBERNETES] },
};

interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const { module, errors } = parseSync(file, readFileSync(file, "utf8"));
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const imports = module.staticImports.map(({ moduleRequest, entries }) => ({
    from: moduleRequest.value,
    typeOnly: entries.length > 0 && entries.every(({ isType }) => isType),
  }));
  const exports = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest, isType }) =>
      moduleRequest ? [{ from: moduleRequest.value, typeOnly: isType }] : [],
    ),
  );
  const text = readFileSync(file, "utf8");
  const dynamic = module.dynamicImports.map(({ moduleRequest }) => ({
    from: text.slice(moduleRequest.start, moduleRequest.end).replace(/^["'`]|["'`]$/g, ""),
    typeOnly: false,
  }));
  // What the module record does not list: import types, `import x = require()`, and Node's own ways around it.
  const others = [...text.matchAll(/\b(import|require|getBuiltinModule)\(\s*["']([^"']+)["']\s*\)/g)].map(
    ([, how, from]) => ({ from: from ?? "", typeOnly: how === "import" }),
  );
  return [...imports, ...exports, ...dynamic, ...others];
}

/** The package of an import: "@scope/name/sub" → "@scope/name". */
function packageOf(from: string): string {
  return from
    .split("/")
    .slice(0, from.startsWith("@") ? 2 : 1)
    .join("/");
}

function problemOf(file: string, { from, typeOnly }: Import, rule: Rule): string | null {
  if (from.startsWith(".")) {
    const own = file.split("/").slice(0, 3).join("/");
    const inside = normalize(join(dirname(file), from)).startsWith(`${own}/`);
    return inside ? null : `imports ${from}, which is another package's: import it by its name`;
  }
  if (from.startsWith("node:") || builtinModules.includes(from)) {
    return rule.withoutNode ? `imports ${from}, and may not: ${rule.withoutNode}` : null;
  }
  const name = packageOf(from);
  if (rule.values.includes(name)) return null;
  if (!rule.types?.includes(name)) return `imports ${from}, which it may not`;
  return typeOnly ? null : `imports ${from} as a value, where only its types are allowed`;
}

const problems: string[] = [];
let checked = 0;
for (const folder of globSync("packages/*")) {
  const name = folder.split("/").at(-1) ?? "";
  const rule = RULES[name];
  if (rule === undefined) {
    problems.push(`${folder} has no rule in scripts/check-imports.ts`);
    continue;
  }
  for (const file of globSync(join(folder, "src/**/*.{ts,tsx,mts,cts,js,mjs,cjs}"))) {
    checked += 1;
    for (const found of importsOf(file)) {
      const problem = problemOf(file, found, rule);
      if (problem) problems.push(`${file} ${problem}`);
    }
  }
}
for (const problem of problems) console.error(problem);
console.log(`${checked} files checked, ${problems.length} forbidden imports`);
process.exitCode = problems.length > 0 || checked === 0 ? 1 : 0;
