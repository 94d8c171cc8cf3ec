/** The calamities of a world: which, and when, follows from the seed. */

import type { VirtualClock } from "./clock.js";
import { agentSide } from "./exchange.js";
import type { Network } from "./network.js";
import { Random } from "./random.js";
import type { Trace } from "./trace.js";
import type { Calamity, World } from "./worlds.js";

export interface WeatherOptions {
  readonly clock: VirtualClock;
  readonly trace: Trace;
  readonly seed: number;
  readonly world: World;
  readonly network: Network;
  readonly crash: (downFor: number) => void;
  /** The processes that are there now. */
  readonly processes: () => readonly string[];
  /** Fewer calamities than the seed says, for a smaller case. */
  readonly most?: number | undefined;
}

const hour = 3_600_000;
/** Calamities come within so many ms: while the prompts run, not after them. */
const span = 30_000;

/** Makes the weather. */
export function startWeather({ world, seed, most, ...rest }: WeatherOptions): void {
  const random = new Random(seed, "weather");
  const count = world.calamities.most === 0 ? 0 : random.int(1, world.calamities.most);
  for (let index = 0; index < Math.min(count, most ?? count); index += 1) {
    const own = new Random(seed, "calamity", index);
    const kind = own.weighted(world.calamities.kinds);
    rest.clock.set(() => befall(kind, own, { ...rest }), own.logBetween(30, span), { owner: "world" });
  }
}

type Place = Omit<WeatherOptions, "world" | "seed" | "most">;

function befall(kind: Calamity, random: Random, { clock, trace, network, crash, processes }: Place): void {
  const tell = (what: string): void => trace.add("world", `${kind}${what}`);
  if (network.isCalm) return;
  network.faultsDone += 1;
  switch (kind) {
    case "crash": {
      const downFor = random.logBetween(50, 12_000);
      tell(` for ${downFor.toFixed(0)} ms`);
      crash(downFor);
      return;
    }
    case "outage": {
      const ms = random.logBetween(100, 20_000);
      tell(` of ${ms.toFixed(0)} ms`);
      network.outage(ms);
      return;
    }
    case "dead connections":
      tell("");
      network.silence();
      return;
    case "blocked client":
    case "stopped agent": {
      const ms = random.logBetween(50, 25_000);
      tell(` for ${ms.toFixed(0)} ms`);
      for (const owner of kind === "stopped agent" ? [agentSide] : processes()) clock.block(owner, ms);
      return;
    }
    case "sleeping client":
      tell(" for an hour");
      // What was open is dead when it wakes up: half of the time it is told, half not.
      if (random.chance(0.5)) network.silence();
      else network.outage(1);
      for (const process of processes()) clock.block(process, hour);
      return;
    case "sleeping machine":
      tell(" for an hour");
      clock.jump(hour);
      return;
    case "clock jump": {
      const ms = Math.round(random.logBetween(500, 2 * hour)) * (random.chance(0.5) ? 1 : -1);
      tell(` of ${ms} ms`);
      // The agent's machine has another clock: an agent whose own date goes back loses the order of its messages.
      for (const process of processes()) clock.jump(ms, process);
      return;
    }
  }
}
