import { createServer } from "node:http";
import type { CaseCleanUp } from "./outcome-cases.ts";

/** A registry that answers every request with this status, in the words of the distribution specification. */
export async function startRegistry(options: {
  port: number;
  status: 401 | 404 | 429;
}): Promise<CaseCleanUp> {
  const { port, status } = options;
  const codes = { 401: "UNAUTHORIZED", 404: "MANIFEST_UNKNOWN", 429: "TOOMANYREQUESTS" } as const;
  const server = createServer((_request, response) => {
    const challenge = status === 401 ? { "www-authenticate": 'Basic realm="registry"' } : {};
    response.writeHead(status, { "content-type": "application/json", ...challenge });
    const message = codes[status].toLowerCase().replaceAll("_", " ");
    response.end(JSON.stringify({ errors: [{ code: codes[status], message }] }));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return async () => {
    server.closeAllConnections();
    server.close();
  };
}
