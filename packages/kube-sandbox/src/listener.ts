import type { Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { KubeSandboxError } from "./sandbox-error.ts";

/** A server's socket, which can go away and come back on the same port. */
export interface Listener {
  readonly url: string;
  /** Refuses new connections and cuts the open ones. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** Takes connections and requests and answers nothing, as a server that was stopped, until `thaw()`. */
  freeze(): void;
  thaw(): void;
  /** Pending while frozen. */
  readonly serving: Promise<void> | undefined;
  close(): Promise<void>;
}

/** Listens; `listen_failed` if the port cannot be had. */
export async function listen(server: Server, host: string, port: number): Promise<Listener> {
  const sockets = new Set<Socket>();
  let frozen: { readonly until: Promise<void>; readonly end: () => void } | undefined;
  server.on("connection", (socket) => {
    sockets.add(socket);
    if (frozen !== undefined) socket.cork();
    socket.once("close", () => sockets.delete(socket));
  });
  const open = (at: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        reject(
          new KubeSandboxError("listen_failed", `cannot listen on ${host}:${at}: ${error.message}`, {
            cause: error,
          }),
        );
      };
      server.once("error", fail);
      server.listen(at, host, () => {
        server.off("error", fail);
        resolve();
      });
    });
  const down = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const freeze = (): void => {
    if (frozen !== undefined) return;
    let end = (): void => {};
    const until = new Promise<void>((resolve) => {
      end = resolve;
    });
    frozen = { until, end };
    for (const socket of sockets) socket.cork();
  };
  const thaw = (): void => {
    if (frozen === undefined) return;
    const { end } = frozen;
    frozen = undefined;
    for (const socket of sockets) socket.uncork();
    end();
  };
  await open(port);
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host}:${bound}`,
    down,
    up: () => open(bound),
    freeze,
    thaw,
    get serving() {
      return frozen?.until;
    },
    close: down,
  };
}
