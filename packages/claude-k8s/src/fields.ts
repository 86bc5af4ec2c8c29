import {
  choice,
  configField,
  configFieldWithDefault,
  integer,
  jsonObject,
  skipPermissions,
  text,
} from "@paperclip-k8s/adapter-core";
import { models } from "./models.ts";

const group = "Claude Code";
const efforts = ["low", "medium", "high", "xhigh", "max"] as const;

/** The config fields of Claude Code's own. */
export const fields = {
  model: configField(text(/^\S+$/u, "a model's name without white space"), {
    label: "Model",
    hint: "A model's name or alias, or the id of an inference profile on Bedrock. Default: what the CLI chooses.",
    type: "combobox",
    group,
    options: models.map(({ id, label }) => ({ label, value: id })),
  }),
  effort: configField(choice(efforts), {
    label: "Effort",
    hint: "How much the model thinks. Default: what the CLI chooses.",
    type: "select",
    group,
    options: efforts.map((value) => ({ label: value, value })),
  }),
  maxTurnsPerRun: configFieldWithDefault(integer(0), 0, {
    label: "Turns per run",
    hint: "The run ends after so many turns of the model. 0 means no limit.",
    type: "number",
    group,
  }),
  dangerouslySkipPermissions: skipPermissions(group),
  mcpServers: configField(jsonObject<Record<string, unknown>>(), {
    label: "MCP servers",
    hint: "Servers by name, as JSON; no others are used then. Secrets in it are better referred to as variables, in the notation of Claude Code.",
    type: "textarea",
    group,
  }),
} as const;
