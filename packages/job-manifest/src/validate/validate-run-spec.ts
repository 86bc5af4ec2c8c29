import type { AgentRunSpec } from "../agent-run-spec.ts";
import { promptPlacement } from "../run-files/prompt-placement.ts";
import { validateCommand } from "./command.ts";
import { validateEnvironment, validateFiles } from "./environment.ts";
import { validateIdentity } from "./identity.ts";
import { validateMetadata } from "./metadata.ts";
import { validateNaming } from "./naming.ts";
import { validateBounds, validateUser } from "./numbers.ts";
import { validatePaths } from "./paths.ts";
import { validatePodTemplate } from "./pod-template.ts";
import { validateReferences } from "./references.ts";
import { validateResources } from "./resources.ts";
import { validateScheduling } from "./scheduling.ts";
import { validateShape } from "./shape.ts";
import { validateText } from "./text.ts";
import { validateVolumes } from "./volumes.ts";

/**
 * Checks a whole description before anything is created, so that what is wrong is told here by the
 * name of its field and not later by the API server, the kubelet or the kernel.
 *
 * @throws JobManifestError for the first field that is wrong
 */
export function validateRunSpec(spec: AgentRunSpec): void {
  validateShape(spec);
  validateIdentity(spec.identity);
  validateNaming(spec.naming);
  validateReferences(spec);
  validateCommand(spec.command);
  validateText("prompt", spec.prompt);
  validateEnvironment(spec.environment);
  validateFiles(spec.files);
  promptPlacement(spec);
  validatePaths(spec);
  validateVolumes(spec);
  validateUser(spec.user);
  validateBounds(spec.bounds, spec.ttlSecondsAfterFinished);
  validateResources(spec.resources);
  validateScheduling(spec);
  validateMetadata(spec);
  validatePodTemplate(spec);
}
