import type { V1Secret } from "@kubernetes/client-node";
import type { AgentRunSpec } from "./agent-run-spec.ts";
import { jobName } from "./identity/job-name.ts";
import { runLabels } from "./identity/labels.ts";
import { envKey, fileKey, PROMPT_KEY } from "./pod/secret-keys.ts";
import { sortedEntries } from "./pod/sorted.ts";
import { promptPlacement } from "./run-files/prompt-placement.ts";
import { validateRunSpec } from "./validate/validate-run-spec.ts";

/** The Job that a Secret belongs to, as the API server created it. */
export interface SecretOwner {
  readonly jobName: string;
  readonly jobUid: string;
}

/**
 * The Secret of a run: prompt, environment and files. Immutable, and owned by the Job from the moment
 * it exists, so that it cannot outlive it, whatever crashes when.
 *
 * @throws JobManifestError as `buildJob`
 */
export function buildSecret(spec: AgentRunSpec, owner: SecretOwner): V1Secret {
  validateRunSpec(spec);
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: jobName(spec.naming, spec.identity),
      namespace: spec.namespace,
      labels: runLabels(spec),
      ownerReferences: [
        {
          apiVersion: "batch/v1",
          kind: "Job",
          name: owner.jobName,
          uid: owner.jobUid,
          controller: false,
          // A blocking reference needs the right to update Job finalizers, and a Job that is deleted
          // in the foreground would wait for a Secret that nothing else holds.
          blockOwnerDeletion: false,
        },
      ],
    },
    type: "Opaque",
    immutable: true,
    data: secretData(spec),
  };
}

function secretData(spec: AgentRunSpec): Record<string, string> {
  const entries = [
    ...(promptPlacement(spec).kind === "secret" ? [[PROMPT_KEY, spec.prompt] as const] : []),
    ...sortedEntries(spec.environment).map(([name, value]) => [envKey(name), value] as const),
    ...sortedEntries(spec.files).map(([name, text]) => [fileKey(name), text] as const),
  ];
  return Object.fromEntries(
    entries.map(([key, text]) => [key, Buffer.from(text, "utf8").toString("base64")]),
  );
}
