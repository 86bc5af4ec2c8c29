// What a scripted model can do in one call.

/** One block of an answer. */
export type AnswerBlock =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "thinking"; readonly thinking: string }
  | { readonly type: "tool_use"; readonly name: string; readonly input: Readonly<Record<string, unknown>> };

/** Tokens as the API counts them; what is left out is estimated from the text. */
export interface StepUsage {
  readonly input_tokens?: number;
  readonly output_tokens?: number;
  readonly cache_creation_input_tokens?: number;
  readonly cache_read_input_tokens?: number;
}

/** Speed of an answer. */
export interface Pace {
  /** Silence before the first block, in ms. Default 0. */
  readonly silenceMs?: number;
  /** While silent, a `ping` event every so many ms. Default: none. */
  readonly pingEveryMs?: number;
  /** Characters of one delta. Default 2,000. */
  readonly chunkLength?: number;
  /** Time between two deltas, in ms. Default 0. */
  readonly betweenMs?: number;
}

interface Common {
  readonly usage?: StepUsage;
  readonly pace?: Pace;
  /** Of the answer, beside its own: `anthropic-ratelimit-unified-5h-utilization`, … */
  readonly headers?: Readonly<Record<string, string>>;
}

/** One answer of the model. */
export type Step =
  | (Common & { readonly kind: "text"; readonly text: string })
  | (Common & { readonly kind: "thinking"; readonly thinking: string; readonly text: string })
  /** A tool call, with some words before it if `text` is given. */
  | (Common & {
      readonly kind: "tool";
      readonly name: string;
      readonly input: Readonly<Record<string, unknown>>;
      readonly text?: string;
    })
  | (Common & {
      readonly kind: "blocks";
      readonly blocks: readonly AnswerBlock[];
      /** Default: `tool_use` if a block is one, else `end_turn`. */
      readonly stopReason?: string;
    })
  /** A text of this many characters, in numbered lines. */
  | (Common & { readonly kind: "long_text"; readonly length: number })
  /** The output limit is reached after `text`. */
  | (Common & { readonly kind: "max_tokens"; readonly text: string })
  | (Common & { readonly kind: "refusal"; readonly text?: string })
  /** The connection breaks after `text`, in the middle of the stream. */
  | (Common & { readonly kind: "cut"; readonly text: string })
  /** An error event instead of the end of the stream, after `text`. */
  | (Common & {
      readonly kind: "error_event";
      readonly text?: string;
      readonly type?: string;
      readonly message?: string;
    })
  /** The request is refused: no stream, a status and an error body. */
  | {
      readonly kind: "api_error";
      readonly status: number;
      /** Default: the API's own type for the status. */
      readonly type?: string;
      readonly message?: string;
      /** `retry-after`, `anthropic-ratelimit-unified-reset`, … */
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The k-th try of the same call gets the k-th step, further ones the last. */
  | { readonly kind: "attempts"; readonly steps: readonly Step[] };
