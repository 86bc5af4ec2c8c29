export { configuredRegistry, freshUser } from "./package-tools.ts";
export { addChangeset, changeset, copyWorkspace, type PublicPackage, publicPackages } from "./release.ts";
export { type ReleaseOptions, release } from "./release-to-registry.ts";
export { type Registry, type StartRegistryOptions, startRegistry } from "./start-registry.ts";
