import type { FieldError } from "../../server/api-status.ts";
import type { Kind } from "../kinds.ts";
import type { ObjectMeta } from "../objects.ts";
import { forbidden, invalidValue, required, tooLong } from "./field-errors.ts";
import { labelNameProblems, labelValueProblems, qualifiedNameProblems, subdomainProblems } from "./names.ts";

/** All annotations of an object together. */
const annotationBytes = 256 * 1024;

export function validateLabels(labels: Record<string, string> | undefined, field: string): FieldError[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...qualifiedNameProblems(key).map((problem) => invalidValue(field, key, problem)),
    ...labelValueProblems(value).map((problem) => invalidValue(field, value, problem)),
  ]);
}

export function validateAnnotations(
  annotations: Record<string, string> | undefined,
  field: string,
): FieldError[] {
  const entries = Object.entries(annotations ?? {});
  const bytes = entries.reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  return [
    ...entries.flatMap(([key]) =>
      qualifiedNameProblems(key.toLowerCase()).map((problem) => invalidValue(field, key, problem)),
    ),
    ...(bytes > annotationBytes ? [tooLong(field, annotationBytes)] : []),
  ];
}

function validateOwners(meta: ObjectMeta): FieldError[] {
  return (meta.ownerReferences ?? []).flatMap((owner) => {
    const field = "metadata.ownerReferences";
    const empty = (name: "apiVersion" | "kind" | "name" | "uid") =>
      owner[name]
        ? []
        : [
            invalidValue(
              `${field}.${name}`,
              "",
              name === "apiVersion" ? "version must not be empty" : "must not be empty",
            ),
          ];
    return [...empty("apiVersion"), ...empty("kind"), ...empty("name"), ...empty("uid")];
  });
}

/** Name, labels, annotations, owners. */
export function validateMetadata(kind: Kind, meta: ObjectMeta): FieldError[] {
  const problems = kind.labelName === true ? labelNameProblems(meta.name) : subdomainProblems(meta.name);
  const owners = (meta.ownerReferences ?? []).filter((owner) => owner.controller === true);
  return [
    ...(meta.name === ""
      ? [required("metadata.name", "name or generateName is required")]
      : problems.map((problem) => invalidValue("metadata.name", meta.name, problem))),
    ...validateLabels(meta.labels, "metadata.labels"),
    ...validateAnnotations(meta.annotations, "metadata.annotations"),
    ...validateOwners(meta),
    ...(owners.length > 1
      ? [invalidValue("metadata.ownerReferences", "", "Only one reference can have Controller set to true.")]
      : []),
    ...(meta.finalizers ?? []).flatMap((name) =>
      qualifiedNameProblems(name).map((problem) => invalidValue("metadata.finalizers", name, problem)),
    ),
  ];
}

/** What an update may not change in the metadata. */
export function validateMetadataUpdate(old: ObjectMeta, next: ObjectMeta): FieldError[] {
  const added = (next.finalizers ?? []).filter((name) => !(old.finalizers ?? []).includes(name));
  return [
    ...(next.uid === old.uid ? [] : [invalidValue("metadata.uid", next.uid, "field is immutable")]),
    ...(next.name === old.name ? [] : [invalidValue("metadata.name", next.name, "field is immutable")]),
    ...(old.deletionTimestamp !== undefined && added.length > 0
      ? [
          forbidden(
            "metadata.finalizers",
            `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((one) => JSON.stringify(one)).join(", ")}}`,
          ),
        ]
      : []),
  ];
}
