import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { afterEach, expect, test } from "vitest";
import { createKubeTransport } from "../../src/index.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A server that takes one token only, and answers /held once it is let go; the transport reads it in `reload`. */
async function refusing() {
  const held = Promise.withResolvers<void>();
  const letGo = Promise.withResolvers<void>();
  const server = createServer(async ({ headers, url }, answer) => {
    const isOld = headers.authorization !== "Bearer new";
    if (isOld && url === "/held") {
      held.resolve();
      await letGo.promise;
    }
    answer.writeHead(isOld ? 401 : 200, { "content-type": "application/json" });
    answer.end(JSON.stringify({ url }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const file = { token: "old", reads: 0 };
  const read = () => {
    const kubeConfig = new KubeConfig();
    const cluster = { name: "one", server: url, skipTLSVerify: true };
    kubeConfig.loadFromClusterAndUser(cluster, { name: "one", token: file.token });
    return kubeConfig;
  };
  const reload = async () => {
    file.reads++;
    return read();
  };
  const transport = createKubeTransport({ kubeConfig: read(), userAgent: "test", reload });
  const get = (path: string) => transport.json({ method: "GET", path });
  return { file, get, held: held.promise, letGo: letGo.resolve };
}

test("a request that was refused is sent again with credentials that were renewed meanwhile", async () => {
  const { file, get } = await refusing();
  await expect(get("/one")).rejects.toMatchObject({ code: "unauthorized" });
  file.token = "new";
  expect(await get("/one")).toEqual({ url: "/one" });
  expect(file.reads).toBe(2);
});

test("a request that is refused late reads nothing where another has found the new credentials since", async () => {
  const { file, get, held, letGo } = await refusing();
  const late = get("/held");
  await held;
  file.token = "new";
  expect(await get("/fast")).toEqual({ url: "/fast" });
  letGo();
  expect(await late).toEqual({ url: "/held" });
  expect(file.reads).toBe(1);
});
