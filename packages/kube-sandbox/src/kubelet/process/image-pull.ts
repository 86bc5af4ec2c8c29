/** How pulling an image goes: how long it takes, and why it fails, if it does. */
export interface ImagePull {
  readonly waitMs: number;
  readonly error: string | undefined;
}

/** Tells how pulling an image goes this time. */
export type PullImage = (image: string) => ImagePull;

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

function qualified(image: string): string {
  const [name = "", tag = "latest"] = image.split(/:(?=[^/]*$)/);
  const host = /^[^/]*[.:][^/]*\//.test(name)
    ? name
    : `docker.io/${name.includes("/") ? name : `library/${name}`}`;
  return `${host}:${tag}`;
}

/** A pull for each image: at once, unless the options say otherwise. Messages are containerd's. */
export function createPullImage(options: ImageOptions): PullImage {
  return (image) => {
    const full = qualified(image);
    const resolve = `failed to pull and unpack image "${full}": failed to resolve reference "${full}": `;
    const waitMs = options.slow?.[image] ?? 0;
    if (options.missing?.includes(image) === true) return { waitMs, error: `${resolve}${full}: not found` };
    if (options.unauthorized?.includes(image) === true) {
      const why =
        "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed";
      return { waitMs, error: `${resolve}${why}` };
    }
    if (options.rateLimited?.includes(image) === true) {
      const why =
        "unexpected status from HEAD request: 429 Too Many Requests: toomanyrequests: You have reached your pull rate limit.";
      return { waitMs, error: `${resolve}${why}` };
    }
    return { waitMs, error: undefined };
  };
}
