import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CaseCleanUp, CaseContext } from "./outcome-cases.ts";

/** An admission webhook on loopback that refuses one resource of the case's namespace. Needs openssl. */
export async function startWebhook(
  options: CaseContext & { resource: string; group: string },
): Promise<CaseCleanUp> {
  const { create, namespace, resource, group } = options;
  const { key, cert } = certificate();
  const server = createServer({ key, cert }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const review = JSON.parse(Buffer.concat(chunks).toString()) as { request: { uid: string } };
      const status = { code: 403, message: "images must come from registry.example" };
      const answer = { uid: review.request.uid, allowed: false, status };
      response.writeHead(200, { "content-type": "application/json" });
      response.end(
        JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response: answer }),
      );
    });
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
  await create("/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations", {
    metadata: { name: `js-${resource}-policy` },
    webhooks: [
      {
        name: "policy.example.org",
        clientConfig: { url: `https://127.0.0.1:${port}/`, caBundle: cert.toString("base64") },
        rules: [{ operations: ["CREATE"], apiGroups: [group], apiVersions: ["v1"], resources: [resource] }],
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
        timeoutSeconds: 5,
      },
    ],
  });
  return async () => {
    server.closeAllConnections();
    server.close();
  };
}

function certificate(): { readonly key: Buffer; readonly cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), "webhook-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const args = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", ...subject];
  execFileSync("openssl", [...args, "-keyout", key, "-out", cert], { stdio: "ignore" });
  try {
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
