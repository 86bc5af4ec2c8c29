import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** From where to where; the same port on both sides. */
export interface ForwardOptions {
  /** The address of this machine that pods reach. */
  readonly address: string;
  readonly port: number;
}

/**
 * Carries TCP connections from an address that pods reach to the same port on loopback.
 *
 * The server listens on loopback alone, since it takes every caller without a token for the board. Disposal ends
 * all connections.
 */
export async function forwardToLoopback(options: ForwardOptions): Promise<AsyncDisposable> {
  const { address, port } = options;
  const sockets = new Set<Socket>();
  const server = createServer((incoming) => {
    const outgoing = connect(port, "127.0.0.1");
    for (const [socket, peer] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => peer.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        peer.destroy();
      });
    }
    incoming.pipe(outgoing).pipe(incoming);
  });
  server.listen(port, address);
  await once(server, "listening");
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
