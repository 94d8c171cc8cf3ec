/**
 * How many prompts of the simulation go into the time of one `opencode --version`, on this machine and at this moment: the
 * two take turns, and the medians are compared. One core; the world in which 15 % of the requests fail.
 *
 *   npx tsx bench/simulation.ts [rounds]
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { resolveBinary } from "../src/index.js";
import { bundleSimulation, root } from "../test/simulation/tools/bundle.js";

const rounds = Number(process.argv[2] ?? 5);
const wanted = 100;
const prompts = 600;

const { path } = await resolveBinary({ download: false });
const program = await bundleSimulation(join(root, ".build/simulation-bench"));
const { campaign, seedsFrom, worldNamed } = (await import(program)) as typeof import("../test/simulation/main.js");

async function simulated(seed: number): Promise<number> {
  const started = performance.now();
  const [tally] = await campaign({ worlds: [worldNamed("faults-15")], seeds: seedsFrom(seed), prompts });
  return (performance.now() - started) / (tally?.prompts ?? 1);
}

function versionTime(): number {
  const started = performance.now();
  const { status } = spawnSync(path, ["--version"], { stdio: "ignore" });
  if (status !== 0) throw new Error(`${path} --version ended with ${status}`);
  return performance.now() - started;
}

await simulated(1); // warm
const pairs: { version: number; prompt: number }[] = [];
for (let round = 1; round <= rounds; round += 1) {
  const before = versionTime();
  const prompt = await simulated(1_000 * round);
  const version = (before + versionTime()) / 2;
  pairs.push({ version, prompt });
  console.log(
    `round ${round}: opencode --version ${version.toFixed(0)} ms, ${(1_000 / prompt).toFixed(0)} prompts a second: ${(version / prompt).toFixed(0)} prompts in that time`,
  );
}
const ratios = pairs.map(({ version, prompt }) => version / prompt).sort((a, b) => a - b);
const median = ratios[Math.floor(ratios.length / 2)] ?? 0;
console.log(`median: ${median.toFixed(0)} prompts in the time of one opencode --version (wanted: ${wanted})`);
process.exitCode = median >= wanted ? 0 : 1;
