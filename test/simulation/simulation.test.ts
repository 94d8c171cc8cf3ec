/** The short form of `npm run simulate`: the same seeds everywhere, so that it says the same everywhere. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bundleSimulation, patched, root } from "./tools/bundle.js";
import { mutants } from "./tools/mutants.js";
import { type World, worlds } from "./world/worlds.js";

const program = await bundleSimulation(join(root, ".build/simulation-test"));
const simulation = (await import(program)) as typeof import("./main.js"); // what was bundled
const { campaign, hashesNow, printed, reduced, seedsFrom, simulate, tooManyErrors, worldNamed } = simulation;

/** For all worlds together. */
const prompts = 2_000;
/** The same over the second implementation of `AgentApi`. */
const promptsOfMemory = 500;
/** The machine may be busy: this bounds a run, it does not measure it. */
const limit = 600_000;

/** Seeds of each world begin at a number of their own. */
const firstSeed = (index: number): number => 50_000_000 + 100_000 * (index + 1);

async function expectNoBreach(world: World, index: number, share: number, api: "v1" | "memory"): Promise<void> {
  const [tally] = await campaign({ worlds: [world], api, seeds: seedsFrom(firstSeed(index)), prompts: share });
  expect(tally?.breached.map(({ seed, breaches }) => ({ seed, breaches }))).toEqual([]);
  expect(tally?.prompts).toBeGreaterThanOrEqual(share);
  expect(tally && tooManyErrors(tally, world), `${tally?.failed} of ${tally?.prompts} failed`).toBe(false);
}

describe("two thousand prompts in simulated worlds", () => {
  test.each(worlds.map((world, index) => ({ name: world.name, world, index })))(
    "simulated prompts in the world $name breach no invariant and have few errors",
    ({ world, index }) => expectNoBreach(world, index, Math.ceil(prompts / worlds.length), "v1"),
    limit,
  );
});

describe("five hundred prompts over an AgentApi without HTTP", () => {
  test.each(worlds.map((world, index) => ({ name: world.name, world, index })))(
    "simulated prompts over an AgentApi without HTTP in the world $name breach no invariant and have few errors",
    ({ world, index }) => expectNoBreach(world, index, Math.ceil(promptsOfMemory / worlds.length), "memory"),
    limit,
  );

  test("a simulated world over an AgentApi without HTTP repeats byte for byte and requests no route", async () => {
    const given = { seed: 77, world: worldNamed("everything") };
    const [one, same, overHttp] = [
      await simulate({ ...given, api: "memory" }),
      await simulate({ ...given, api: "memory" }),
      await simulate(given),
    ];
    expect(same.lines).toEqual(one.lines);
    expect(one.prompts).toBe(overHttp.prompts);
    expect(one.lines.some((line) => line.includes(" prompts.submit "))).toBe(true);
    expect(one.lines.filter((line) => / (?:GET|POST|PATCH|PUT|DELETE) \/(?!global\/health)/.test(line))).toEqual([]);
  });
});

describe("a seed that failed once", () => {
  test(
    "a seed that failed once breaches no invariant",
    async () => {
      const known: { world: string; seed: number; api?: "v1" | "memory" }[] = JSON.parse(
        readFileSync(join(import.meta.dirname, "regressions.json"), "utf8"),
      );
      const failing: unknown[] = [];
      for (const { world, seed, api } of known) {
        const { breaches } = await simulate({ seed, world: worldNamed(world), api });
        if (breaches.length > 0) failing.push({ world, seed, api, breaches });
      }
      expect(failing).toEqual([]);
    },
    limit,
  );
});

describe("the deliberate faults", () => {
  test("each patch of a deliberate fault applies exactly once to the source", () => {
    for (const { patches } of mutants) {
      const texts = new Map<string, string>();
      for (const patch of patches) {
        const text = texts.get(patch.file) ?? readFileSync(join(root, patch.file), "utf8");
        texts.set(patch.file, patched(text, patch));
      }
    }
    expect(mutants.length).toBeGreaterThanOrEqual(25);
  });
});

describe("a simulated world", () => {
  test("a simulated world has the same trace for the same seed, and another trace for another seed", async () => {
    const world = worldNamed("everything");
    const [one, same, other] = [
      await simulate({ seed: 77, world }),
      await simulate({ seed: 77, world }),
      await simulate({ seed: 78, world }),
    ];
    expect(same.lines).toEqual(one.lines);
    expect(same.hash).toBe(one.hash);
    expect(other.hash).not.toBe(one.hash);
    expect(one.lines.length).toBeGreaterThan(50);
  });

  test(
    "the traces of the simulated worlds equal hashes.json (npm run simulate -- --renew-hashes)",
    async () => {
      const known: unknown = JSON.parse(readFileSync(join(import.meta.dirname, "hashes.json"), "utf8"));
      expect(await hashesNow()).toEqual(known);
    },
    limit,
  );

  test(
    "a simulated world has the same trace in another process",
    async () => {
      const here = await simulate({ seed: 41, world: worldNamed("faults-30") });
      const said = execFileSync(process.execPath, [program, "--world", "faults-30", "--seed", "41"], {
        encoding: "utf8",
      });
      expect(said).toContain(`trace ${here.hash}`);
    },
    limit,
  );

  test(
    "a failing seed is reduced and printed as a time line",
    async () => {
      // A world that allows no error, with a way that lets nothing through.
      const calm = worldNamed("calm");
      const faults = { ...calm.faults, requests: 0.97, requestKinds: { refused: 1 } as const };
      const world = { ...calm, faults };
      let seed = 1;
      while ((await simulate({ seed, world })).breaches.length === 0) seed += 1;
      const whole = await simulate({ seed, world });
      const found = await reduced({ seed, world });
      expect(found.outcome.breaches.length).toBeGreaterThan(0);
      expect(found.outcome.prompts).toBeLessThanOrEqual(whole.prompts);
      expect(printed(found.outcome.lines)).toMatch(/^ +\d+\.\d{3} s {2}\S+/);
    },
    limit,
  );
});
