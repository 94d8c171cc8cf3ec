/**
 * Can the simulation fail? Puts each fault of `test/simulation/tools/mutants.ts` into the engine and looks which world finds
 * it, within 3,000 prompts with fixed seeds. The engine as it is must come through the same seeds first.
 *
 *   npm run simulate:mutants [-- --only TEXT]
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundleSimulation, root } from "../test/simulation/tools/bundle.js";
import { type Mutant, mutants } from "../test/simulation/tools/mutants.js";

const { values } = parseArgs({ options: { only: { type: "string", default: "" }, worlds: { type: "string" } } });

const most = 3_000;
/** Prompts in the worlds that look promising, before all are tried. */
const first = 1_500;
const seed = 700_000;
/** ms: a fault that makes the program spin is found, too. */
const longest = 900_000;

interface Found {
  readonly where: string;
  readonly what: string;
}

/** Where it was found, and by what; `undefined` when it was not. */
async function hunt({
  name,
  patches,
  worlds,
}: Pick<Mutant, "name" | "patches" | "worlds">): Promise<Found | undefined> {
  const folder = join(root, ".build/mutants", name.replace(/\W+/g, "-").slice(0, 40));
  const program = await bundleSimulation(folder, patches);
  const all = values.worlds === undefined ? [] : ["--world", values.worlds];
  const tries = worlds === undefined ? [all] : [["--world", worlds], all];
  for (const [index, world] of tries.entries()) {
    const prompts = tries.length === 2 && index === 0 ? first : most - (tries.length - 1) * first;
    const args = [program, ...world, "--seeds", String(seed), "--prompts", String(prompts), "--until-breach"];
    const run = spawnSync(process.execPath, args, { encoding: "utf8", timeout: longest });
    if (run.status === 0) continue;
    return judged(run.stdout ?? "");
  }
  return undefined;
}

function judged(output: string): Found {
  const line = /^(\S+ seed \d+): (.*)$/m.exec(output);
  if (line !== null) return { where: line[1] ?? "", what: (line[2] ?? "").slice(0, 110) };
  const errors = /^(\S+) .* typed errors \((.*?)\)/m.exec(output);
  return {
    where: errors?.[1] ?? "?",
    what: errors === null ? "it never ended" : `too many typed errors: ${errors[2]}`,
  };
}

const chosen = mutants.filter(({ name }) => name.includes(values.only));
const sound = await hunt({ name: "none", patches: [] });
if (sound !== undefined) {
  console.error(`The engine as it is does not come through: ${sound.where}: ${sound.what}`);
  process.exit(1);
}
let missed = 0;
for (const one of chosen) {
  const found = await hunt(one);
  if (found === undefined) missed += 1;
  console.log(
    `${found === undefined ? "NOT FOUND" : "found"} | ${one.name} | ${found?.where ?? ""} | ${found?.what ?? ""}`,
  );
}
console.log(`${chosen.length - missed} of ${chosen.length} faults were found`);
console.log(`${chosen.length - missed} passed, ${missed} failed`);
process.exitCode = missed > 0 ? 1 : 0;
