// What `docs/migration.md` says of a predecessor's fields, held against the adapter's own.
import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type AgentDefinition,
  configDocumentation,
  type ErrorEntry,
  errorCatalogue,
  parseConfig,
} from "../../../src/index.ts";

/** The heading of each table, and what it says of a field. */
const TABLES = {
  "The same": "field",
  "Read differently": "field",
  Ignored: "no field",
} as const;

type Heading = keyof typeof TABLES;

/** An adapter, and what its predecessors read. */
export interface MigratedAdapter {
  readonly definition: Pick<AgentDefinition, "label" | "fields">;
  /** The agent's name in the page's column "of". */
  readonly agent: string;
  /** Every field of the predecessors: read by one of them, or stored by the host's form for them. */
  readonly predecessors: readonly string[];
  readonly errors: Readonly<Record<string, ErrorEntry>>;
}

/** Declares the tests. */
export function testMigrationPage({ definition, agent, predecessors, errors }: MigratedAdapter): void {
  const known = [...configDocumentation(definition).matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1]);
  let page: string;
  beforeAll(async () => {
    page = await readFile(new URL("../../../../../docs/migration.md", import.meta.url), "utf8");
  });

  describe("docs/migration.md", () => {
    it("speaks of every field that a predecessor had, once, and of no other", () => {
      const named = (Object.keys(TABLES) as Heading[]).flatMap((heading) => namesIn(page, heading, agent));
      expect(named.toSorted()).toEqual(predecessors.toSorted());
    });

    it.each(Object.entries(TABLES))("knows each name under %s for a %s", (heading, kind) => {
      const names = namesIn(page, heading as Heading, agent);
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) {
        if (kind === "field") expect(known).toContain(name);
        else expect(known).not.toContain(name);
      }
    });

    it("says rightly that what it calls ignored changes nothing", () => {
      const ignored = namesIn(page, "Ignored", agent);
      for (const value of ["text", 0, true, { requests: { cpu: "1" } }, ["word"]]) {
        const raw = Object.fromEntries(ignored.map((name) => [name, value]));
        expect(parseConfig(definition, raw)).toEqual(parseConfig(definition, {}));
      }
    });

    it("names only fields, options and error codes that exist as what to use instead", () => {
      for (const [, instead] of rowsOf(page, "Ignored", agent)) {
        for (const name of codesIn(instead).filter((code) => /^[a-z]+(?:[A-Z][a-z]+)+$/.test(code)))
          expect(known).toContain(name);
      }
      const codes = { ...errorCatalogue, ...errors };
      for (const [, now] of rowsOf(page, "Error codes", agent)) {
        for (const code of codesIn(now)) expect(Object.keys(codes)).toContain(code);
      }
    });
  });
}

/** The names in the first column of the rows that are of this agent. */
function namesIn(page: string, heading: Heading, agent: string): readonly string[] {
  return rowsOf(page, heading, agent).flatMap(([names]) => codesIn(names));
}

/** First and last column of the rows below a heading that are of this agent, by the column "of". */
function rowsOf(page: string, heading: string, agent: string): readonly (readonly [string, string])[] {
  const section = page.split(/^#+ /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
  const rows = [...section.matchAll(/^\| (`.*) \|$/gm)].map(([, row = ""]) => row.split(" | "));
  return rows
    .filter(([, of = ""]) => /^both\b/.test(of) || of.startsWith(agent))
    .map((cells) => [cells[0] ?? "", cells.at(-1) ?? ""] as const);
}

function codesIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}
