import fc from "fast-check";

/** The seed of all properties; `SEED=…` tries another. */
export const SEED = Number(process.env["SEED"] ?? 20_260_101);
/** How many descriptions a property looks at; `RUNS=…` changes it. */
export const RUNS = Number(process.env["RUNS"] ?? 10_000);
/** The same where each is a request, of some milliseconds. */
export const REQUESTS = Number(process.env["RUNS"] ?? 500);

/** A property's test may take this long, in ms: a busy machine is not a hang. */
export const TIME_MS = 900_000;

/** The same random values in every test run; others with `SEED=… RUNS=… vitest run test/properties`. */
export function sample<Value>(arbitrary: fc.Arbitrary<Value>, count: number): Value[] {
  return fc.sample(arbitrary, { seed: SEED, numRuns: count });
}
