/** The agent in memory does what the real one does: the same requests, played on both, leave the same recording. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openMemoryAgent } from "./memory.js";
import { normalise, type Recording } from "./normalise.js";
import { playOn } from "./player.js";
import { type RealAgent, startRealAgent } from "./real.js";
import type { Play, Scenario } from "./scenario.js";
import { scenarios } from "./scenarios/index.js";
import type { Site } from "./site.js";
import { tolerated } from "./tolerated.js";

let real: RealAgent;
beforeAll(async () => {
  real = await startRealAgent();
});
afterAll(async () => {
  await real?.[Symbol.asyncDispose]();
});

async function record(
  scenario: Scenario,
  open: (scenario: Scenario, play: Play) => Promise<Site> | Site,
): Promise<Recording> {
  const play = scenario.play();
  await using site = await open(scenario, play);
  return normalise(await playOn(site, play));
}

describe("a scenario on the real agent and on the memory agent", () => {
  for (const scenario of scenarios) {
    test.concurrent(`both agents behave alike: ${scenario.name}`, async ({ expect }) => {
      const expected = await record(scenario, real.open);
      expect(await record(scenario, openMemoryAgent)).toEqual(expected);
    });
  }
});

test("every scenario has a unique name", () => {
  expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
});

test("every tolerated difference has a reason", () => {
  for (const { what, why } of tolerated) expect(`${what}: ${why}`).toMatch(/^.{10,}: .{10,}$/);
});
