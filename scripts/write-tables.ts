// Writes what the code says into the READMEs: the tables of options and of error codes, between their marks.
import { readFileSync, writeFileSync } from "node:fs";
import {
  configDocumentation,
  errorCatalogue,
  errorDocumentation,
} from "../packages/adapter-core/src/index.ts";
import { claude } from "../packages/claude-k8s/src/definition.ts";
import { ends as claudeEnds } from "../packages/claude-k8s/src/errors.ts";
import { opencode } from "../packages/opencode-k8s/src/definition.ts";
import { ends as openCodeEnds } from "../packages/opencode-k8s/src/errors.ts";

const TABLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "adapter-core": { errors: errorDocumentation(errorCatalogue) },
  "claude-k8s": { options: configDocumentation(claude), errors: errorDocumentation(claudeEnds.errors) },
  "opencode-k8s": { options: configDocumentation(opencode), errors: errorDocumentation(openCodeEnds.errors) },
};

for (const [name, tables] of Object.entries(TABLES)) {
  const path = new URL(`../packages/${name}/README.md`, import.meta.url);
  let text = readFileSync(path, "utf8");
  for (const [section, table] of Object.entries(tables)) {
    const marks = new RegExp(`(<!-- ${section}: [^\\n]* -->\\n)[\\s\\S]*?(<!-- /${section} -->)`);
    if (!marks.test(text)) throw new Error(`${path.pathname} has no marks for ${section}`);
    text = text.replace(marks, (_all, begin, end) => `${begin}\n${table}\n\n${end}`);
  }
  writeFileSync(path, text);
}
