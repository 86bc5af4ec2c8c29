// One schedule: works, hosts, and what befalls them, all from one seed.
import { createCluster } from "./cluster.ts";
import { type Doom, type ModelHost, startHost } from "./host.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import type { Weather } from "./network.ts";
import { createPaperclip, ORPHAN_MAX_AGE_MS, type Paperclip, type Work } from "./paperclip.ts";
import { type Dice, dice as diceOf } from "./random.ts";
import { createSim, type Sim } from "./sim.ts";
import { createVolume, type Volume } from "./volume.ts";

export interface Played {
  /** What was violated; empty where nothing was. */
  readonly failures: readonly string[];
  readonly log: readonly string[];
}

const START = Date.parse("2026-11-21T08:00:00Z");
const MINUTE = 60_000;
/** Launches and trouble happen within this; everything has its end afterwards. */
const BUSY_MS = 20 * MINUTE;

export async function playSchedule(seed: number): Promise<Played> {
  const dice = diceOf(seed);
  const sim = createSim(START);
  const ledger = createLedger(sim);
  const volume = createVolume();
  const ttlMs = dice.chance(0.5) ? 300_000 : null;
  const cluster = createCluster({ sim, dice, ledger, volume, ttlMs, orphanMaxAgeMs: ORPHAN_MAX_AGE_MS });
  const weather: Weather = {
    ...{ outageUntil: 0, stormUntil: 0, stormChance: 0 },
    lossChance: dice.chance(0.5) ? 0.03 : 0,
    slowChance: dice.chance(0.5) ? 0.03 : 0,
  };
  const hosts: ModelHost[] = [];
  const alive = () => hosts.filter((host) => !host.isDead());
  let serial = 0;

  function spawn(doom: Doom | null): ModelHost {
    serial += 1;
    const host: ModelHost = startHost({
      ...{ name: `host-${serial}`, sim, dice, cluster, volume, weather, ledger, doom },
      onDeath: () => {
        paperclip.lost(host);
        if (alive().length === 0)
          sim.schedule(() => alive().length === 0 && spawn(doomOf(dice, 0.2)), dice.delay(90_000));
      },
    });
    hosts.push(host);
    return host;
  }
  const anyHost = () => (alive().length > 0 ? dice.pick(alive()) : spawn(null));
  const paperclip = createPaperclip({ sim, dice, ledger, volume, anyHost });

  for (let count = dice.between(1, 2); count > 0; count -= 1) spawn(doomOf(dice, 0.5));
  for (const work of worksOf(dice)) sim.schedule(() => paperclip.run(work, anyHost()), dice.delay(BUSY_MS));
  befall({ sim, dice, weather, ledger, alive, spawn, cluster });

  await sim.run(START + BUSY_MS);
  Object.assign(weather, { outageUntil: 0, stormUntil: 0, lossChance: 0, slowChance: 0 });
  await comeToRest({ sim, hosts, paperclip, cluster, volume, anyHost });
  judge({ ledger, paperclip, volume, left: leftIn(cluster) });
  for (const host of hosts) host.supervisor.close();
  return { failures: ledger.failures, log: [`seed ${seed}, ttl ${ttlMs}`, ...ledger.log] };
}

function doomOf(dice: Dice, chance: number): Doom | null {
  return dice.chance(chance)
    ? { request: dice.between(1, 14), moment: dice.pick(["before", "after"]) }
    : null;
}

function worksOf(dice: Dice): Work[] {
  return Array.from({ length: dice.between(1, 4) }, (_none, index) => ({
    id: `work-${index}`,
    agentId: `agent-${dice.between(1, 2)}`,
    taskId: `task-${dice.between(1, 2)}`,
    // Two works may have one prompt, as two heartbeats of an agent have.
    prompt: `Do ${dice.between(0, index + 1)}.`,
    timeoutMs: dice.chance(0.1) ? dice.between(10_000, 300_000) : 0,
    busyWaitMs: dice.pick([0, 300_000, 900_000]),
    cancelAfterMs: dice.chance(0.2) ? dice.delay(300_000) : null,
  }));
}

