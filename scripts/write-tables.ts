// Writes what the code says into the documentation: tables of options, of error codes and of scenarios, between their
// marks.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  configDocumentation,
  errorCatalogue,
  errorDocumentation,
} from "../packages/adapter-core/src/index.ts";
import { claude } from "../packages/claude-k8s/src/definition.ts";
import { ends as claudeEnds } from "../packages/claude-k8s/src/errors.ts";
import { opencode } from "../packages/opencode-k8s/src/definition.ts";
import { ends as openCodeEnds } from "../packages/opencode-k8s/src/errors.ts";
import { testFiles } from "./scenarios/carried-ids.ts";
import { scenarioGroups } from "./scenarios/list.ts";
import { scenarioMap } from "./scenarios/map.ts";

const ROOT = new URL("..", import.meta.url);

const TABLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "packages/adapter-core/README.md": { errors: errorDocumentation(errorCatalogue) },
  "packages/claude-k8s/README.md": {
    ...{ options: configDocumentation(claude), errors: errorDocumentation(claudeEnds.errors) },
  },
  "packages/opencode-k8s/README.md": {
    ...{ options: configDocumentation(opencode), errors: errorDocumentation(openCodeEnds.errors) },
  },
  "docs/scenarios.md": { scenarios: scenarioMap(scenarioGroups, testFiles(fileURLToPath(ROOT))) },
};

for (const [document, tables] of Object.entries(TABLES)) {
  const path = new URL(document, ROOT);
  let text = readFileSync(path, "utf8");
  for (const [section, table] of Object.entries(tables)) {
    const marks = new RegExp(`(<!-- ${section}: [^\\n]* -->\\n)[\\s\\S]*?(<!-- /${section} -->)`);
    if (!marks.test(text)) throw new Error(`${path.pathname} has no marks for ${section}`);
    text = text.replace(marks, (_all, begin, end) => `${begin}\n${table}\n\n${end}`);
  }
  writeFileSync(path, text);
}
