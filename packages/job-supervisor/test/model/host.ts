// A host of a schedule: the real supervisor, with a clock, a network and a volume that end when it is killed.
import { createJobSupervisor, type JobSupervisor, type KubeRequest, type RunFiles } from "../../src/index.ts";
import type { Cluster } from "./cluster.ts";
import type { Ledger } from "./ledger.ts";
import { type HostNetwork, hostNetwork, type Weather } from "./network.ts";
import type { Dice } from "./random.ts";
import type { Sim } from "./sim.ts";
import type { Volume } from "./volume.ts";

export interface ModelHost {
  readonly name: string;
  readonly supervisor: JobSupervisor;
  readonly network: HostNetwork;
  readonly clock: Sim;
  isDead(): boolean;
  filesFor(runId: string): RunFiles;
  /** SIGKILL: nothing of it happens any more. */
  kill(): void;
  /** SIGTERM: it says goodbye, and goes on until it is killed. */
  terminate(): void;
  /** Requests but those of the watches and their lists. */
  requests(): number;
}

export const NAMING = {
  jobPrefix: "ex-",
  labelDomain: "example.com",
  managedBy: "example",
  instanceId: "0123456789",
};

/** When a host is to die: at its nth request, before the server has it or before its answer. */
export interface Doom {
  readonly request: number;
  readonly moment: "before" | "after";
}

export function startHost(options: {
  name: string;
  sim: Sim;
  dice: Dice;
  cluster: Cluster;
  volume: Volume;
  weather: Weather;
  ledger: Ledger;
  doom: Doom | null;
  onDeath: () => void;
}): ModelHost {
  const { name, sim, dice, cluster, volume, weather, ledger, doom } = options;
  let dead = false;
  let hostId = "";
  let count = 0;
  const isDead = () => dead;
  const clock: Sim = {
    ...sim,
    schedule: (callback, ms) => (dead ? () => {} : sim.schedule(() => !dead && callback(), ms)),
  };

  function kill(): void {
    if (dead) return;
    dead = true;
    ledger.note(`${name} is killed`);
    const mark = volume.hosts.get(hostId);
    if (mark) volume.hosts.set(hostId, { alive: false, diedAt: sim.now() });
    network.disturb("freeze");
    options.onDeath();
  }

  function onRequest(moment: "before" | "after", request: KubeRequest): void {
    const isOwn = request.query?.["watch"] === undefined && !/pods$/.test(request.path);
    if (!isOwn) return;
    if (moment === "before") {
      count += 1;
      ledger.note(`${name}: ${request.method} ${request.path.split("/").slice(-2).join("/")}`);
    }
    if (doom?.request === count && doom.moment === moment) kill();
  }

  const network = hostNetwork({ cluster, sim, dice, weather, name, isDead, onRequest });
  const filesFor = (runId: string) => volume.filesFor({ runId, isDead, clock, dice });
  const supervisor = createJobSupervisor({
    transport: network.transport,
    namespace: "agents",
    ...NAMING,
    filesOf: ({ identity }) => filesFor(identity.runId),
    presence: volume.presenceFor({
      clock: sim,
      onHostId: (id) => {
        hostId = id;
      },
    }),
    sweepFiles: async (known) => {
      if (!dead) volume.sweep(new Set(known.map(({ identity }) => identity.runId)), sim.now());
    },
    clock,
    random: dice.next,
  });
  return {
    ...{ name, supervisor, network, clock, isDead, filesFor, kill },
    terminate: () => {
      ledger.note(`${name} is told to end`);
      supervisor.close();
    },
    requests: () => count,
  };
}
