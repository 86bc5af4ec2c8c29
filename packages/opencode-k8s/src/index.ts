import { defineAgentAdapter, type ServerAdapterModule } from "@paperclip-k8s/adapter-core";
import { opencode } from "./definition.ts";

/** What Paperclip calls when it loads the adapter. Makes no connection and reads no environment. */
export function createServerAdapter(): ServerAdapterModule {
  return defineAgentAdapter(opencode);
}
