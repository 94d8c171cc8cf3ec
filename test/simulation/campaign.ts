/** Many worlds one after the other: how many prompts, what went wrong, and in which seeds. */
import { type Outcome, simulate } from "./simulate.js";
import type { ApiName } from "./workload/connect.js";
import type { World } from "./world/worlds.js";

/** What a campaign came to. */
export interface Tally {
  readonly world: string;
  seeds: number;
  prompts: number;
  failed: number;
  requests: number;
  faults: number;
  /** ms of simulated time. */
  time: number;
  /** Seeds with a breach. */
  readonly breached: Outcome[];
}

export interface CampaignOptions {
  readonly worlds: readonly World[];
  /** @default "v1" */
  readonly api?: ApiName | undefined;
  /** The seeds, one after the other; each world takes the next. */
  readonly seeds: Iterator<number>;
  /** Ends after so many prompts. */
  readonly prompts: number;
  /** Ends at the first breach. */
  readonly untilBreach?: boolean | undefined;
  /** Left out: `world:seed`. */
  readonly skip?: ReadonlySet<string> | undefined;
  readonly onOutcome?: ((outcome: Outcome) => void) | undefined;
}

/** The worlds in turn, each with the next seed, until so many prompts have been asked. */
export async function campaign(options: CampaignOptions): Promise<Tally[]> {
  const { worlds, api, seeds, prompts, untilBreach = false } = options;
  const tallies = worlds.map((world): [World, Tally] => [world, emptyTally(world.name)]);
  let asked = 0;
  while (asked < prompts) {
    for (const [world, tally] of tallies) {
      const next = seeds.next();
      if (next.done === true || asked >= prompts) return tallies.map(([, one]) => one);
      if (options.skip?.has(`${world.name}:${next.value}`) === true) continue;
      const outcome = await simulate({ seed: next.value, world, api });
      asked += outcome.prompts;
      add(tally, outcome);
      options.onOutcome?.(outcome);
      if (untilBreach && outcome.breaches.length > 0) return tallies.map(([, one]) => one);
    }
  }
  return tallies.map(([, tally]) => tally);
}

/** Typed errors where an answer was planned may be so many, as a share of the prompts; a few are none. */
export function tooManyErrors(tally: Tally, world: World): boolean {
  return tally.failed > Math.max(world.errors * tally.prompts, world.errors > 0 ? 1 : 0);
}

function emptyTally(world: string): Tally {
  return { world, seeds: 0, prompts: 0, failed: 0, requests: 0, faults: 0, time: 0, breached: [] };
}

function add(tally: Tally, outcome: Outcome): void {
  tally.seeds += 1;
  tally.prompts += outcome.prompts;
  tally.failed += outcome.failed;
  tally.requests += outcome.requests;
  tally.faults += outcome.faults;
  tally.time += outcome.time;
  if (outcome.breaches.length > 0) tally.breached.push(outcome);
}

/** From the first on, without end. */
export function* seedsFrom(first: number, last: number = Number.POSITIVE_INFINITY): Generator<number> {
  for (let seed = first; seed <= last; seed += 1) yield seed;
}
