import { anyText, fields, flag, named, type Rule, text, wrong } from "../rule.ts";
import { isConfigKey, isDnsSubdomain } from "../syntax.ts";

const objectName = named(isDnsSubdomain, "an object's name in small letters");
const FIELD_PATH =
  /^(metadata\.(name|namespace|uid|(labels|annotations)\['[^']+'\])|spec\.(nodeName|serviceAccountName)|status\.(hostIPs?|podIPs?))$/;

const keyOf = fields(
  {
    name: objectName,
    key: named(isConfigKey, 'letters, digits, "-", "_" and "."'),
    optional: flag,
  },
  ["name", "key"],
);

const source = fields({
  configMapKeyRef: keyOf,
  secretKeyRef: keyOf,
  fieldRef: fields(
    {
      apiVersion: text,
      fieldPath: named((path) => FIELD_PATH.test(path), "a field of the pod such as spec.nodeName"),
    },
    ["fieldPath"],
  ),
  resourceFieldRef: fields({ containerName: text, resource: text, divisor: text }, ["resource"]),
});

/** Where a variable's value comes from. */
export const variableSourceRule: Rule = (value, at, scope) => {
  source(value, at, scope);
  if (Object.keys(value as object).length !== 1) wrong(at, "has not exactly one source: give one");
};

const all = fields({ name: objectName, optional: flag }, ["name"]);

/** Variables from all keys of a ConfigMap or a Secret. */
export const variablesFromRule: Rule = (value, at, scope) => {
  fields({ prefix: anyText, configMapRef: all, secretRef: all })(value, at, scope);
  const { configMapRef, secretRef } = value as Record<string, unknown>;
  if ((configMapRef === undefined) === (secretRef === undefined)) {
    wrong(at, "has not exactly one of configMapRef and secretRef: give one");
  }
};
