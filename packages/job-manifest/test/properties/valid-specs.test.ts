import { expect, test } from "vitest";
import { agentRunScript, buildJob, buildSecret, readRun } from "../../src/index.ts";
import { SECRET_MARK, validSpec } from "../support/random-spec.ts";
import { restrictedProblems } from "../support/restricted.ts";
import { RUNS, SEED, sample, TIME_MS } from "./property.ts";

const SCRIPT = agentRunScript.replaceAll("$", "$$$$");

test(
  `K3 each of ${RUNS} random descriptions gives the same restricted Job, with nothing secret and the one constant script (SEED=${SEED})`,
  () => {
    for (const spec of sample(validSpec(), RUNS)) {
      const job = buildJob(spec);
      const text = JSON.stringify(job);
      const pod = job.spec!.template.spec!;
      expect(JSON.stringify(buildJob(withKeysReversed(spec)))).toBe(text);
      expect(restrictedProblems(pod)).toEqual([]);
      expect(text.includes(SECRET_MARK)).toBe(false);
      const [agent] = pod.containers;
      expect(agent!.name).toBe("agent");
      expect(agent!.command!.slice(0, 4)).toEqual(["/bin/sh", "-c", SCRIPT, "agent-run"]);
      expect(agent!.command!.slice(4).map((part) => part.replaceAll("$$", "$"))).toEqual(spec.command);
      expect(agent).not.toHaveProperty("args");
      const run = readRun(job, spec.naming.labelDomain);
      expect(run?.identity).toEqual({
        ...spec.identity,
        taskId: spec.identity.taskId || null,
        sessionId: spec.identity.sessionId || null,
      });
    }
  },
  TIME_MS,
);

test(
  "a Secret has every secret text, and its Job refers to every key of it",
  () => {
    for (const spec of sample(validSpec(), RUNS / 10)) {
      const { data = {} } = buildSecret(spec, { jobName: "job", jobUid: "uid" });
      const values = Object.values(data).map((value) => Buffer.from(value, "base64").toString("utf8"));
      const wanted = [spec.prompt, ...Object.values(spec.environment), ...Object.values(spec.files ?? {})];
      expect(values.sort()).toEqual(wanted.sort());
      const text = JSON.stringify(buildJob(spec));
      for (const key of Object.keys(data)) expect(text).toContain(JSON.stringify(key));
    }
  },
  TIME_MS,
);

/** The same description, its keys in another order. */
function withKeysReversed<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(withKeysReversed) as Value;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, part]) => [key, withKeysReversed(part)])) as Value;
}
