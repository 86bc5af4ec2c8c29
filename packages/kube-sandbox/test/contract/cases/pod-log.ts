import assert from "node:assert/strict";
import type { ContractCase } from "../cluster.ts";
import { paths } from "../manifests.ts";
import { isOver, logOf, runPod } from "../pods.ts";
import { why } from "../refusal.ts";

export const podLog: readonly ContractCase[] = [
  {
    title: "a log is cut by lines, bytes and time, each alone and together",
    async run(cluster) {
      const script = "echo 1; echo 2; sleep 2.2; echo 3; echo 4";
      await runPod(cluster, "cuts", { script }, isOver);
      const cut = (query: string) => logOf(cluster, "cuts", `?${query}`);
      assert.equal(await cut("tailLines=0"), "");
      assert.equal(await cut("tailLines=3"), "2\n3\n4\n");
      assert.equal(await cut("tailLines=99"), "1\n2\n3\n4\n");
      assert.equal(await cut("limitBytes=3"), "1\n2");
      assert.equal(await cut("tailLines=2&limitBytes=3"), "3\n4");
      const stamped = (await cut("timestamps=true")).split("\n");
      const third = stamped[2]!.split(" ")[0]!;
      assert.equal(await cut(`sinceTime=${encodeURIComponent(third.replace(/\.\d+/, ""))}`), "3\n4\n");
      assert.equal(await cut("sinceSeconds=3600"), "1\n2\n3\n4\n");
      assert.equal(await cut("follow=true"), "1\n2\n3\n4\n");
    },
  },
  {
    title: "refuses logs that make no sense, and those of what has not started or never ran before",
    async run(cluster) {
      const { pods } = paths(cluster);
      await runPod(cluster, "senseless", {}, isOver);
      const because = (query: string) => why(cluster, "GET", `${pods}/senseless/log?${query}`);
      const invalid = (field: string) =>
        `422 PodLogOptions "senseless" is invalid: ${field}: Invalid value: `;
      assert.equal(
        await because("tailLines=-1"),
        `${invalid("tailLines")}-1: must be greater than or equal to 0`,
      );
      assert.equal(await because("limitBytes=0"), `${invalid("limitBytes")}0: must be greater than 0`);
      assert.equal(await because("sinceSeconds=0"), `${invalid("sinceSeconds")}0: must be greater than 0`);
      assert.match(await because("tailLines=x"), /^400 strconv.ParseInt: parsing "x": invalid syntax/);
      assert.match(
        await because("previous=true"),
        /^400 previous terminated container "agent" in pod "senseless" not found$/,
      );
      assert.equal(await why(cluster, "GET", `${pods}/nobody/log`), '404 pods "nobody" not found');
    },
  },
];
