import { configFieldWithDefault } from "../config-field.ts";
import { toggle } from "../values/plain-values.ts";

/** The switch of an agent that asks before it does something. */
export function skipPermissions(group: string) {
  return configFieldWithDefault(toggle(), true, {
    label: "Skip permission prompts",
    hint: "Nobody can answer a prompt in a pod: without it, tools that need permission are refused.",
    type: "toggle",
    group,
  });
}
