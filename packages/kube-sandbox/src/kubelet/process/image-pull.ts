/** How pulling an image goes: how long it takes, and why it fails, if it does. */
export interface ImagePull {
  readonly waitMs: number;
  readonly error: string | undefined;
}

/** Images as the sandbox's user describes them. */
export interface ImageOptions {
  /** Images that no registry has. */
  readonly missing?: readonly string[];
  /** Images that need a pull secret which is not there. */
  readonly unauthorized?: readonly string[];
  /** Images whose registry answers 429. */
  readonly rateLimited?: readonly string[];
  /** Images that take a while, in ms. */
  readonly slow?: Readonly<Record<string, number>>;
}

/** What happens when a node pulls an image. */
export interface ImageState {
  /** Why it cannot be pulled. */
  readonly fails?: "missing" | "unauthorized" | "rateLimited";
  /** How long a pull takes, in ms; 0 by default, as for an image that is present. */
  readonly takesMs?: number;
}

/** The images of process pods. */
export interface SandboxImages {
  /** From now on, this is what a pull of the image meets; `{}` makes it present. Retries of the kubelet see it. */
  set(image: string, state: ImageState): void;
}

function qualified(image: string): string {
  const [name = "", tag = "latest"] = image.split(/:(?=[^/]*$)/);
  const host = /^[^/]*[.:][^/]*\//.test(name)
    ? name
    : `docker.io/${name.includes("/") ? name : `library/${name}`}`;
  return `${host}:${tag}`;
}

/** Messages are containerd's. */
const reasons: Record<NonNullable<ImageState["fails"]>, (image: string) => string> = {
  missing: (image) => `${image}: not found`,
  unauthorized: () =>
    "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
  rateLimited: () =>
    "unexpected status from HEAD request: 429 Too Many Requests: toomanyrequests: You have reached your pull rate limit.",
};

/** Images that are present, unless the options or a later word say otherwise. */
export function createImages(options: ImageOptions): SandboxImages & { pull(image: string): ImagePull } {
  const states = new Map<string, ImageState>();
  for (const [image, takesMs] of Object.entries(options.slow ?? {})) states.set(image, { takesMs });
  for (const fails of ["missing", "unauthorized", "rateLimited"] as const)
    for (const image of options[fails] ?? []) states.set(image, { ...states.get(image), fails });
  return {
    set: (image, state) => void states.set(image, state),
    pull(image) {
      const { fails, takesMs: waitMs = 0 } = states.get(image) ?? {};
      if (fails === undefined) return { waitMs, error: undefined };
      const full = qualified(image);
      const resolve = `failed to pull and unpack image "${full}": failed to resolve reference "${full}": `;
      return { waitMs, error: resolve + reasons[fails](full) };
    },
  };
}
