import fc from "fast-check";

// The same values at every run; a failure is repeated by its own seed.
fc.configureGlobal({
  seed: Number(process.env["SEED"] ?? 20_260_101),
  numRuns: Number(process.env["RUNS"] ?? 200),
});

export { fc };
