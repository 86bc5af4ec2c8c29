import { expect, it } from "vitest";
import { configDocumentation } from "../../src/config/config-documentation.ts";
import { coreFields } from "../../src/config/core-config.ts";
import { formFields } from "../../src/config/form-fields.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import { storedUntouched } from "../support/adapters/stored-untouched.ts";
import { sample } from "./sample-definition.ts";

const { fields } = formFields(sample);

it("puts the agent's own fields first", () => {
  expect(fields[0]).toEqual({ key: "model", label: "Model", hint: "The model.", type: "text" });
});

it("offers the parts of structured fields one by one", () => {
  expect(fields.find(({ key }) => key === "resources.limits.memory")).toMatchObject({ type: "text" });
  expect(fields.find(({ key }) => key === "bounds.startSec")).toMatchObject({ type: "number", default: 120 });
});

it("leaves out what is not for the form", () => {
  const keys = fields.map(({ key }) => key);
  for (const hidden of ["env", "promptTemplate", "secretMountPath", "tmpMountPath", "resources"]) {
    expect(keys).not.toContain(hidden);
  }
});

it("H2: the parser accepts every default and option of the form, as the form's own value and as text", () => {
  for (const { key, default: fallback, options } of fields) {
    for (const value of [fallback, ...(options ?? []).map((option) => option.value)]) {
      expect(parseConfig(sample, { [key]: value })).toMatchObject({ ok: true });
      expect(parseConfig(sample, { [key]: value === undefined ? "" : String(value) })).toMatchObject({
        ok: true,
      });
    }
  }
});

it("H2: what the host stores for a new agent whose form nobody has touched is what no config means", () => {
  expect(parseConfig(sample, storedUntouched(fields))).toEqual(parseConfig(sample, {}));
});

it("offers the default where a choice has none of its own", () => {
  const { options } = fields.find(({ key }) => key === "imagePullPolicy") ?? {};
  expect(options?.map(({ value }) => value)).toEqual(["", "Always", "IfNotPresent", "Never"]);
  expect(fields.find(({ key }) => key === "runAsUser")).toMatchObject({ type: "text" });
});

it("can be sent as JSON without losing anything", () => {
  expect(JSON.parse(JSON.stringify(fields))).toEqual(fields);
});

it("documents every field, with the same default as the form", () => {
  const table = configDocumentation(sample);
  for (const key of Object.keys(coreFields)) expect(table).toContain(`| \`${key}\` |`);
  for (const { key, default: fallback } of fields) {
    const line = table.split("\n").find((row) => row.startsWith(`| \`${key}\` |`));
    expect(line).toBeDefined();
    if (fallback !== undefined) expect(line).toContain(`\`${fallback}\` |`);
  }
});

it("has the schema's own defaults in form and documentation", () => {
  const parsed = parseConfig(sample, {});
  if (!parsed.ok) throw new Error(parsed.message);
  for (const [key, field] of Object.entries(coreFields)) {
    expect(parsed.config[key as keyof typeof coreFields]).toEqual(field.default);
  }
});
