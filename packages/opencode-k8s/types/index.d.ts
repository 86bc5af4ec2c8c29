/** What Paperclip loads: its `ServerAdapterModule`, whose types come with `@paperclipai/adapter-utils`. */
export interface OpenCodeKubernetesAdapter {
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: the context is Paperclip's, and its types are not a dependency.
  execute(ctx: any): Promise<{ readonly exitCode: number | null; readonly errorCode?: string | null }>;
  // biome-ignore lint/suspicious/noExplicitAny: the same.
  testEnvironment(ctx: any): Promise<{ readonly status: "pass" | "warn" | "fail" }>;
}

/** What Paperclip calls when it loads the adapter. Makes no connection and reads no environment. */
export declare function createServerAdapter(): OpenCodeKubernetesAdapter;
