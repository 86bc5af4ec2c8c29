import type { FieldError } from "../../server/api-status.ts";
import type { Container, EnvVar, KeySelector, VolumeMount } from "../objects.ts";
import { parseQuantity } from "../quantity.ts";
import { invalidValue, missing, notSupported, required } from "./field-errors.ts";
import { configKeyProblems, environmentNameProblems, labelNameProblems, subdomainProblems } from "./names.ts";

const fieldPaths =
  /^(metadata\.(name|namespace|uid|labels|annotations)|metadata\.(labels|annotations)\['[^']+'\]|spec\.(nodeName|serviceAccountName)|status\.(hostIPs?|podIPs?))$/;

function validateKeySelector(selector: KeySelector | undefined, field: string): FieldError[] {
  if (selector === undefined) return [];
  const name = selector.name ?? "";
  return [
    ...subdomainProblems(name).map((problem) => invalidValue(`${field}.name`, name, problem)),
    ...(selector.key === undefined || selector.key === ""
      ? [required(`${field}.key`)]
      : configKeyProblems(selector.key).map((problem) =>
          invalidValue(`${field}.key`, selector.key, problem),
        )),
  ];
}

function validateValueFrom(variable: EnvVar, field: string): FieldError[] {
  const source = variable.valueFrom;
  if (source === undefined) return [];
  const count = Object.values(source).filter((one) => one !== undefined).length;
  const errors = [
    ...validateKeySelector(source.secretKeyRef, `${field}.secretKeyRef`),
    ...validateKeySelector(source.configMapKeyRef, `${field}.configMapKeyRef`),
  ];
  const path = source.fieldRef?.fieldPath;
  if (path !== undefined && !fieldPaths.test(path)) {
    errors.push(
      invalidValue(
        `${field}.fieldRef.fieldPath`,
        path,
        `error converting fieldPath: field label not supported: ${path}`,
      ),
    );
  }
  if (count === 0) {
    const hint = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`";
    errors.push(invalidValue(field, "", hint));
  } else if (variable.value)
    errors.push(invalidValue(field, "", "may not be specified when `value` is not empty"));
  else if (count > 1)
    errors.push(invalidValue(field, "", "may not have more than one field specified at a time"));
  return errors;
}

function validateEnv(env: readonly EnvVar[] | undefined, field: string): FieldError[] {
  return (env ?? []).flatMap((variable, index) => [
    ...(variable.name
      ? environmentNameProblems(variable.name).map((one) =>
          invalidValue(`${field}[${index}].name`, variable.name, one),
        )
      : [required(`${field}[${index}].name`)]),
    ...validateValueFrom(variable, `${field}[${index}].valueFrom`),
  ]);
}

function validateSubPath(path: string | undefined, field: string): FieldError[] {
  if (path === undefined || path === "") return [];
  if (path.startsWith("/")) return [invalidValue(`${field}.subPath`, path, "must be a relative path")];
  return path.split("/").includes("..")
    ? [invalidValue(`${field}.subPath`, path, "must not contain '..'")]
    : [];
}

function validateMounts(
  mounts: readonly VolumeMount[],
  volumes: ReadonlySet<string>,
  field: string,
): FieldError[] {
  const seen = new Set<string>();
  return mounts.flatMap((mount, index) => {
    const at = `${field}[${index}]`;
    const errors: FieldError[] = [];
    if (!mount.name) errors.push(required(`${at}.name`));
    else if (!volumes.has(mount.name)) errors.push(missing(`${at}.name`, mount.name));
    if (!mount.mountPath) errors.push(required(`${at}.mountPath`));
    else if (seen.has(mount.mountPath))
      errors.push(invalidValue(`${at}.mountPath`, mount.mountPath, "must be unique"));
    seen.add(mount.mountPath);
    return [...errors, ...validateSubPath(mount.subPath, field)];
  });
}

const standardResource = /^(cpu|memory|ephemeral-storage|hugepages-.+)$/;

function validateResources(container: Container, field: string): FieldError[] {
  const { limits = {}, requests = {} } = container.resources ?? {};
  const named = (amounts: Record<string, string>, at: string): FieldError[] =>
    Object.keys(amounts).flatMap((name) => {
      if (standardResource.test(name) || name.includes("/")) return [];
      return [
        invalidValue(`${at}[${name}]`, name, "must be a standard resource type or fully qualified"),
        invalidValue(`${at}[${name}]`, name, "must be a standard resource for containers"),
      ];
    });
  const above = Object.entries(requests).flatMap(([name, amount]) => {
    const limit = limits[name];
    if (limit === undefined || parseQuantity(amount)! <= parseQuantity(limit)!) return [];
    return [
      invalidValue(`${field}.requests`, amount, `must be less than or equal to ${name} limit of ${limit}`),
    ];
  });
  return [...named(limits, `${field}.limits`), ...above, ...named(requests, `${field}.requests`)];
}

const pullPolicies = ["Always", "IfNotPresent", "Never"];

/** One container of a pod, in the order in which the API reports. */
export function validateContainer(
  container: Container,
  volumes: ReadonlySet<string>,
  field: string,
): FieldError[] {
  const name = container.name ?? "";
  const policy = container.imagePullPolicy ?? "IfNotPresent";
  return [
    ...(name === ""
      ? [required(`${field}.name`)]
      : labelNameProblems(name).map((problem) => invalidValue(`${field}.name`, name, problem))),
    ...(container.image ? [] : [required(`${field}.image`)]),
    ...(container.ports ?? []).flatMap((port, index) =>
      port.containerPort ? [] : [required(`${field}.ports[${index}].containerPort`)],
    ),
    ...validateEnv(container.env, `${field}.env`),
    ...validateMounts(container.volumeMounts ?? [], volumes, `${field}.volumeMounts`),
    ...(pullPolicies.includes(policy)
      ? []
      : [notSupported(`${field}.imagePullPolicy`, policy, pullPolicies)]),
    ...validateResources(container, `${field}.resources`),
  ];
}
