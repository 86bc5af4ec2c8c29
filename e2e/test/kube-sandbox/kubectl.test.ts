import { inject } from "vitest";
import { kubectlTests } from "../../../packages/kube-sandbox/test/kubectl/kubectl-tests.ts";
import type {} from "../../src/cluster/global-setup.ts";

const cluster = inject("cluster");
const own = cluster.state === "present" && cluster.home !== undefined ? `${cluster.home}/kubectl` : undefined;

kubectlTests(process.env["KUBECTL"] || own);
