import type { V1Affinity, V1Toleration, V1Volume, V1VolumeMount } from "@kubernetes/client-node";
import { type PodTemplatePatch, SECURITY_RELAXATIONS } from "@paperclip-k8s/job-manifest";
import { configField, configFieldWithDefault, type FieldPart } from "../config-field.ts";
import { labelMap, objectName, resources } from "../values/kubernetes-values.ts";
import { choice, integer, text, toggle } from "../values/plain-values.ts";
import { choiceList, jsonObject, nameList, objectList } from "../values/structured-values.ts";

const group = "Kubernetes";
const pullPolicies = ["Always", "IfNotPresent", "Never"] as const;

function quantity(label: string, example: string): FieldPart {
  return { label, hint: `A quantity of Kubernetes, such as ${example}.`, type: "text", group };
}

/** Where and as what the pod runs. */
export const kubernetesFields = {
  namespace: configField(objectName(), {
    label: "Namespace",
    hint: "Where the Jobs run. Default: the namespace of the Paperclip pod. Another one needs its own claim, pull secrets and service account here.",
    type: "text",
    group,
  }),
  image: configField(text(/^\S+$/u, "an image such as registry.example.com/agent:1"), {
    label: "Image",
    hint: "The image with the agent CLI and a POSIX shell. Default: the image of the Paperclip pod.",
    type: "text",
    group,
  }),
  imagePullPolicy: configField(choice(pullPolicies), {
    label: "Image pull policy",
    hint: "When the node pulls the image. Default: what Kubernetes does for the image's tag.",
    type: "select",
    group,
    options: pullPolicies.map((value) => ({ label: value, value })),
  }),
  imagePullSecrets: configField(nameList(), {
    label: "Image pull secrets",
    hint: "Names of secrets with the registry's credentials, with commas between them. Default: those of the Paperclip pod.",
    type: "text",
    group,
  }),
  // A kubeconfig's content would be shown as the name of a file that is not there, token and all.
  kubeconfig: configField(text(/^[^\n{][^\n]*$/u, "the path of a kubeconfig file, not its content"), {
    label: "Kubeconfig",
    hint: "Path of a kubeconfig file on the Paperclip host. Default: the service account of the Paperclip pod, else the usual places.",
    type: "text",
    group,
  }),
  serviceAccountName: configField(objectName(), {
    label: "Service account",
    hint: "The service account of the agent's pod. It gets no token unless the next switch is on.",
    type: "text",
    group,
  }),
  automountServiceAccountToken: configFieldWithDefault(toggle(), false, {
    label: "Give the agent a service account token",
    hint: "Lets the agent call the API server with the rights of its service account.",
    type: "toggle",
    group,
  }),
  resources: configFieldWithDefault(
    resources(),
    { requests: {}, limits: {} },
    {
      label: "Resources",
      hint: "Requests and limits of the agent's container, as an object or its JSON, or one by one below.",
      type: "textarea",
      group,
      hidden: true,
      levels: 2,
      parts: {
        "requests.cpu": quantity("CPU request", "500m"),
        "requests.memory": quantity("Memory request", "1Gi"),
        "limits.cpu": quantity("CPU limit", "2"),
        "limits.memory": quantity("Memory limit", "4Gi"),
      },
    },
  ),
  nodeSelector: configField(labelMap(), {
    label: "Node selector",
    hint: "Labels of the nodes to run on: lines of name=value, or JSON. Default: that of the Paperclip pod.",
    type: "textarea",
    group,
    levels: 1,
  }),
  tolerations: configField(objectList<V1Toleration>(), {
    label: "Tolerations",
    hint: "A list of tolerations, as JSON. Default: those of the Paperclip pod.",
    type: "textarea",
    group,
  }),
  affinity: configField(jsonObject<V1Affinity>(), {
    label: "Affinity",
    hint: "The affinity of the pod, as JSON.",
    type: "textarea",
    group,
    hidden: true,
  }),
  priorityClassName: configField(objectName(), {
    label: "Priority class",
    hint: "The priority class of the pod.",
    type: "text",
    group,
  }),
  runtimeClassName: configField(objectName(), {
    label: "Runtime class",
    hint: "The runtime class of the pod, such as gvisor.",
    type: "text",
    group,
  }),
  labels: configFieldWithDefault(
    labelMap(),
    {},
    {
      label: "Labels",
      hint: "Labels of Job and pod beside the adapter's own: lines of name=value, or JSON. Reserved names are refused.",
      type: "textarea",
      group,
      levels: 1,
    },
  ),
  annotations: configFieldWithDefault(
    labelMap(),
    {},
    {
      label: "Annotations",
      hint: "Annotations of Job and pod beside the adapter's own: lines of name=value, or JSON.",
      type: "textarea",
      group,
      levels: 1,
    },
  ),
  extraVolumes: configField(objectList<V1Volume>(), {
    label: "More volumes",
    hint: "A list of volumes of Kubernetes, as JSON. Secret volumes reach the agent only by being named here.",
    type: "textarea",
    group,
    hidden: true,
  }),
  extraVolumeMounts: configField(objectList<V1VolumeMount>(), {
    label: "More volume mounts",
    hint: "Where the volumes above are mounted, as JSON.",
    type: "textarea",
    group,
    hidden: true,
  }),
  podTemplate: configField(jsonObject<PodTemplatePatch>(), {
    label: "Pod template",
    hint: "A part of a pod template of Kubernetes that is added to the agent's pod, as JSON: more containers, volumes, mounts, affinity and the like. What belongs to the run is refused by name.",
    type: "textarea",
    group,
    hidden: true,
  }),
  relaxSecurity: configFieldWithDefault(choiceList(SECURITY_RELAXATIONS), [], {
    label: "Relaxed security",
    hint: `What the pod template may ask for beside Pod Security "restricted", with commas between them: ${SECURITY_RELAXATIONS.join(", ")}. Default: nothing.`,
    type: "text",
    group,
    hidden: true,
  }),
  runAsUser: configField(integer(1, 2_147_483_647), {
    label: "User id",
    hint: "The user that the pod runs as, never 0. Default: the user of the Paperclip host, or 1000 where that is root.",
    type: "number",
    group,
  }),
  runAsGroup: configField(integer(1, 2_147_483_647), {
    label: "Group id",
    hint: "The group that the pod runs as, never 0. Default: the group of the Paperclip host, or 1000 where that is root.",
    type: "number",
    group,
  }),
  readOnlyRootFilesystem: configFieldWithDefault(toggle(), false, {
    label: "Read-only root file system",
    hint: "The agent can then write only to the shared volume and to its scratch folder.",
    type: "toggle",
    group,
  }),
  kueueQueue: configField(objectName(), {
    label: "Kueue queue",
    hint: "The local queue of Kueue that admits the Jobs. Waiting in it has no time limit.",
    type: "text",
    group,
  }),
} as const;
