/** The version of the core: two adapters of the same version share watches, observers and sweeps. */
export const VERSION = "0.0.0";
