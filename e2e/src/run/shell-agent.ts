/** An agent whose prompt is a shell script: for what does not depend on an agent CLI, and would take one minutes to bring about. */
export { createServerAdapter as createShellAdapter } from "@paperclip-k8s/shell-agent";
