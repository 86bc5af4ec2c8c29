// The way of a run, as two tables: from its request to its Job at work, and from there to its clean-up.
// Each row: in this state, on what has happened, these effects, then that state. launch/launch.ts and
// supervised-run.ts walk them; what has happened is decided by pure functions, what is done lies at the edges.

/** One row of a table. */
export interface Row<State, Happening, Effect> {
  readonly in: State;
  readonly on: Happening;
  readonly does: readonly Effect[];
  readonly then: State;
}

export type LaunchState =
  | "creating"
  | "adopting"
  | "securing"
  | "guarding"
  | "staying"
  | "collecting"
  | "preparing"
  | "resuming"
  | "claiming"
  // Ends of a try.
  | "resumed"
  | "orphan"
  | "busy"
  | "refused";

export type LaunchHappening =
  | "made"
  | "made_again"
  | "found_terminating"
  | "found_at_work"
  | "found_left"
  | "found_followed"
  | "alone"
  | "unheard_end"
  | "others_wait"
  | "abandoned_found"
  | "same_work_found"
  | "others_work"
  | "looked_again"
  | "too_long"
  | "resumed"
  | "claimed"
  | "taken_by_another"
  | "no_answer"
  | "failed"
  | "cancelled";

/**
 * `withdraw` removes the try's own Job, and with it its Secret. After a resume that nobody has answered a pod
 * may be at work: the Job then goes in the foreground, so that it counts as live for as long as its pod.
 */
export type LaunchEffect = "withdraw" | "withdraw_in_foreground" | "remove_files";

const row = <State, Happening, Effect>(
  state: State,
  on: Happening,
  does: readonly Effect[],
  then: State,
): Row<State, Happening, Effect> => ({ in: state, on, does, then });

export type LaunchRow = Row<LaunchState, LaunchHappening, LaunchEffect>;

/** One try to launch. */
export const LAUNCH: readonly LaunchRow[] = [
  row("creating", "made", [], "securing"),
  // This very run had been followed by somebody else, who has told its end meanwhile.
  row("creating", "made_again", ["withdraw"], "refused"),
  row("creating", "found_terminating", [], "busy"),
  row("creating", "found_followed", [], "busy"),
  row("creating", "found_at_work", [], "claiming"),
  row("creating", "found_left", [], "adopting"),
  row("creating", "failed", [], "refused"),

  row("adopting", "claimed", [], "securing"),
  row("adopting", "taken_by_another", [], "busy"),
  row("adopting", "failed", [], "refused"),

  row("securing", "made", [], "guarding"),
  row("securing", "failed", ["withdraw"], "refused"),
  row("securing", "cancelled", ["withdraw"], "refused"),

  row("guarding", "alone", [], "preparing"),
  row("guarding", "unheard_end", ["withdraw"], "claiming"),
  row("guarding", "same_work_found", ["withdraw"], "claiming"),
  row("guarding", "others_wait", [], "staying"),
  row("guarding", "abandoned_found", [], "collecting"),
  row("guarding", "others_work", ["withdraw"], "busy"),
  row("guarding", "failed", ["withdraw"], "refused"),
  row("guarding", "cancelled", ["withdraw"], "refused"),

  row("staying", "looked_again", [], "guarding"),
  row("staying", "too_long", ["withdraw"], "busy"),

  row("collecting", "looked_again", [], "guarding"),
  row("collecting", "too_long", ["withdraw"], "busy"),

  row("preparing", "made", [], "resuming"),
  row("preparing", "failed", ["remove_files", "withdraw"], "refused"),

  row("resuming", "resumed", [], "resumed"),
  // Whoever has taken it has its files as well.
  row("resuming", "taken_by_another", [], "busy"),
  row("resuming", "no_answer", ["withdraw_in_foreground"], "refused"),
  row("resuming", "failed", ["remove_files", "withdraw"], "refused"),

  row("claiming", "claimed", [], "orphan"),
  row("claiming", "taken_by_another", [], "busy"),
  row("claiming", "failed", [], "refused"),
];

export type RunStateName = "watching" | "stopping" | "ended" | "cleaning" | "settled";

export type RunHappening =
  | "goes_on"
  | "needs_events"
  | "ended_by_itself"
  | "must_be_stopped"
  | "cancelled"
  | "cancelled_too_late"
  | "may_still_write"
  | "writer_is_dead"
  | "patience_is_over"
  | "clean_up"
  | "clean_up_unconfirmed"
  | "clean_up_retaining"
  | "clean_up_of_another"
  | "cleaned";

export type RunEffect =
  | "show"
  | "ask_for_events"
  | "review_later"
  | "tell_outcome"
  | "delete_in_foreground"
  | "delete_in_background"
  | "delete_secret"
  | "remove_files"
  | "settle";

/** A Job that works, to its end and its clean-up. */
export const FOLLOW: readonly Row<RunStateName, RunHappening, RunEffect>[] = [
  row("watching", "goes_on", ["show", "review_later"], "watching"),
  row("watching", "needs_events", ["show", "ask_for_events", "review_later"], "watching"),
  row("watching", "ended_by_itself", ["tell_outcome"], "ended"),
  row("watching", "must_be_stopped", ["show", "delete_in_foreground"], "stopping"),
  row("watching", "cancelled", ["show", "delete_in_foreground"], "stopping"),
  // What has ended by itself keeps its own end, which comes within seconds.
  row("watching", "cancelled_too_late", [], "watching"),

  row("stopping", "may_still_write", ["review_later"], "stopping"),
  row("stopping", "writer_is_dead", ["tell_outcome"], "ended"),
  row("stopping", "patience_is_over", ["tell_outcome"], "ended"),
  row("stopping", "cancelled", [], "stopping"),
  row("stopping", "cancelled_too_late", [], "stopping"),

  row("ended", "clean_up", ["delete_in_background", "remove_files"], "cleaning"),
  // In the foreground the Job is there, and counts as live, for as long as its pod is; its files stay.
  row("ended", "clean_up_unconfirmed", ["delete_in_foreground"], "cleaning"),
  row("ended", "clean_up_retaining", ["delete_secret"], "cleaning"),
  // Another host has taken the Job over: Job and files are its to remove.
  row("ended", "clean_up_of_another", [], "cleaning"),
  row("ended", "cancelled", [], "ended"),
  row("ended", "cancelled_too_late", [], "ended"),

  row("cleaning", "cleaned", ["settle"], "settled"),
];

/** The one row for what has happened in a state; null: it means nothing there. */
export function rowFor<State, Happening, Effect>(
  table: readonly Row<State, Happening, Effect>[],
  state: State,
  happening: Happening,
): Row<State, Happening, Effect> | null {
  return table.find((one) => one.in === state && one.on === happening) ?? null;
}
