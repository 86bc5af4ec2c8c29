// The options of a DELETE. Where the real API answers a malformed body with 500, this one answers 400.
import { notSupported } from "../resources/validate/field-errors.ts";
import type { DeleteOptions, Propagation } from "../store/delete-object.ts";
import { badRequest } from "./api-status.ts";
import { dryRunErrors, invalidOptions } from "./request-options.ts";

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => Number.isInteger(value);
const isFlag = (value: unknown): value is boolean => typeof value === "boolean";
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);

/** A field of a body, undefined if it is not there or null; throws 400 if it is of another type. */
function field<T>(
  given: Fields,
  name: string,
  is: (value: unknown) => value is T,
  type: string,
): T | undefined {
  const value = given[name] ?? undefined;
  if (value === undefined || is(value)) return value;
  const what = Array.isArray(value) ? "array" : typeof value;
  throw badRequest(
    `json: cannot unmarshal ${what} into Go struct field DeleteOptions.${name} of type ${type}`,
  );
}

const policies = ["Foreground", "Background", "Orphan", "nil"];

function checked(options: {
  readonly policy: string | undefined;
  readonly orphan: boolean | undefined;
  readonly grace: number | undefined;
  readonly dryRun: readonly string[];
  readonly preconditions?: DeleteOptions["preconditions"];
}): DeleteOptions {
  const { policy, orphan, grace: gracePeriodSeconds, dryRun, preconditions } = options;
  const errors = [
    ...(policy === undefined || policies.slice(0, 3).includes(policy)
      ? []
      : [notSupported("propagationPolicy", policy, policies)]),
    ...dryRunErrors(dryRun),
  ];
  if (errors.length > 0) throw invalidOptions("DeleteOptions", errors);
  const old = orphan === undefined ? undefined : orphan ? "Orphan" : "Background";
  const propagationPolicy = (policy ?? old) as Propagation | undefined;
  return { propagationPolicy, gracePeriodSeconds, preconditions, dryRun: dryRun.length > 0 };
}

/** Options from a query; throws 400 and 422. */
export function optionsFromQuery(query: URLSearchParams): DeleteOptions {
  const grace = query.get("gracePeriodSeconds") ?? undefined;
  if (grace !== undefined && !/^[+-]?\d+$/.test(grace))
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(grace)}: invalid syntax`);
  const orphan = query.get("orphanDependents");
  return checked({
    policy: query.get("propagationPolicy") ?? undefined,
    orphan: orphan === null ? undefined : orphan === "true",
    grace: grace === undefined ? undefined : Number(grace),
    dryRun: query.getAll("dryRun"),
  });
}

/** Options from a body; throws 400 and 422. */
export function optionsFromBody(given: unknown): DeleteOptions {
  if (!isObject(given)) throw badRequest("couldn't get version/kind; json parse error: it is no object");
  const kind = field(given, "kind", isText, "string") ?? "DeleteOptions";
  if (kind !== "DeleteOptions") throw badRequest(`no kind "${kind}" is registered for DELETE`);
  const conditions = field(given, "preconditions", isObject, "v1.Preconditions") ?? {};
  const uid = field(conditions, "uid", isText, "types.UID");
  const resourceVersion = field(conditions, "resourceVersion", isText, "string");
  return checked({
    policy: field(given, "propagationPolicy", isText, "v1.DeletionPropagation"),
    orphan: field(given, "orphanDependents", isFlag, "bool"),
    grace: field(given, "gracePeriodSeconds", isNumber, "int64"),
    dryRun: field(given, "dryRun", isTexts, "[]string") ?? [],
    preconditions: {
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
  });
}
