// What a config that an earlier adapter has left in Paperclip's database comes to, whichever agent it is of.
import { describe, expect, it } from "vitest";
import { type AgentDefinition, type ConfigField, parseConfig } from "../../../src/index.ts";
import { builtJob, paperclipPod } from "./built-job.ts";

type Stored = Readonly<Record<string, unknown>>;

/** An adapter, and what of its predecessor's config is its agent's own. */
export interface PredecessorConfig<Own extends Record<string, ConfigField>> {
  readonly definition: AgentDefinition<Own>;
  /** What the host's form stores for a new agent when next to nothing is given. */
  readonly untouched: Stored;
  /** What of that is no default any more. */
  readonly kept: Stored;
  /** The agent's own fields as the form stores them when they are filled in, and by the API, with texts for numbers. */
  readonly own: { readonly filled: Stored; readonly nested: Stored };
  /** What the filled ones come to. */
  readonly config: Stored;
  readonly command: RegExp;
  /** The variable that has the provider's key. */
  readonly keyVariable: string;
}

/** Fields of every agent as the form stores them: dotted keys, texts, lines, and JSON as text. */
const filledByForm = {
  serviceAccountName: "agent-runner",
  image: "example/agent:2",
  kubeconfig: "",
  "resources.requests.cpu": "500m",
  "resources.requests.memory": "1Gi",
  "resources.limits.cpu": "2",
  "resources.limits.memory": "4Gi",
  nodeSelector: "disktype=ssd\n# the fast ones\nexample.com/pool = agents\n",
  tolerations: '[{"key":"agents","operator":"Exists","effect":"NoSchedule"}]',
  labels: "team=a\ncost-center = 42",
  timeoutSec: 3600,
  graceSec: 15,
};

/** The same by the API: nested, with texts for numbers. */
const nestedByApi = {
  ...{ image: "example/agent:2", imagePullPolicy: "IfNotPresent", serviceAccountName: "agent-runner" },
  ...{ timeoutSec: "3600", graceSec: "15" },
  resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: { cpu: 2, memory: "4Gi" } },
  nodeSelector: { disktype: "ssd", "example.com/pool": "agents" },
  tolerations: [{ key: "agents", operator: "Exists", effect: "NoSchedule" }],
  labels: { team: "a", "cost-center": 42 },
};

/** All that has a structure as JSON in a text. */
function withJsonTexts(stored: Stored): Stored {
  const texts = Object.entries(stored).map(([name, value]) => [
    name,
    typeof value === "object" ? JSON.stringify(value) : value,
  ]);
  return Object.fromEntries(texts);
}

