import type { z } from "zod";
import { configFieldWithDefault, type FieldPart } from "../config-field.ts";
import { choice, integer, toggle } from "../values/plain-values.ts";
import { reader, Unreadable } from "../values/reader.ts";
import { fromJson, isRecord } from "../values/structured-values.ts";

const group = "Run";

/** Bounds of a run's phases, in seconds. */
export interface PhaseBounds {
  readonly schedulingSec: number;
  readonly imagePullSec: number;
  readonly startSec: number;
  readonly cleanupSec: number;
}

const defaultBounds: PhaseBounds = { schedulingSec: 300, imagePullSec: 900, startSec: 120, cleanupSec: 60 };

function bounds(): z.ZodType<PhaseBounds> {
  return reader((raw) => {
    const object = typeof raw === "string" ? fromJson(raw) : raw;
    if (!isRecord(object)) return new Unreadable("an object of seconds, or its JSON", raw);
    const result: Record<string, number> = { ...defaultBounds };
    for (const name of Object.keys(defaultBounds)) {
      if (object[name] === undefined) continue;
      const seconds = integer(1).safeParse(object[name]);
      if (!seconds.success) return new Unreadable("a whole number of 1 or more", object[name], [name]);
      result[name] = seconds.data;
    }
    return result as unknown as PhaseBounds;
  });
}

/** The host renews every five seconds: a shorter lease would end agents whose host is only busy. */
const SHORTEST_LEASE_SEC = 15;

function lease(): z.ZodType<number> {
  return reader((raw) => {
    const seconds = integer(0, 86_400).safeParse(raw);
    if (seconds.success && (seconds.data === 0 || seconds.data >= SHORTEST_LEASE_SEC)) return seconds.data;
    return new Unreadable(`0, or a whole number from ${SHORTEST_LEASE_SEC} to 86400`, raw);
  });
}

const DEFAULT_TTL_SEC = 300;

/**
 * A Job that goes as its agent ends takes the reason of a failure with it, and an end that no host has heard. Nobody
 * asks for that: the form of a predecessor stores 0 for every new agent.
 */
function timeToLive(): z.ZodType<number> {
  return reader((raw) => {
    const seconds = integer(0).safeParse(raw);
    if (!seconds.success) return new Unreadable("a whole number of 0 or more", raw);
    return seconds.data === 0 ? DEFAULT_TTL_SEC : seconds.data;
  });
}

function bound(label: string, hint: string, fallback: number): FieldPart {
  return { label, hint, type: "number", group, default: fallback };
}

/** How long things may take, and what happens beside other runs. */
export const runFields = {
  timeoutSec: configFieldWithDefault(integer(0), 0, {
    label: "Time limit (seconds)",
    hint: "Counted from the start of the agent's container. 0 means none.",
    type: "number",
    group,
  }),
  graceSec: configFieldWithDefault(integer(0, 3600), 30, {
    label: "Grace period (seconds)",
    hint: "What the agent has between the request to end and being killed.",
    type: "number",
    group,
  }),
  leaseSec: configFieldWithDefault(lease(), 0, {
    label: "Dead-man's switch (seconds)",
    hint: "An agent whose Paperclip host has not been there for so long is asked to end, and killed after its grace period. 0 means never; else 15 or more.",
    type: "number",
    group,
    hidden: true,
  }),
  concurrency: configFieldWithDefault(choice(["agent", "task", "unlimited"]), "agent", {
    label: "Runs at a time",
    hint: "One run of the agent, one run of each of its tasks, or as many as Paperclip starts.",
    type: "select",
    group,
    options: [
      { label: "One for the agent", value: "agent" },
      { label: "One for each task", value: "task" },
      { label: "Unlimited", value: "unlimited" },
    ],
  }),
  busyWaitSec: configFieldWithDefault(integer(0), 300, {
    label: "Wait for another run (seconds)",
    hint: "How long a run waits for another one of the same agent or task before it gives up.",
    type: "number",
    group,
  }),
  reattachOrphanedJobs: configFieldWithDefault(toggle(), true, {
    label: "Re-attach to orphaned Jobs",
    hint: "After a restart of Paperclip, follow the Job that still works on the same task instead of waiting for its end.",
    type: "toggle",
    group,
  }),
  orphanMaxAgeSec: configFieldWithDefault(integer(60), 86_400, {
    label: "Life of an orphan (seconds)",
    hint: "A Job whose run Paperclip has given up may work on for so long.",
    type: "number",
    group,
    hidden: true,
  }),
  bounds: configFieldWithDefault(bounds(), defaultBounds, {
    label: "Bounds",
    hint: "Limits of a run's phases in seconds: an object, its JSON, or one by one below.",
    type: "textarea",
    group,
    hidden: true,
    levels: 1,
    parts: {
      schedulingSec: bound("Scheduling (seconds)", "The longest wait for a node.", 300),
      imagePullSec: bound("Image pull (seconds)", "The longest pull of the image.", 900),
      startSec: bound("Start (seconds)", "The longest way from the image to a running container.", 120),
      cleanupSec: bound("Clean-up (seconds)", "The longest clean-up after a run.", 60),
    },
  }),
  lingerSec: configFieldWithDefault(integer(0), 600, {
    label: "Stay after the end (seconds)",
    hint: "An agent CLI that has finished and is still there after so long is ended, and the run counts as it said. 0 means that it may stay for ever.",
    type: "number",
    group,
    hidden: true,
  }),
  keepAliveSec: configFieldWithDefault(integer(10), 60, {
    label: "Keep-alive line (seconds)",
    hint: "After so much silence of a living agent the log gets a line that says so.",
    type: "number",
    group,
    hidden: true,
  }),
  testPod: configFieldWithDefault(toggle(), true, {
    label: "Test with a pod",
    hint: "The test of the environment also runs a short pod, which tells whether image, volume and network are right. No model is asked.",
    type: "toggle",
    group,
    hidden: true,
  }),
  ttlSecondsAfterFinished: configFieldWithDefault(timeToLive(), DEFAULT_TTL_SEC, {
    label: "Keep finished Jobs (seconds)",
    hint: "A net for Jobs that could not be cleaned up. 0 counts as unset.",
    type: "number",
    group,
  }),
  retainJobs: configFieldWithDefault(toggle(), false, {
    label: "Retain Jobs",
    hint: "Leaves Job, pod and run files after the end, for debugging. The Secret goes all the same.",
    type: "toggle",
    group,
  }),
} as const;
