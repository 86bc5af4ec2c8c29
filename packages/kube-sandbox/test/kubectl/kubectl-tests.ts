// A stock kubectl in front of the sandbox. The cluster suite runs these with its cluster's kubectl.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KubeSandbox, startKubeSandbox } from "../../src/index.ts";
import { runProgram } from "../helpers/run-program.ts";

const script = "for i in 1 2 3; do echo line $$i; sleep 0.2; done";
const jobNamed = (name: string, command = script): string => `
apiVersion: batch/v1
kind: Job
metadata: { name: ${name} }
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: agent, image: any, command: [sh, -c, ${JSON.stringify(command)}] }]
`;

/** The tests, with the program to run; skipped without one. */
export function kubectlTests(kubectl: string | undefined): void {
  const title = "a stock kubectl works with the sandbox";
  const reason = "neither KUBECTL nor PATH has one";
  describe.skipIf(kubectl === undefined)(
    kubectl === undefined ? `${title} (skipped: ${reason})` : title,
    () => {
      let sandbox: KubeSandbox;
      let folder: string;
      beforeAll(async () => {
        folder = mkdtempSync(join(tmpdir(), "kube-sandbox-kubectl-"));
        sandbox = await startKubeSandbox({
          namespaces: ["runs"],
          claims: [{ namespace: "runs", name: "shared" }],
        });
        await sandbox.writeKubeconfig(join(folder, "config"));
      });
      afterAll(async () => {
        await sandbox.close();
        rmSync(folder, { recursive: true });
      });

      const run = (args: string, input?: string) =>
        runProgram(
          kubectl!,
          args.split(" "),
          { ...process.env, KUBECONFIG: join(folder, "config"), HOME: folder },
          input,
        );
      const told = async (args: string, input?: string): Promise<string> => {
        const program = run(args, input);
        const status = await program.ended;
        if (status !== 0) throw new Error(`kubectl ${args}: ${status} ${program.err()}`);
        return program.out();
      };
      const refused = async (args: string, input?: string): Promise<string> => {
        const program = run(args, input);
        expect(await program.ended).not.toBe(0);
        return program.err();
      };

      it("create -f, wait, get, describe, logs and delete", async () => {
        expect(await told("create -f -", jobNamed("plain"))).toBe("job.batch/plain created\n");
        expect(await told("wait --for=condition=complete job/plain --timeout=30s")).toContain(
          "condition met",
        );
        expect(await told("get job plain")).toMatch(
          /^NAME +STATUS +COMPLETIONS +DURATION +AGE\nplain +Complete +1\/1 +\d+s +\d+s\n$/,
        );
        expect(await told("get pods -l job-name=plain -o wide")).toMatch(
          /^NAME +READY +STATUS +RESTARTS +AGE +IP +NODE .*\nplain-\w{5} +0\/1 +Completed +0 +\d+s +127.0.0.1 +sandbox /,
        );
        expect(await told("get jobs -o jsonpath={.items[0].status.succeeded}")).toBe("1");
        const described = await told("describe job plain");
        expect(described).toMatch(/Pods Statuses: +0 Active \(0 Ready\) \/ 1 Succeeded \/ 0 Failed/);
        expect(described).toContain("Created pod: plain-");
        expect(await told("describe pods -l job-name=plain")).toMatch(
          /Status: +Succeeded[\s\S]*Started container agent/,
        );
        expect(await told("logs -l job-name=plain")).toBe("line 1\nline 2\nline 3\n");
        expect(await told("logs job/plain --tail=1")).toBe("line 3\n");
        expect(await told("delete job plain")).toContain('"plain" deleted');
        expect(await told("get pods -l job-name=plain")).toBe("");
      });

      it("logs -f follows to the end, and get -w shows how a pod goes", async () => {
        const watching = run("get pods -w -l job-name=followed");
        const go = join(folder, "go");
        await told("create -f -", jobNamed("followed", `until [ -e ${go} ]; do sleep 0.1; done; ${script}`));
        await watching.printed("Running");
        writeFileSync(go, "");
        expect(await told("logs -f job/followed")).toBe("line 1\nline 2\nline 3\n");
        await watching.printed("Completed");
        watching.kill("SIGINT");
        await watching.ended;
        expect(watching.out()).toMatch(/Running[\s\S]*Completed/);
        await told("delete job followed");
      });

      it("patch suspends and resumes, and delete ends a pod that works", async () => {
        await told("create -f -", jobNamed("patched", "sleep 60"));
        await told("wait --for=jsonpath={.status.ready}=1 job/patched --timeout=30s");
        await told('patch job patched --type=merge -p {"spec":{"suspend":true}}');
        await told("wait --for=condition=suspended job/patched --timeout=30s");
        await told('patch job patched -p {"spec":{"suspend":false}}');
        await told("wait --for=jsonpath={.status.ready}=1 job/patched --timeout=30s");
        await told("label job patched a=b");
        await told("annotate job patched note=x");
        expect(await told("get jobs -l a=b -o name")).toBe("job.batch/patched\n");
        await told("delete pods -l job-name=patched --grace-period=1 --timeout=30s");
        await told("wait --for=condition=failed job/patched --timeout=30s");
        await told("delete job patched --cascade=foreground --timeout=30s");
        expect(await refused("get job patched")).toContain(
          'Error from server (NotFound): jobs.batch "patched" not found',
        );
      });

      it("apply creates, leaves as it is, and changes", async () => {
        const map = (value: string) =>
          `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},"data":{"k":"${value}"}}`;
        expect(await told("apply -f -", map("1"))).toContain("configmap/m created");
        expect(await told("apply -f -", map("1"))).toContain("configmap/m unchanged");
        expect(await told("apply -f -", map("2"))).toContain("configmap/m configured");
        expect(await told("get configmap m -o jsonpath={.data.k}")).toBe("2");
        expect(await refused("apply --server-side -f -", map("3"))).toContain(
          "kube-sandbox does not know server-side apply",
        );
      });

      it("an unknown field is refused by its name, and what sends protobuf says what to use instead", async () => {
        const wrong = jobNamed("wrong").replace("backoffLimit", "backofLimit");
        expect(await refused("create -f -", wrong)).toContain('unknown field "spec.backofLimit"');
        expect(await refused("create secret generic s --from-literal=a=b")).toContain(
          "kube-sandbox reads no protobuf: use kubectl create -f FILE",
        );
        const yaml = await told("create secret generic s --from-literal=a=b --dry-run=client -o yaml");
        expect(await told("create -f -", yaml)).toBe("secret/s created\n");
      });

      it("every kind is listed as a table, in all namespaces too", async () => {
        const listed = await told("get secrets,configmaps,pvc,sa,events,leases,ns,nodes -A");
        expect(listed).toMatch(/persistentvolumeclaim\/shared +Bound +sandbox-runs-shared +1Ti +RWX/);
        expect(listed).toMatch(/node\/sandbox +Ready/);
        expect(listed).toMatch(/namespace\/runs +Active/);
        expect(await told("version")).toContain("Server Version: v1.34.2+kube-sandbox");
        expect(await told("api-resources --verbs=watch -o name")).toContain("jobs.batch\n");
        expect(await refused("get deployments")).toContain(
          'the server doesn\'t have a resource type "deployments"',
        );
      });
    },
  );
}
