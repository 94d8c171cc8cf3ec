/** The program behind `npm run simulate`: bundled with the client, so that it starts fast, also with a fault put into it. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { campaign, seedsFrom, type Tally, tooManyErrors } from "./campaign.js";
import { type Hashes, hashesNow } from "./hashes.js";
import { help, options } from "./options.js";
import { reduced } from "./reduce.js";
import { type Outcome, simulate } from "./simulate.js";
import { type ApiName, apiNamed } from "./workload/connect.js";
import { firstSeed } from "./workload/generate.js";
import { printed } from "./world/trace.js";
import { worldNamed, worlds } from "./world/worlds.js";

/** Otherwise it is imported, by the tests. */
const isProgram = process.argv[1] === fileURLToPath(import.meta.url);

const { values } = parseArgs({ args: isProgram ? process.argv.slice(2) : [], options });

const chosen = values.world === undefined ? worlds : values.world.split(",").map(worldNamed);
const api = apiNamed(values.api);

/** A seed that failed once. */
interface Regression {
  readonly world: string;
  readonly seed: number;
  /** @default "v1" */
  readonly api?: ApiName | undefined;
}

async function main(): Promise<void> {
  const began = performance.now();
  if (values.help === true) return console.log(help);
  if (values["check-hashes"] === true || values["renew-hashes"] === true) return compareHashes();
  if (values.seed !== undefined) return one(Number(values.seed));
  const [first = firstSeed, last] = (values.seeds ?? String(firstSeed)).split("-").map(Number);
  const from = values.new === undefined ? first : unused();
  const prompts = Number(values.new ?? values.prompts ?? (last === undefined ? 2_000 : Number.POSITIVE_INFINITY));
  const tallies = await campaign({
    worlds: chosen,
    api,
    seeds: seedsFrom(from, last),
    prompts,
    untilBreach: values["until-breach"],
    skip: new Set(values.skip.split(",")),
    onOutcome: ({ world, seed, breaches }) => {
      if (breaches.length > 0) console.log(`${world} seed ${seed}: ${breaches.join("\n    ")}`);
    },
  });
  report(tallies, performance.now() - began, from);
  if (values.new !== undefined && values.regressions !== undefined) keep(values.regressions, tallies);
}

/** With those that are written down; or writes them down. */
async function compareHashes(): Promise<void> {
  const { hashes: file } = values;
  if (file === undefined) throw new Error("--hashes names the file");
  const now = await hashesNow();
  if (values["renew-hashes"] === true) return writeFileSync(file, `${JSON.stringify(now, undefined, 2)}\n`);
  const known: Hashes = JSON.parse(readFileSync(file, "utf8"));
  const others = Object.keys(now).filter((name) => now[name] !== known[name]);
  console.log(
    `Node ${process.versions.node}: ${Object.keys(now).length} traces, ${others.length} are others ${others.join(", ")}`,
  );
  if (others.length > 0) process.exitCode = 1;
}

/** Seeds that no list has: they begin with the second of this start. */
function unused(): number {
  const start = Math.floor(Date.now() / 1_000) * 1_000;
  console.log(`seeds from ${start} on`);
  return start;
}

async function one(seed: number): Promise<void> {
  for (const world of chosen) {
    let outcome = await simulate({ seed, world, api });
    if (outcome.breaches.length > 0 && values.reduce === true) {
      const found = await reduced({ seed, world, api }, new RegExp(values.about ?? "."));
      outcome = found.outcome;
      console.log(`reduced in ${found.tries} tries to:\n${JSON.stringify(found.case.workload, undefined, 1)}`);
    }
    if (values.trace === true) console.log(printed(outcome.lines));
    console.log(summary(outcome));
    if (outcome.breaches.length > 0) process.exitCode = 1;
  }
}

function summary({ world, seed, prompts, failed, faults, requests, time, hash, breaches }: Outcome): string {
  const head = `${world} seed ${seed}: ${prompts} prompts, ${failed} typed errors, ${faults} faults, ${requests} requests, ${(time / 1_000).toFixed(1)} s, trace ${hash}`;
  return [head, ...breaches.map((breach) => `  ${breach}`)].join("\n");
}

function report(tallies: readonly Tally[], wall: number, from: number): void {
  const total = { prompts: 0, time: 0, breached: 0, seeds: 0 };
  for (const tally of tallies) {
    const { world, seeds, prompts, failed, requests, faults, time, breached } = tally;
    if (seeds === 0) continue;
    total.prompts += prompts;
    total.time += time;
    total.seeds += seeds;
    total.breached += breached.length;
    const share = ((100 * failed) / Math.max(1, prompts)).toFixed(2);
    console.log(
      `${world.padEnd(12)} ${String(seeds).padStart(6)} seeds ${String(prompts).padStart(7)} prompts ${String(failed).padStart(5)} typed errors (${share} %) ${(requests / Math.max(1, prompts)).toFixed(1).padStart(6)} requests each ${String(faults).padStart(7)} faults ${(time / 3_600_000).toFixed(1).padStart(8)} h ${String(breached.length).padStart(4)} breached`,
    );
    if (breached.length > 0 || tooManyErrors(tally, worldNamed(world))) process.exitCode = 1;
  }
  const rate = (total.prompts / (wall / 1_000)).toFixed(1);
  console.log(
    `${total.prompts} prompts in ${total.seeds} worlds (seeds from ${from}), ${(total.time / 3_600_000).toFixed(1)} simulated hours in ${(wall / 1_000).toFixed(1)} s: ${rate} prompts a second; ${total.breached} worlds breached`,
  );
}

/** Seeds that fail are kept: they are run from then on, always. */
function keep(file: string, tallies: readonly Tally[]): void {
  const known: Regression[] = JSON.parse(readFileSync(file, "utf8"));
  const found = tallies.flatMap(({ breached }) => breached.map(regressionOf));
  const fresh = found.filter((one) => !known.some((other) => isDeepStrictEqual(one, other)));
  if (fresh.length === 0) return;
  const lines = [...known, ...fresh].map((one) => `  ${JSON.stringify(one)}`);
  writeFileSync(file, `[\n${lines.join(",\n")}\n]\n`);
  console.log(`${fresh.length} seeds were added to the list of those that failed`);
}

function regressionOf({ world, seed, api: ran }: Outcome): Regression {
  return ran === "v1" ? { world, seed } : { world, seed, api: ran };
}

if (isProgram) await main();

export { campaign, hashesNow, printed, reduced, seedsFrom, simulate, tooManyErrors, worldNamed, worlds };
