// A kube-sandbox in a process of its own, so that what is measured beside it is the supervisor alone.
import { type PodControls, startKubeSandbox } from "@paperclip-k8s/kube-sandbox";
import type { ToParent, ToSandbox } from "./live-runs.ts";

const NAMESPACE = "agents";
const say = (message: ToParent) => process.send?.(message);
const sandbox = await startKubeSandbox({
  namespaces: [NAMESPACE],
  claims: [{ namespace: NAMESPACE, name: "shared" }],
});
const ends = new Map<string, () => void>();

sandbox.pods.script({ namespace: NAMESPACE }, async (pod, controls: PodControls) => {
  const runId = pod.metadata.labels?.["example.com/run-id"] ?? "";
  controls.setRunning();
  say({ kind: "started", runId });
  await new Promise<void>((resolve) => {
    ends.set(runId, resolve);
    controls.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  // As the script in a real pod does: the record first.
  say({ kind: "record", runId, podUid: pod.metadata.uid, at: Date.now() });
  controls.terminate({ exitCode: 0 });
});

process.on("message", (message: ToSandbox) => {
  if (message.kind === "end") for (const runId of message.runIds) ends.get(runId)?.();
  if (message.kind === "requests") {
    const own = sandbox.requests.filter(({ userAgent }) => userAgent === message.userAgent);
    say({ kind: "requests", verbs: own.map(({ verb, resource }) => `${verb} ${resource}`) });
  }
});
process.on("disconnect", () => void sandbox.close().then(() => process.exit(0)));
say({ kind: "ready", kubeconfig: sandbox.kubeconfig });