/** Kills, updates, outages, cuts: a few of them, each at its time. */
function befall(options: {
  sim: Sim;
  dice: Dice;
  weather: Weather;
  ledger: Ledger;
  alive: () => ModelHost[];
  spawn: (doom: Doom | null) => ModelHost;
  cluster: ReturnType<typeof createCluster>;
}): void {
  const { sim, dice, weather, ledger, alive, spawn, cluster } = options;
  const cut = (how: "cut" | "freeze") => {
    for (const host of alive()) if (dice.chance(0.7)) host.network.disturb(how);
  };
  const does: Record<string, () => void> = {
    kill: () => alive().at(0)?.kill(),
    "rolling update": () => {
      const old = alive();
      spawn(doomOf(dice, 0.2));
      sim.schedule(() => {
        for (const host of old) {
          if (!host.isDead()) host.terminate();
          sim.schedule(() => host.kill(), dice.delay(5000));
        }
      }, dice.delay(30_000));
    },
    "another host": () => void spawn(doomOf(dice, 0.3)),
    outage: () => {
      weather.outageUntil = sim.now() + dice.delay(10 * MINUTE);
      cut("cut");
    },
    storm: () => {
      weather.stormUntil = sim.now() + dice.delay(5 * MINUTE);
      weather.stormChance = dice.next();
    },
    "cut watches": () => cut("cut"),
    "half-open watches": () => cut("freeze"),
    compaction: () => {
      cluster.api.compact();
      cut("cut");
    },
    deletion: () => {
      const jobs = cluster.api.list("jobs").filter(({ spec }) => spec?.suspend === false);
      if (jobs.length > 0) cluster.deleteFromOutside(dice.pick(jobs).metadata.uid);
    },
  };
  const common = Object.keys(does).filter((name) => name !== "deletion");
  for (let count = dice.between(0, 5); count > 0; count -= 1) {
    const name = dice.chance(0.06) ? "deletion" : dice.pick(common);
    sim.schedule(
      () => {
        ledger.note(`there is: ${name}`);
        does[name]?.();
      },
      dice.between(0, BUSY_MS),
    );
  }
}

/** Until nothing is left, or so much time has passed that something should not be. */
async function comeToRest(options: {
  sim: Sim;
  hosts: readonly ModelHost[];
  paperclip: Paperclip;
  cluster: ReturnType<typeof createCluster>;
  volume: Volume;
  anyHost: () => ModelHost;
}): Promise<void> {
  const { sim, hosts, paperclip, cluster, volume, anyHost } = options;
  const isAtRest = () =>
    paperclip.attempts.every(({ host, isOver }) => isOver || host.isDead()) &&
    leftIn(cluster).length === 0 &&
    volume.all().length === 0;
  const giveUpAt = sim.now() + 100 * MINUTE;
  while (sim.now() < giveUpAt && !isAtRest()) {
    // Somebody has to be there to sweep.
    const host = hosts.find((one) => !one.isDead()) ?? anyHost();
    if (!hasSwept.has(host)) void host.supervisor.sweep();
    hasSwept.add(host);
    await sim.run(sim.now() + 2 * MINUTE);
  }
}

const hasSwept = new WeakSet<ModelHost>();

function leftIn({ api }: ReturnType<typeof createCluster>): string[] {
  const kinds = ["jobs", "pods", "secrets"] as const;
  return kinds.flatMap((kind) => api.list(kind).map(({ metadata }) => `${kind}/${metadata.name}`));
}

function judge(options: {
  ledger: Ledger;
  paperclip: Paperclip;
  volume: Volume;
  left: readonly string[];
}): void {
  const { ledger, paperclip, volume, left } = options;
  for (const { host, runId, isOver, answers, outcomes } of paperclip.attempts) {
    if (host.isDead()) continue;
    if (!isOver)
      ledger.fail(
        `${host.name} never came to an end with ${runId} (${answers} answers, ${outcomes} outcomes)`,
      );
    if (outcomes > answers) ledger.fail(`${runId} has ${outcomes} outcomes for ${answers} launches`);
  }
  for (const name of left) ledger.fail(`${name} is left`);
  for (const [runId] of volume.all()) ledger.fail(`files of ${runId} are left`);
  for (const process of ledger.processes.values())
    if (process.alive) ledger.fail(`${process.runId} never ends`);
}
