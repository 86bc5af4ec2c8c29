// A registry on loopback: anybody may publish, and what is not ours comes from the registry that npm is configured with.
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { runServer } from "verdaccio";

/** Where a registry keeps its packages, and where it gets others. */
export interface StartRegistryOptions {
  /** A folder of its own; it is made. */
  readonly folder: string;
  /** URL of the registry that has everybody else's packages. */
  readonly uplink: string;
  /** Names that are served from here alone, never from the uplink. `*` stands for what follows a scope. */
  readonly own: readonly string[];
}

/** A running registry. Disposal ends it and leaves its folder. */
export interface Registry extends AsyncDisposable {
  /** With a slash at its end. */
  readonly url: string;
  /** Lines of an `.npmrc` that make npm and pnpm use it, also to publish. */
  readonly npmrc: string;
}

/** Starts a registry on a free port. */
export async function startRegistry(options: StartRegistryOptions): Promise<Registry> {
  const { folder, uplink, own } = options;
  await mkdir(folder, { recursive: true });
  const open = { access: "$all", publish: "$all", unpublish: "$all" };
  const config = {
    configPath: join(folder, "config.yaml"),
    self_path: folder,
    storage: join(folder, "storage"),
    uplinks: { configured: { url: uplink, timeout: "60s", max_fails: 20, maxage: "1h" } },
    packages: {
      ...Object.fromEntries(own.map((name) => [name, open])),
      "**": { access: "$all", publish: "nobody", proxy: "configured" },
    },
    publish: { allow_offline: true },
    web: { enable: false },
    log: { type: "stdout", format: "pretty", level: "fatal" },
    max_body_size: "100mb",
    server: { keepAliveTimeout: 60 },
  };
  // biome-ignore lint/suspicious/noExplicitAny: its own types of a config name what the file parser adds.
  const server = (await runServer(config as any)) as Server;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}/`,
    npmrc: `registry=http://${host}/\n//${host}/:_authToken=anybody\n`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
