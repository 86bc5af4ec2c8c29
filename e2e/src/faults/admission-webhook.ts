import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { promisify } from "node:util";
import { AdmissionregistrationV1Api } from "@kubernetes/client-node";
import { deleted } from "../cluster/clients.ts";
import { requirePodReachableAddress } from "../cluster/pod-reachable-address.ts";
import { accepts, creationsOf, type DenyOptions, only, refuses } from "./admission-policy.ts";

const run = promisify(execFile);

/** Refuses new objects of a namespace by a webhook that this process serves, until it is disposed of. */
export async function denyByWebhook(options: DenyOptions): Promise<AsyncDisposable> {
  const { namespace, resource, message } = options;
  const host = await requirePodReachableAddress(namespace.clients.core, process.env);
  const { key, cert } = await certificateOf(host);
  const server = await serve({ host, key, cert, message });
  const api = namespace.clients.config.makeApiClient(AdmissionregistrationV1Api);
  const name = `${namespace.name}-${resource}.example.org`;
  const url = `https://${host}:${(server.address() as AddressInfo).port}/`;
  await api.createValidatingWebhookConfiguration({
    body: {
      metadata: { name },
      webhooks: [
        {
          name,
          clientConfig: { url, caBundle: Buffer.from(cert).toString("base64") },
          rules: [creationsOf(resource)],
          namespaceSelector: only(namespace),
          admissionReviewVersions: ["v1"],
          sideEffects: "None",
          timeoutSeconds: 5,
        },
      ],
    },
  });
  await refuses(options);
  return {
    async [Symbol.asyncDispose]() {
      await deleted(api.deleteValidatingWebhookConfiguration({ name }));
      await accepts(options);
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** A key and a certificate for an address, which is its own authority. */
async function certificateOf(address: string): Promise<{ readonly key: string; readonly cert: string }> {
  const folder = await mkdtemp(join(tmpdir(), "webhook-"));
  const [keyFile, certFile] = [join(folder, "key"), join(folder, "cert")];
  const subject = ["-subj", "/CN=webhook", "-addext", `subjectAltName=IP:${address}`, "-days", "1"];
  const files = ["-keyout", keyFile, "-out", certFile];
  try {
    await run("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...files, ...subject]);
    return { key: await readFile(keyFile, "utf8"), cert: await readFile(certFile, "utf8") };
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface ServeOptions {
  readonly host: string;
  readonly key: string;
  readonly cert: string;
  readonly message: string;
}

async function serve({ host, key, cert, message }: ServeOptions): Promise<Server> {
  const server = createServer({ key, cert }, (request, response) => {
    void json(request).then((review) => {
      const { uid } = (review as { request: { uid: string } }).request;
      const answer = { uid, allowed: false, status: { code: 403, message } };
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response: answer }),
      );
    });
  });
  server.listen(0, host);
  await once(server, "listening");
  return server;
}
