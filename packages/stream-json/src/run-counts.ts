/** What a run did, in numbers. */
export interface RunCounts {
  /** Lines, repeated ones left out. */
  readonly events: number;
  /** Messages of the model, subagents' included; parts of one count once. */
  readonly messages: number;
  readonly toolCalls: number;
  /** Tool calls whose result was an error: ordinary in a run that ends well. */
  readonly toolErrors: number;
  /** API calls that failed and were tried again. */
  readonly retries: number;
  /** Lines that were not JSON objects. */
  readonly textLines: number;
  /** Events of a type that is not known. */
  readonly unknownEvents: number;
}
