import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { run } from "./run.ts";
import type { UserProject } from "./user-project.ts";

/** How TypeScript finds a package's types. */
export type Resolution = "node16" | "bundler";

const compiler = join(
  dirname(createRequire(import.meta.url).resolve("typescript-7/package.json")),
  "bin/tsc",
);

/** Errors in the module, or in a declaration that we publish; what our dependencies publish is not ours to mend. */
const OURS =
  /^(?:.*node_modules\/(?:@paperclip-k8s|paperclip-adapter-[\w-]+)\/(?!.*node_modules\/)|(?:node16|bundler)\/).*error TS/;

/**
 * Type-checks a module that imports all of some entries, in strict mode; rejects with the compiler's words. The
 * declarations of the packages are checked themselves, too.
 */
export async function checkTypes(
  entries: readonly string[],
  resolution: Resolution,
  { folder, env }: UserProject,
): Promise<void> {
  const own = join(folder, resolution);
  await mkdir(own, { recursive: true });
  const imports = entries.map((entry, n) => `import * as all${n} from ${JSON.stringify(entry)};`);
  // An entry that is not found would be `any`, and have every name.
  const uses = entries.flatMap((_, n) => [
    `// @ts-expect-error`,
    `export const none${n} = all${n}.noSuchName;`,
    `export const some${n}: object = all${n};`,
  ]);
  await writeFile(join(own, "index.ts"), [...imports, ...uses, ""].join("\n"));
  const compilerOptions = {
    ...{ strict: true, noEmit: true, target: "es2023", lib: ["es2024", "esnext.disposable", "dom"] },
    ...{ moduleResolution: resolution, module: resolution === "node16" ? "node16" : "esnext" },
    ...{ types: ["node"], skipLibCheck: false },
  };
  await writeFile(join(own, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["index.ts"] }));
  await run(["node", compiler, "-p", own, "--pretty", "false"], { cwd: folder, env }).catch(
    (error: Error) => {
      const ours = error.message.split("\n").filter((line) => OURS.test(line));
      if (ours.length > 0) throw new Error(ours.join("\n"), { cause: error });
      if (!/error TS\d/.test(error.message)) throw error;
    },
  );
}
