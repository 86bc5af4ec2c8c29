import type { Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { KubeSandboxError } from "./sandbox-error.ts";

/** A server's socket, which can go away and come back on the same port. */
export interface Listener {
  readonly url: string;
  /** Refuses new connections and cuts the open ones. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

/** Listens; `listen_failed` if the port cannot be had. */
export async function listen(server: Server, host: string, port: number): Promise<Listener> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
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
  await open(port);
  const bound = (server.address() as AddressInfo).port;
  return { url: `http://${host}:${bound}`, down, up: () => open(bound), close: down };
}
