import { expect, it } from "vitest";
import { run } from "../support/run.ts";
import { sharedStage } from "../support/shared-stage.ts";

const stage = sharedStage();

it("a pod template of the config is in the pod that runs: its init container works first, its variable is there", async () => {
  const { volume } = stage();
  const podTemplate = JSON.stringify({
    metadata: { labels: { team: "blue" } },
    spec: {
      initContainers: [
        {
          name: "fetch",
          image: "example/git:1",
          command: ["/bin/sh", "-c", `echo fetched >${volume}/fetched`],
          volumeMounts: [{ name: "paperclip", mountPath: volume }],
        },
      ],
      containers: [{ name: "agent", env: [{ name: "TEAM", value: "blue" }] }],
    },
  });
  const { result, stdout } = await run({
    stage: stage(),
    config: { podTemplate },
    script: `cat ${volume}/fetched; echo "$TEAM"`,
  });
  expect(stdout).toBe("fetched\nblue\n");
  expect(result).toMatchObject({ exitCode: 0, errorCode: null });
  await stage().nothingLeft();
});

it("one that touches what belongs to the run is refused before anything is made, by the field's name", async () => {
  const podTemplate = { spec: { restartPolicy: "Always" } };
  const { result } = await run({ stage: stage(), config: { podTemplate }, script: "echo never" });
  expect(result).toMatchObject({ errorCode: "configuration_incomplete" });
  expect(result.errorMessage).toContain("podTemplate.spec.restartPolicy belongs to the run");
  await stage().nothingLeft();
});

it("what is weaker than restricted needs a relaxation of that name", async () => {
  const podTemplate = { spec: { hostNetwork: true } };
  const { result } = await run({ stage: stage(), config: { podTemplate }, script: "echo never" });
  expect(result.errorMessage).toContain('name "hostNetwork" in relaxSecurity');
  const config = { podTemplate, relaxSecurity: "hostNetwork" };
  const relaxed = await run({ stage: stage(), config, script: "echo ran" });
  expect(relaxed.stdout).toBe("ran\n");
});
