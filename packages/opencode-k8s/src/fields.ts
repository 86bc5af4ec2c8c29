import {
  choice,
  configField,
  configFieldWithDefault,
  integer,
  skipPermissions,
  text,
} from "@paperclip-k8s/adapter-core";
import { models } from "./models.ts";

const group = "OpenCode";

/** The config fields of OpenCode's own. */
export const fields = {
  model: configField(text(/^[^\s/]+\/\S+$/u, "a provider and a model, as provider/model"), {
    label: "Model",
    hint: "A provider and its model, as provider/model. Default: what OpenCode chooses.",
    type: "combobox",
    group,
    options: models.map(({ id, label }) => ({ label, value: id })),
  }),
  variant: configField(text(/^\S+$/u, "a variant's name without white space"), {
    label: "Variant",
    hint: "How much the model thinks, in the provider's words, such as high. Default: what OpenCode chooses.",
    type: "text",
    group,
  }),
  dangerouslySkipPermissions: skipPermissions(group),
  providerWaitSec: configFieldWithDefault(integer(0), 600, {
    label: "Patience with the provider (seconds)",
    hint: "A provider that is out is asked again and again. After so long the run ends as a quota or an overload; 0 means never.",
    type: "number",
    group,
  }),
  concurrency: configFieldWithDefault(choice(["agent"]), "agent", {
    label: "Runs at a time",
    hint: "One run of the agent: OpenCode keeps all sessions of an agent in one database.",
    type: "select",
    group,
    options: [{ label: "One for the agent", value: "agent" }],
  }),
} as const;
