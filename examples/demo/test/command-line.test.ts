import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startKubeSandbox } from "@paperclip-k8s/kube-sandbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startDemo } from "./start-demo.ts";

describe("the command line", () => {
  test.each([
    [["--colour"], "Unknown option '--colour'. See --help.\n"],
    [["twice"], "Unexpected argument 'twice'. See --help.\n"],
    [["--cluster", "--namespace"], "Option '--namespace <value>' argument missing. See --help.\n"],
    [["--image", "x"], "--image needs --cluster. See --help.\n"],
  ])("%j is refused with a sentence and exit code 2", async (args, message) => {
    const { code, stdout, stderr } = await startDemo({ args });
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: "", stderr: message });
  });

  test("--help says how to use it", async () => {
    const { code, stdout } = await startDemo({ args: ["--help"] });
    expect(code).toBe(0);
    expect(stdout).toContain("npx pnpm@12 demo [options]");
  });

  test("--live without a key says what to set", async () => {
    const { code, stderr, folders } = await startDemo({ args: ["--live"] });
    expect(code).toBe(1);
    expect(stderr).toContain("set ANTHROPIC_API_KEY");
    expect(folders).toEqual([]);
  });
});

describe("--cluster", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "demo-test-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("without a cluster names the server and the reason", async () => {
    // A port that was free a moment ago.
    const gone = await startKubeSandbox();
    const kubeconfig = join(folder, "gone");
    await gone.writeKubeconfig(kubeconfig);
    await gone.close();
    const { code, stdout, stderr } = await startDemo({
      args: ["--cluster"],
      env: { KUBECONFIG: kubeconfig },
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(`No cluster answers at ${gone.url}`);
    expect(stderr).toContain("ECONNREFUSED");
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test("without a usable kubeconfig says so", async () => {
    const broken = join(folder, "broken");
    await writeFile(broken, "clusters: [");
    const { code, stderr } = await startDemo({ args: ["--cluster"], env: { KUBECONFIG: broken } });
    expect(code).toBe(1);
    expect(stderr).toContain("The kubeconfig cannot be used: ");
  });

  test("names every option that it needs in a sentence of its own", async () => {
    await using sandbox = await startKubeSandbox();
    const kubeconfig = join(folder, "kubeconfig");
    await sandbox.writeKubeconfig(kubeconfig);
    const given = ["--cluster", "--namespace", "x", "--claim", "y"];
    const { code, stderr } = await startDemo({ args: given, env: { KUBECONFIG: kubeconfig } });
    expect(code).toBe(2);
    const named = stderr
      .trim()
      .split("\n")
      .map((line) => /^--cluster needs (--\S+) .*\.$/.exec(line)?.[1]);
    expect(named).toEqual(["--image", "--volume", "--model-host"]);
  });
});
