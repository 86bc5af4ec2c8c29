import { configField } from "../../src/config/config-field.ts";
import { text } from "../../src/config/values/plain-values.ts";

/** An agent with one field of its own. */
export const sample = {
  label: "Sample",
  fields: {
    model: configField(text(), { label: "Model", hint: "The model.", type: "text" }),
  },
};
