/** What decides the time between two polls. */
export interface PollIntervalOptions {
  /** While the file grows, in ms. */
  readonly pollIntervalMs: number;
  /** While it does not, in ms. */
  readonly idlePollIntervalMs: number;
  /** Polls without growth after which the file counts as idle. */
  readonly idleAfterPolls: number;
}

/** The time until the next poll in ms, after so many polls in a row that found nothing new. */
export function pollInterval(pollsWithoutGrowth: number, options: PollIntervalOptions): number {
  return pollsWithoutGrowth < options.idleAfterPolls ? options.pollIntervalMs : options.idlePollIntervalMs;
}
