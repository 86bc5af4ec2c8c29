import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { helpText, readOptions } from "../src/options.ts";

describe("reading options", () => {
  test("takes all of a cluster", () => {
    const args = [
      "--cluster",
      "--namespace=n",
      "--image",
      "i",
      "--claim",
      "c",
      "--volume",
      "/v",
      "--model-host",
      "h",
    ];
    expect(readOptions(args)).toEqual({
      ...{ help: false, json: false, live: false, cluster: true },
      ...{ namespace: "n", image: "i", claim: "c", volume: "/v", modelHost: "h" },
    });
  });

  test("ignores the dashes that pnpm hands on", () => {
    expect(readOptions(["--", "--json"]).json).toBe(true);
  });

  test("refuses an address for a model that is not there", () => {
    expect(() => readOptions(["--cluster", "--live", "--model-host", "h"])).toThrow(
      /--live uses the real one/,
    );
  });
});

test("the README has the options and exit codes that --help has", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const table = readme.split("\n").filter((line) => line.startsWith("| `--"));
  const options = (text: string) => [...text.matchAll(/(?<![\w-])--[a-z][\w-]*/g)].map(([name]) => name);
  const ofHelp = helpText.split("\n").flatMap((line) => /^ +(--[\w-]+)/.exec(line)?.[1] ?? []);
  const ofReadme = table.flatMap((line) => options(line.split("|")[1] ?? ""));
  expect(ofReadme.sort()).toEqual(ofHelp.filter((name) => name !== "--help").sort());
  const codes = (text: string) =>
    text
      .replaceAll("\n", " ")
      .match(/Exit codes: [^.]*\d+[^.]*\./)?.[0]
      .match(/\d+/g);
  expect(codes(readme)).toEqual(codes(helpText));
});
