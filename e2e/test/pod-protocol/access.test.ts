import { randomUUID } from "node:crypto";
import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseExitRecord } from "@paperclip-k8s/job-manifest";
import { describe, expect, test } from "vitest";
import { hostUser } from "../../src/index.ts";
import { describePods } from "../../src/pod-run/describe-pods.ts";
import { sh } from "../../src/pod-run/pod-run-spec.ts";
import { makeFolder } from "../../src/pod-run/run-files.ts";

const WORK = "cat; echo heard >&2; echo made >made; id -u; id -g";
const STRANGER = 4321;

describePods("the files of a run", (pods) => {
  const ownerOf = async (path: string) => {
    const { uid, gid, mode } = await stat(path);
    return { uid, gid, mode: mode & 0o777 };
  };

  describe.skipIf(!hostUser().mustSwitch)("with a host that may give files away (root)", () => {
    test.concurrent("become those of a pod of another user, who shares them with nobody else", async () => {
      const user = { uid: STRANGER, gid: STRANGER };
      // The way to the folder is everybody's, as a volume's root is; each folder is its maker's alone.
      await chmod(pods.namespace.volumeFolder, 0o771);
      await using run = await pods.start({
        command: sh(WORK),
        prompt: "hello\n",
        user,
        workingDirectory: "/paperclip/strangers/work",
        runDirectory: "strangers/run-logs",
      });
      const { record, stdout, stderr } = await run.ended();
      expect(stdout.toString()).toBe(`hello\n${STRANGER}\n${STRANGER}\n`);
      expect(stderr).toBe("heard\n");
      expect(record).toMatchObject({ status: 0, failure: null });
      for (const path of [run.files.stdout, run.files.stderr, run.files.exit, run.files.started])
        expect(await ownerOf(path)).toEqual({ ...user, mode: 0o660 });
      expect(await ownerOf(dirname(run.files.stdout))).toEqual({ ...user, mode: 0o770 });
    });

    test.concurrent("may be another user's of the same group, who can read what the pod makes", async () => {
      const { uid, gid } = pods.namespace.user;
      const workingDirectory = `/paperclip/instances/default/workspaces/${randomUUID()}`;
      await using run = await pods.start({
        command: sh(WORK),
        workingDirectory,
        user: { uid: STRANGER, gid },
        owner: { uid, gid },
      });
      const { record, stdout } = await run.ended();
      expect(stdout.toString()).toBe(`${STRANGER}\n${gid}\n`);
      expect(record).toMatchObject({ status: 0, failure: null });
      const made = { uid: STRANGER, gid, mode: 0o660 };
      expect(await ownerOf(run.files.started)).toEqual(made);
      expect(await ownerOf(join(pods.namespace.volumeFolder, workingDirectory.slice(10), "made"))).toEqual(
        made,
      );
      expect(await ownerOf(run.files.exit)).toEqual({ uid, gid, mode: 0o660 });
    });

    test.concurrent("that the pod's user may not write are told as that, and stay as they are", async () => {
      await using run = await pods.start({
        command: sh("echo never"),
        workingDirectory: "/tmp",
        user: { uid: STRANGER, gid: STRANGER },
        owner: pods.namespace.user,
      });
      const { container, log } = await run.ended();
      expect(container).toMatchObject({
        exitCode: 1,
        message: expect.stringMatching(/^output_unwritable: cannot create \/paperclip\/.*another user/),
      });
      expect(log).toContain("agent-run: output_unwritable");
      expect(await readFile(run.files.stdout, "utf8")).toBe("");
      expect(parseExitRecord(await readFile(run.files.exit, "utf8"))).toBeNull();
    });
  });

  test.concurrent("of another company cannot be seen where sub-paths are mounted, by path, link or .. (K9)", async () => {
    const [own, other] = [randomUUID(), randomUUID()];
    const theirs = `instances/default/companies/${other}/secret`;
    const ours = `instances/default/companies/${own}`;
    const secret = join(pods.namespace.volumeFolder, theirs);
    await makeFolder(dirname(secret), pods.namespace.user);
    await writeFile(secret, "another company's\n");
    // Nothing but the mounts keeps the pod from it.
    await chmod(secret, 0o666);
    const look = `
      ln -s /paperclip/${theirs} link; ln -s ../../${other}/secret up
      for path in /paperclip/${theirs} link up ../../${other}/secret ../../../../../${theirs}; do cat $path; done 2>/dev/null
      find /paperclip -type f | grep -v ${own}; find /proc/[0-9]*/root/paperclip -name secret 2>/dev/null
      echo mine >mine; cat mine; echo looked`;
    const start = (subPaths: readonly string[], folder: string) =>
      pods.start({
        command: sh(look),
        workingDirectory: `/paperclip/${ours}/${folder}`,
        volume: { claimName: pods.namespace.claim, mountPath: "/paperclip", subPaths },
        identity: { companyId: own },
        runDirectory: `instances/default/run-logs/${own}/agent`,
      });
    await using walled = await start([`instances/default/run-logs/${own}`, ours], "walled");
    await using open = await start([], "open");
    const [seen, control] = await Promise.all([walled.ended(), open.ended()]);
    expect(seen.stdout.toString()).toBe("mine\nlooked\n");
    expect(seen.record).toMatchObject({ status: 0, failure: null });
    // The same look without walls finds it by each path: the test can fail.
    expect(control.stdout.toString().match(/another company's/g)).toHaveLength(5);
    expect(control.stdout.toString()).toContain(`/paperclip/${theirs}\n`);
  });
});
