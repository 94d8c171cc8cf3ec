/** The bench: measures this package against its peers, in turns. `npm run bench -- --help` */
import { parseArgs } from "node:util";
import { agentBinary } from "../scripts/agent.js";
import { npm } from "../scripts/run.js";
import { scaleLimits } from "./agents.js";
import { programs, readMachine, root } from "./machine.js";
import { compilePrograms } from "./processes.js";
import type { Question, Result } from "./question.js";
import { questions } from "./questions/index.js";
import { mergeResults, placesIn, short, writeResults } from "./results.js";

const leastRuns = 7;

const help = `Measures this package against the official SDK, \`opencode run\` and bare fetch, in turns. Ratios only.

  npm run bench                 builds the package, answers all questions, writes bench/results.json and docs/performance.md
  npm run bench -- P4 P7        only these questions
  npm run bench -- --runs 15    runs of each contestant; at least ${leastRuns}, unless --quick
  npm run bench -- --quick      few runs and small sizes; writes nothing
  npm run bench -- --dry        prints, and writes nothing
  npm run bench -- --no-build   with the package as it was built last

${questions.map(({ name, title }) => `  ${name.padEnd(4)} ${title}`).join("\n")}`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: {
    runs: { type: "string" },
    quick: { type: "boolean", default: false },
    dry: { type: "boolean", default: false },
    build: { type: "boolean", default: true },
    help: { type: "boolean", default: false },
  },
});

/** The arguments are wrong. */
class UsageError extends Error {}

function chosen(): readonly Question[] {
  const unknown = positionals.filter((name) => !questions.some((question) => question.name === name));
  if (unknown.length > 0) throw new UsageError(`No question is called ${unknown.join(", ")}. See --help.`);
  return positionals.length === 0 ? questions : questions.filter(({ name }) => positionals.includes(name));
}

async function main(): Promise<void> {
  const { quick } = values;
  const runs = Number(values.runs ?? (quick ? 2 : leastRuns));
  if (!Number.isInteger(runs) || runs < (quick ? 1 : leastRuns))
    throw new UsageError(`--runs must be at least ${leastRuns}.`);
  const asked = chosen();
  if (values.build) await npm(["run", "--silent", "build"], root);
  await compilePrograms("package");
  const binary = process.env["OPENCODE_BINARY"] ?? (await agentBinary());
  const machine = await readMachine(binary);
  scaleLimits(machine.v);
  const { cpu, cores, node, v } = machine;
  console.log(`${cpu}, ${cores} cores, Node ${node}, V ${v} s; ${runs} runs of each`);
  const answered: [Question, Result][] = [];
  for (const question of asked) {
    console.log(`\n${question.name} ${question.title}`);
    const report = (line: string): void => console.log(`  ${line}`);
    const result = await question.run({ runs, quick, programs, binary, report });
    answered.push([question, result]);
    for (const { label, value, goal } of result.findings) {
      const { median, low, high } = value;
      report(`${label}: ${short(median)} (${short(low)}–${short(high)}), goal ≤ ${goal}`);
    }
  }
  if (quick || values.dry) return;
  const places = placesIn(root);
  await writeResults(await mergeResults(places.json, machine, answered), places);
}

if (values.help) {
  console.log(help);
} else {
  await main().catch((error: unknown) => {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  });
}