/** Declares the tests. */
export function testPredecessorConfig<Own extends Record<string, ConfigField>>(
  options: PredecessorConfig<Own>,
): void {
  const { definition, untouched, kept, own, keyVariable } = options;
  const filled = { ...untouched, ...filledByForm, ...own.filled };
  const nested = { ...nestedByApi, ...own.nested };

  describe("a predecessor's config", () => {
    it("of an agent that was made with the form has the defaults where nobody has touched it", () => {
      const defaults = parseConfig(definition, kept);
      expect(defaults).toMatchObject({ ok: true, config: { ttlSecondsAfterFinished: 300 } });
      expect(parseConfig(definition, untouched)).toEqual(defaults);
    });

    it.each([
      ["by the form", filled],
      ["nested, with texts for numbers", nested],
      ["as JSON in texts", withJsonTexts(nested)],
    ])("that was stored %s is the Job's", async (_how, stored) => {
      const { config, job, spec } = await builtJob(definition, stored);
      expect(config).toMatchObject({ timeoutSec: 3600, graceSec: 15, ...options.config });
      expect(spec.command.join(" ")).toMatch(options.command);
      expect(job.metadata).toMatchObject({
        ...{ namespace: "paperclip", labels: { team: "a", "cost-center": "42" } },
      });
      expect(job.spec).toMatchObject({ ttlSecondsAfterFinished: 300 });
      const pod = job.spec?.template;
      expect(pod?.metadata?.labels).toMatchObject({ team: "a", "cost-center": "42" });
      expect(pod?.spec).toMatchObject({
        serviceAccountName: "agent-runner",
        automountServiceAccountToken: false,
        nodeSelector: { disktype: "ssd", "example.com/pool": "agents" },
        tolerations: [{ key: "agents", operator: "Exists", effect: "NoSchedule" }],
        imagePullSecrets: [{ name: "registry" }],
      });
      expect(pod?.spec?.containers[0]).toMatchObject({
        ...{ image: "example/agent:2", imagePullPolicy: "IfNotPresent" },
        resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: { cpu: "2", memory: "4Gi" } },
      });
    });

    it("that says nothing takes over the Paperclip pod's image, claim and nodes, and asks for no resources", async () => {
      const { job, spec } = await builtJob(definition, {});
      const pod = job.spec?.template.spec;
      expect(pod?.containers[0]?.image).toBe("example/paperclip:1");
      expect(pod?.containers[0]?.resources).toEqual({ requests: {}, limits: {} });
      expect(pod?.nodeSelector).toEqual(paperclipPod.spec?.nodeSelector);
      expect(pod?.tolerations).toEqual(paperclipPod.spec?.tolerations);
      expect(spec.volume).toMatchObject({ claimName: "paperclip-data", mountPath: "/paperclip" });
    });

    it("frees agents of the Paperclip pod's nodes by {} and []", async () => {
      for (const [nodeSelector, tolerations] of [
        [{}, []],
        ["{}", "[]"],
      ]) {
        const { job } = await builtJob(definition, { nodeSelector, tolerations });
        expect(job.spec?.template.spec?.nodeSelector ?? {}).toEqual({});
        expect(job.spec?.template.spec?.tolerations ?? []).toEqual([]);
      }
    });

    it("comes to a Job that is told from a predecessor's by a label, and seen by its guard", async () => {
      const { job } = await builtJob(definition, filled);
      expect(job.metadata?.labels).toMatchObject({
        "paperclip.io/instance": expect.any(String),
        ...{ "paperclip.io/adapter-type": definition.type, "paperclip.io/agent-id": "agent-1" },
      });
    });

    it("keeps its variables out of the Job, and does not override the run's own by them", async () => {
      const env = { [keyVariable]: "sk-1", DEPTH: 3, FAST: true, PAPERCLIP_API_URL: "http://paperclip:3100" };
      const runs = { PAPERCLIP_RUN_ID: "mine", PAPERCLIP_API_KEY: "mine", HOME: "/root" };
      const { spec, job } = await builtJob(definition, { env: { ...env, ...runs } });
      expect(spec.environment).toMatchObject({
        ...{ [keyVariable]: "sk-1", DEPTH: "3", FAST: "true", PAPERCLIP_API_URL: "http://paperclip:3100" },
        ...{ PAPERCLIP_RUN_ID: "run-1", HOME: "/paperclip" },
      });
      expect(spec.environment).not.toHaveProperty("PAPERCLIP_API_KEY");
      expect(JSON.stringify(job)).not.toContain("sk-1");
    });

    it.each([
      ["labels", "paperclip.io/team=a"],
      ["labels", "team=Team A"],
    ])("is refused where %s is %j, and the message names it", async (field, value) => {
      await expect(builtJob(definition, { [field]: value })).rejects.toThrow(new RegExp(`^${field} has `));
    });

    it.each([
      ["nodeSelector", "disktype: ssd"],
      ["tolerations", "- key: agents\n  operator: Exists"],
      ["graceSec", 7200],
      ["env", { "my-var": "1" }],
      ["kubeconfig", "apiVersion: v1\nkind: Config"],
    ])("is refused where %s is %j, by name", (field, value) => {
      const parsed = parseConfig(definition, { [field]: value });
      expect(parsed).toMatchObject({ ok: false, problems: [{ field: expect.stringMatching(`^${field}`) }] });
    });
  });
}
