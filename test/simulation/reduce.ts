/** Makes a failing case smaller, as long as it fails: fewer prompts, fewer calamities, a calmer world. */
import { type Case, type Outcome, simulate } from "./simulate.js";
import { workloadOf } from "./workload/generate.js";
import type { Flow, Workload } from "./workload/plan.js";
import type { World } from "./world/worlds.js";

/** Tries at most. */
const mostTries = 120;

/** The smallest case that was found with a breach of which `about` tells, and its outcome. */
export async function reduced(
  failing: Case,
  about: RegExp = /./,
): Promise<{ case: Case; outcome: Outcome; tries: number }> {
  let best = { ...failing, workload: failing.workload ?? workloadOf(failing.seed, failing.world) };
  let outcome = await simulate(best);
  let tries = 1;
  const seen = new Set<string>();
  for (let isSmaller = true; isSmaller && tries < mostTries; ) {
    isSmaller = false;
    for (const next of smaller(best)) {
      const name = JSON.stringify([next.workload, next.world, next.calamities]);
      if (seen.has(name) || tries >= mostTries) continue;
      seen.add(name);
      tries += 1;
      const found = await simulate(next);
      if (!found.breaches.some((breach) => about.test(breach))) continue;
      best = next;
      outcome = found;
      isSmaller = true;
      break;
    }
  }
  return { case: best, outcome, tries };
}

type Whole = Case & { readonly workload: Workload };

/** Everything that is a step smaller, the large steps first. */
function* smaller(whole: Whole): Generator<Whole> {
  const { workload, world } = whole;
  for (const flow of workload.flows) {
    if (workload.flows.length > 1) yield { ...whole, workload: { ...workload, flows: without(workload.flows, flow) } };
  }
  for (const flow of workload.flows) {
    if (Object.keys(flow.deeds).length > 0) yield withFlow(whole, flow, { ...flow, deeds: {} });
    for (const prompt of flow.prompts) {
      if (flow.prompts.length > 1) yield withFlow(whole, flow, { ...flow, prompts: without(flow.prompts, prompt) });
    }
  }
  for (let most = 0; most < Math.min(world.calamities.most, whole.calamities ?? Number.POSITIVE_INFINITY); most += 1)
    yield { ...whole, calamities: most };
  for (const calmer of calmerThan(world)) yield { ...whole, world: calmer };
}

function withFlow(whole: Whole, flow: Flow, other: Flow): Whole {
  return {
    ...whole,
    workload: { ...whole.workload, flows: whole.workload.flows.map((one) => (one === flow ? other : one)) },
  };
}

function without<T>(items: readonly T[], item: T): T[] {
  return items.filter((one) => one !== item);
}

/** Errors stay as allowed as they were: the world is only to be calmer. */
function* calmerThan(world: World): Generator<World> {
  const { faults } = world;
  if (faults.requests > 0) yield { ...world, faults: { ...faults, requests: 0 } };
  if (faults.streams > 0) yield { ...world, faults: { ...faults, streams: 0 } };
  if (faults.chunked > 0) yield { ...world, faults: { ...faults, chunked: 0 } };
  for (const kinds of ["requestKinds", "streamKinds"] as const) {
    const names = Object.keys(faults[kinds]);
    if (names.length < 2) continue;
    for (const name of names) {
      const rest = Object.fromEntries(Object.entries(faults[kinds]).filter(([other]) => other !== name));
      yield { ...world, faults: { ...faults, [kinds]: rest } };
    }
  }
}
