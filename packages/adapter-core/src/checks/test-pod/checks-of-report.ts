import type { AdapterEnvironmentCheck } from "@paperclipai/adapter-utils/types";
import { failed, passed, warned } from "../check.ts";
import type { PodReport } from "./pod-report.ts";

/** Whom the pod asked for what. */
export interface Asked {
  readonly label: string;
  readonly image: string;
  /** The agent CLI's program. */
  readonly cli: string;
  /** `PAPERCLIP_API_URL` as the agent has it. */
  readonly apiUrl: string;
}

/** What the test pod's report means for a run. */
export function checksOfReport(asked: Asked, { cli, api }: PodReport): readonly AdapterEnvironmentCheck[] {
  return [cliCheck(asked, cli), apiCheck(asked, api)];
}

function cliCheck({ label, image, cli: name }: Asked, cli: PodReport["cli"]): AdapterEnvironmentCheck {
  if (cli.kind === "present") return passed("agent_cli", `${image} has ${name}.`, cli.version);
  if (cli.kind === "missing") {
    const hint = `Set image to one with the CLI of ${label} on its PATH, or install it into this one.`;
    return failed("agent_cli", `${image} has no ${name} on its PATH.`, hint);
  }
  const hint = `Run ${name} --version in the image as the pod's user: a library is missing, or it is for another processor.`;
  return failed("agent_cli", `${name} in ${image} cannot tell its version.`, hint, cli.said);
}

function apiCheck({ apiUrl, image }: Asked, api: PodReport["api"]): AdapterEnvironmentCheck {
  const code = "api_url";
  if (api.kind === "unasked") {
    const hint = `Ask once by hand, from a pod in the agents' namespace: curl ${apiUrl}/api/health. Or add curl to the image.`;
    const message = `Whether pods reach Paperclip at ${apiUrl} was not asked: ${image} has no curl, wget, node or bash.`;
    return warned(code, message, hint);
  }
  const address =
    "Set env.PAPERCLIP_API_URL to an address that pods reach, such as http://<service>.<namespace>.svc:3100";
  if (api.kind === "unreachable") {
    const hint = `${address}, and let the agents' namespace through by a NetworkPolicy.`;
    return failed(code, `Pods do not reach Paperclip at ${apiUrl}.`, hint, api.said);
  }
  if (api.status < 400) return passed(code, `Pods reach Paperclip at ${apiUrl}.`);
  const detail = `GET ${apiUrl}/api/health answered ${api.status}.`;
  if (api.status === 403) {
    const hint = "Name the host of that address in the server's PAPERCLIP_ALLOWED_HOSTNAMES.";
    return failed(code, `Paperclip at ${apiUrl} refuses requests of pods.`, hint, detail);
  }
  return failed(code, `What pods reach at ${apiUrl} is not a healthy Paperclip.`, `${address}.`, detail);
}
