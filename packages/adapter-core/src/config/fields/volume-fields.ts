import { configField, configFieldWithDefault } from "../config-field.ts";
import { objectName } from "../values/kubernetes-values.ts";
import { absolutePath, text, toggle } from "../values/plain-values.ts";

const group = "Shared volume";

/** Where the shared volume is, on both sides. */
export const volumeFields = {
  instance: configFieldWithDefault(
    text(/^[A-Za-z0-9_-]{1,64}$/u, "a name of letters, digits, _ and -"),
    "default",
    {
      label: "Instance",
      hint: "Tells the Jobs and folders of several Paperclip instances on one volume apart.",
      type: "text",
      group,
      hidden: true,
    },
  ),
  volumeClaim: configField(objectName(), {
    label: "Volume claim",
    hint: "The ReadWriteMany claim that the Paperclip host and the agents share. Default: the claim that the Paperclip pod has mounted at the path below.",
    type: "text",
    group,
  }),
  volumeHostPath: configFieldWithDefault(absolutePath(), "/paperclip", {
    label: "Path on the host",
    hint: "Where the Paperclip host sees the shared volume.",
    type: "text",
    group,
  }),
  volumeMountPath: configFieldWithDefault(absolutePath(), "/paperclip", {
    label: "Path in the pod",
    hint: "Where the agent sees the shared volume.",
    type: "text",
    group,
  }),
  subPathIsolation: configFieldWithDefault(toggle(), false, {
    label: "Show the agent only its own folders",
    hint: "Mounts only the sub-paths of this company, agent and workspace instead of the whole volume. Gives each agent a home of its own.",
    type: "toggle",
    group,
  }),
  secretMountPath: configFieldWithDefault(absolutePath(), "/run/paperclip", {
    label: "Path of the run's secret",
    hint: "Where prompt, variables and files of the run are mounted. {job} stands for the Job's name, for clusters whose pods share one file system.",
    type: "text",
    group,
    hidden: true,
  }),
  tmpMountPath: configFieldWithDefault(absolutePath(), "/tmp", {
    label: "Path of the scratch folder",
    hint: "Where the pod's scratch folder is mounted. {job} stands for the Job's name, for clusters whose pods share one file system.",
    type: "text",
    group,
    hidden: true,
  }),
} as const;
