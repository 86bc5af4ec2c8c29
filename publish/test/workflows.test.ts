// The workflows can not be run here. What can be known of them without: that they are well formed, ask for no more than
// they need, and agree with the rest of the repository.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { lintWorkflow } from "../src/lint-workflow.ts";
import { freshUser } from "../src/package-tools.ts";
import { publicPackages, repositoryRoot } from "../src/release.ts";
import { run } from "../src/run.ts";
import {
  type Job,
  readOwnActions,
  readWorkflows,
  readYaml,
  scriptsCalledBy,
  stepsOf,
} from "../src/workflows.ts";

const workflows = await readWorkflows();
const actions = await readOwnActions();
const steps = stepsOf([...workflows, ...actions]);
const jobs = workflows.flatMap(({ path, jobs: own }) =>
  Object.entries(own).map(([id, job]): [string, Job] => [`${path}: ${id}`, job]),
);
const root = JSON.parse(await readFile(join(repositoryRoot, "package.json"), "utf8"));
const jobOf = (file: string, id: string) =>
  workflows.find(({ path }) => path === `.github/workflows/${file}`)!.jobs[id]!;

describe.each(workflows)("$path", (workflow) => {
  test("is right by actionlint", async () => {
    expect(await lintWorkflow(workflow)).toEqual([]);
  });

  test("gives no job a right by default", () => {
    expect(workflow.permissions).toEqual({});
  });

  test("knows no secret", () => {
    expect(workflow.text).not.toMatch(/\bsecrets\b|TOKEN/);
  });
});

test.each(jobs)("%s says what it may do and how long it may take", (_, job) => {
  expect(job.permissions).toBeDefined();
  // A workflow that is called has its own bounds, and GitHub takes none here.
  if (job.uses) expect(workflows.map(({ path }) => `./${path}`)).toContain(job.uses);
  else expect(job["timeout-minutes"]).toBeGreaterThan(0);
});

test("every script that is called exists", () => {
  const called = scriptsCalledBy(steps);
  expect(called).toEqual(expect.arrayContaining(["lint", "types", "test", "e2e", "release"]));
  expect(called.filter((name) => !(name in root.scripts))).toEqual([]);
});

test("Node and pnpm are those that the workspace names", () => {
  const versions = steps.flatMap((step) => step.with?.["node-version"] ?? []);
  expect(versions).toEqual([root.devDependencies.node]);
  const installed = steps.flatMap(
    ({ run: text }) => /npm install --global pnpm@(\S+)/.exec(text ?? "")?.[1] ?? [],
  );
  expect(installed.map((major) => `^${major}.0.0`)).toEqual([root.devEngines.packageManager.version]);
});

test("actions of others are pinned to a commit, with the version beside it", () => {
  const lines = [...workflows, ...actions].flatMap(({ text }) => text.match(/^.*\buses:.*$/gm) ?? []);
  const others = lines.filter((line) => !line.includes("uses: ./"));
  expect(others.length).toBeGreaterThan(5);
  expect(others.filter((line) => !/uses: \S+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
});

test("steps of our own actions name their shell", () => {
  for (const step of stepsOf(actions)) if (step.run) expect(step).toHaveProperty("shell");
});

describe("the release", () => {
  const publish = jobOf("release.yml", "publish");

  test("alone has an identity, and takes nothing from a cache that others write", () => {
    const named = jobs.filter(([, { permissions }]) => permissions?.["id-token"]).map(([name]) => name);
    expect(named).toEqual([".github/workflows/release.yml: publish"]);
    const setUp = publish.steps?.find(({ uses }) => uses?.startsWith("./"));
    expect(setUp?.with).toEqual({ cache: "false" });
  });

  test("happens in the repository that the packages name", async () => {
    const { repository } = JSON.parse(
      await readFile(join(repositoryRoot, (await publicPackages())[0]!.folder, "package.json"), "utf8"),
    );
    const [, name] = /github\.com\/(.*)\.git$/.exec(repository.url)!;
    expect(jobOf("release.yml", "mode").if).toBe(`github.repository == '${name}'`);
  });

  test("asks for provenance in words that pnpm understands: where none can be had, nothing is published", async () => {
    const folder = await mkdtemp(join(tmpdir(), "provenance-"));
    try {
      const { env } = publish.steps!.find(({ uses }) => uses?.startsWith("changesets/"))!;
      const user = await freshUser(join(folder, "home"));
      await writeFile(join(folder, "package.json"), '{ "name": "@nobody/nothing", "version": "1.0.0" }\n');
      // Nobody listens there.
      await writeFile(
        join(folder, ".npmrc"),
        "registry=http://127.0.0.1:9/\n//127.0.0.1:9/:_authToken=anybody\n",
      );
      const published = run(["pnpm", "publish", "--json", "--no-git-checks"], {
        cwd: folder,
        env: { ...user, ...env },
      });
      await expect(published).rejects.toThrow("ERR_PNPM_PROVENANCE");
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("the cluster suite", async () => {
  const { strategy, steps: own = [] } = jobOf("ci.yml", "cluster");
  const clusters = strategy?.matrix?.include ?? [];
  const suite = own.find(({ run: command }) => command === "pnpm e2e")?.env ?? {};

  test("runs on the oldest Kubernetes that the README promises, and on newer ones", async () => {
    const readme = await readFile(join(repositoryRoot, "README.md"), "utf8");
    const oldest = Number(/Kubernetes 1\.(\d+) or later/.exec(readme)?.[1]);
    const minors = clusters.map(({ kubernetes }) => Number(/^v1\.(\d+)\./.exec(kubernetes ?? "")?.[1]));
    expect(minors.length).toBeGreaterThan(1);
    expect(Math.min(...minors)).toBe(oldest);
  });

  test("names each image by the version that it has and by its digest", () => {
    for (const { kubernetes, image } of clusters)
      expect(image).toMatch(new RegExp(`^kindest/node:${kubernetes}@sha256:[0-9a-f]{64}$`));
  });

  test("shares the folder that the node has mounted", async () => {
    interface Kind {
      readonly nodes: readonly { readonly extraMounts: readonly Record<string, string>[] }[];
    }
    const { config } = own.find(({ uses }) => uses?.startsWith("helm/kind-action"))!.with!;
    const [node] = (await readYaml<Kind>(String(config))).nodes;
    const [{ hostPath, containerPath } = {}] = node!.extraMounts;
    expect(suite["PAPERCLIP_K8S_SHARED_FOLDER"]).toBe(`${hostPath}:${containerPath}`);
    expect(own.map(({ run: command }) => command)).toContain(`mkdir ${hostPath}`);
  });

  test("is given nothing but variables that its README has", async () => {
    const readme = await readFile(join(repositoryRoot, "e2e/README.md"), "utf8");
    expect(Object.keys(suite)).toHaveLength(3);
    for (const name of Object.keys(suite)) expect(readme).toContain(`| \`${name}\``);
  });
});
