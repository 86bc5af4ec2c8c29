import { describe, expect, test } from "vitest";
import { readOptions } from "../src/options.ts";

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
