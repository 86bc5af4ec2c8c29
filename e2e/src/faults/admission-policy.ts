import { AdmissionregistrationV1Api } from "@kubernetes/client-node";
import { deleted } from "../cluster/clients.ts";
import type { TestNamespace } from "../namespace/open-namespace.ts";
import { waitFor } from "../wait-for.ts";

/** What is to be refused, and with which words. */
export interface DenyOptions {
  readonly namespace: TestNamespace;
  /** New objects of this kind. */
  readonly resource: "jobs" | "pods";
  readonly message: string;
}

/** The rule of an admission configuration for new objects of a kind. */
export function creationsOf(resource: DenyOptions["resource"]) {
  const apiGroups = [resource === "jobs" ? "batch" : ""];
  return { apiGroups, apiVersions: ["v1"], operations: ["CREATE"], resources: [resource] };
}

/** Selects the namespace alone, by the label that every one has. */
export function only(namespace: TestNamespace) {
  return { matchLabels: { "kubernetes.io/metadata.name": namespace.name } };
}

/** Refuses new objects of a namespace by a ValidatingAdmissionPolicy, until it is disposed of. */
export async function denyByPolicy(options: DenyOptions): Promise<AsyncDisposable> {
  const { namespace, resource, message } = options;
  const api = namespace.clients.config.makeApiClient(AdmissionregistrationV1Api);
  const name = `${namespace.name}-${resource}`;
  const match = { namespaceSelector: only(namespace), resourceRules: [creationsOf(resource)] };
  await api.createValidatingAdmissionPolicy({
    body: {
      metadata: { name },
      spec: { matchConstraints: match, validations: [{ expression: "false", message }] },
    },
  });
  await api.createValidatingAdmissionPolicyBinding({
    body: { metadata: { name }, spec: { policyName: name, validationActions: ["Deny"] } },
  });
  await refuses(options);
  return {
    async [Symbol.asyncDispose]() {
      await deleted(api.deleteValidatingAdmissionPolicyBinding({ name }));
      await deleted(api.deleteValidatingAdmissionPolicy({ name }));
      await accepts(options);
    },
  };
}

/** Waits until the API server refuses: it hears of a new configuration a moment later. */
export function refuses(options: DenyOptions): Promise<unknown> {
  const ask = async () => (await dryRun(options)) !== null;
  return waitFor(ask, { what: `new ${options.resource} to be refused`, withinMs: 30_000 });
}

/** Waits until it does no more. */
export function accepts(options: DenyOptions): Promise<unknown> {
  const ask = async () => (await dryRun(options)) === null;
  return waitFor(ask, { what: `new ${options.resource} to be taken`, withinMs: 30_000 });
}

/** The refusal of a small object that is not kept, or null. */
async function dryRun({ namespace, resource, message }: DenyOptions): Promise<string | null> {
  const { batch, core } = namespace.clients;
  const { uid, gid } = namespace.user;
  const spec = {
    restartPolicy: "Never",
    securityContext: {
      runAsNonRoot: true,
      runAsUser: uid,
      runAsGroup: gid,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "only",
        image: "any",
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      },
    ],
  };
  const metadata = { name: "probe" };
  const at = { namespace: namespace.name, dryRun: "All" };
  try {
    if (resource === "jobs") {
      await batch.createNamespacedJob({ ...at, body: { metadata, spec: { template: { spec } } } });
    } else {
      await core.createNamespacedPod({ ...at, body: { metadata, spec } });
    }
    return null;
  } catch (error) {
    const text = String(error);
    if (text.includes(message)) return text;
    throw error;
  }
}
