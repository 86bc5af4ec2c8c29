import type { V1ContainerStateWaiting } from "@kubernetes/client-node";
import { currentPod, type Facts } from "./facts.ts";
import type { ImagePullCause, Verdict } from "./outcome.ts";
import { ended, pending } from "./verdict.ts";

const FAILING: ReadonlySet<string> = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "ErrImageNeverPull",
  "RegistryUnavailable",
]);

/** Time for the kubelet to try more than once: a registry may answer wrongly one time, a Secret may arrive late. In ms. */
const GRACE_MS: Readonly<Record<ImagePullCause, number>> = {
  invalid_name: 0,
  not_found: 20_000,
  auth: 30_000,
  // A rate limit passes, an unreachable registry comes back: these have the whole bound of the phase.
  rate_limit: Number.POSITIVE_INFINITY,
  other: Number.POSITIVE_INFINITY,
};

const SAYS: Readonly<Record<ImagePullCause, string>> = {
  invalid_name: "The image's name is not valid",
  not_found: "The image does not exist in its registry",
  auth: "The registry refuses access to the image",
  rate_limit: "The registry limits the rate of pulls",
  other: "The image cannot be pulled",
};

export function isImagePullFailure(reason: string | undefined): boolean {
  return reason !== undefined && FAILING.has(reason);
}

/** The kubelet fails to pull the image: told after a grace that fits the cause, with the registry's words. */
export function imagePullFailure(
  facts: Facts,
  pull: { waiting: V1ContainerStateWaiting | undefined; scheduledAt: number },
): Verdict {
  const reason = pull.waiting?.reason ?? "ErrImagePull";
  const detail = pull.waiting?.message ?? null;
  const cause = causeOf(reason, withoutNames(facts, detail ?? ""));
  const dueAt = pull.scheduledAt + Math.min(GRACE_MS[cause], facts.bounds.imagePullMs);
  if (facts.now < dueAt) return pending("pulling", { reviewAt: dueAt, detail });
  const message = `${SAYS[cause]}: ${detail ?? reason}`;
  return ended(facts, { kind: "image_pull_failed", cause }, message, { mustStop: true, reason, detail });
}

/** An image may be called "ratelimit" or "forbidden": only the registry's own words count. */
function withoutNames(facts: Facts, detail: string): string {
  const images = currentPod(facts)?.pod.spec?.containers.map(({ image }) => image ?? "") ?? [];
  return images.filter((image) => image !== "").reduce((text, image) => text.replaceAll(image, ""), detail);
}

function causeOf(reason: string, detail: string): ImagePullCause {
  if (reason === "InvalidImageName") return "invalid_name";
  if (/too ?many ?requests|rate ?limit|status(?: code)?:? 429/i.test(detail)) return "rate_limit";
  // Registries answer "denied" for what does not exist as well; the words of Docker Hub name both, and the name is the likelier fault.
  if (/not found|manifest unknown|does not exist|no such image|NotFound/i.test(detail)) return "not_found";
  if (reason === "ErrImageNeverPull") return "not_found";
  if (/unauthorized|authentication required|denied|forbidden/i.test(detail)) return "auth";
  return "other";
}
