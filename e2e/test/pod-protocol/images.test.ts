import { existsSync } from "node:fs";
import { beforeAll, expect, type TestContext, test } from "vitest";
import { loadProgramsImage, type ProgramsImage } from "../../src/cluster/programs-image.ts";
import { describePods } from "../../src/pod-run/describe-pods.ts";
import { agentEnd } from "../../src/pod-run/pod-run.ts";
import { sh } from "../../src/pod-run/pod-run-spec.ts";

const COREUTILS =
  "basename cat chmod cut date dd echo env false head id ls mkdir mv printf rm sha256sum sleep sort stat tail test touch tr true uname wc";
/** Of busybox's applets, those of the script and of the agents here. */
const APPLETS = `sh grep ${COREUTILS}`.split(" ");

/** Images by what is in them. */
const RECIPES = {
  busybox: { programs: ["busybox"], links: Object.fromEntries(APPLETS.map((name) => [name, "busybox"])) },
  "bash and coreutils": { programs: ["bash", ...COREUTILS.split(" ")], links: { sh: "bash" } },
  "no shell": { programs: ["true"], links: {} },
};
type ImageName = keyof typeof RECIPES;

describePods("an image", (pods) => {
  const images = new Map<ImageName, ProgramsImage>();
  beforeAll(async () => {
    for (const [title, recipe] of Object.entries(RECIPES)) {
      const options = {
        cluster: pods.cluster,
        name: title.replaceAll(" ", "-"),
        ...recipe,
        env: process.env,
      };
      images.set(title as ImageName, await loadProgramsImage(options));
    }
  });
  const imageOf = (name: ImageName, skip: TestContext["skip"]) => {
    const made = images.get(name);
    return made?.kind === "loaded" ? made.image : skip(made?.reason);
  };

  for (const name of ["busybox", "bash and coreutils"] as const) {
    test.concurrent(`with nothing but ${name} runs an agent to its end`, async ({ skip }) => {
      const text =
        "cat; echo heard >&2; (trap '' TERM; while :; do echo late; sleep 0.1; done) & sleep 0.5; exit 5";
      await using run = await pods.start({
        image: imageOf(name, skip),
        command: sh(text),
        prompt: "Say hello.\n",
        readOnlyRootFilesystem: true,
      });
      const { container, record, stdout, stderr, log } = await run.ended();
      expect(stdout.toString()).toMatch(/^Say hello\.\n(late\n)+$/);
      expect(stderr).toBe("heard\n");
      expect(record).toMatchObject({ status: 5, signal: null, failure: null, stdoutBytes: stdout.length });
      expect(record!.endedAt - record!.startedAt).toBeGreaterThan(400);
      expect(container.exitCode).toBe(5);
      expect(log.split("\n").sort()).toEqual(`${stdout}heard\n`.split("\n").sort());
    });

    test.concurrent(`with nothing but ${name} passes SIGTERM on, and kills after the grace (X2)`, async ({
      skip,
    }) => {
      const bounds = { schedulingSec: 300, imagePullSec: 900, startSec: 120, timeoutSec: 0, graceSec: 2 };
      const text = "trap 'echo asked' TERM; while :; do echo tick; sleep 0.2; done";
      await using run = await pods.start({ image: imageOf(name, skip), command: sh(text), bounds });
      await run.printed("tick\n");
      await run.delete();
      expect(await run.recorded()).toMatchObject({ status: 137, signal: "SIGKILL", failure: null });
      await run.printed("asked\n");
    });
  }

  test.concurrent("without the agent CLI is told as that, in record and termination message (C11)", async () => {
    await using run = await pods.start({ command: ["no-such-agent", "--print"] });
    const { container, record, stderr } = await run.ended();
    expect(container).toMatchObject({
      exitCode: 127,
      message: expect.stringContaining("cli_missing: the image has no executable no-such-agent (PATH is /"),
    });
    expect(record).toMatchObject({ status: 127, failure: "cli_missing", stderrBytes: stderr.length });
    expect(stderr).toContain("no executable no-such-agent");
  });

  test.concurrent("without a shell never starts the agent, and says what is missing (C11)", async ({
    skip,
  }) => {
    await using run = await pods.start({ image: imageOf("no shell", skip), command: ["/usr/bin/true"] });
    const pod = await run.podWhere((one) => agentEnd(one) !== undefined, "the container to fail");
    expect(agentEnd(pod)).toMatchObject({
      exitCode: 128,
      reason: "StartError",
      message: expect.stringMatching(/"\/bin\/sh".*no such file or directory/),
    });
    expect(existsSync(run.files.started)).toBe(false);
  });
});
