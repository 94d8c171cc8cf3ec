/**
 * Everything that must hold before a change lands, in stages; ends with the true counts of all of them. A
 * stage that prints `N passed, N failed` counts as that, any other as one. What it took is said in V, too, the time of one
 * `opencode --version` on this machine at this moment: that number tells a check that has grown from a machine that is slow.
 */
import { spawn, spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { agentBinary } from "./agent.js";
import { versionTime } from "./version-time.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** One after the other; those of one line at once, since each of them keeps one processor busy. */
const stages: readonly (readonly string[])[] = [
  ["lint", "typecheck", "docs:coverage", "generate:check", "build"],
  ["test"],
  ["test:system"],
  ["examples:built", "smoke:built"],
];

/** What a stage needs beside npm packages. Where it is missing the stage is left out, and not counted. */
const programs: Readonly<Record<string, readonly string[]>> = { "test:system": ["tmux", "chromium"] };

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

interface StageResult extends Counts {
  /** What failed, in the words of the test runner. */
  readonly failures: readonly string[];
}

/** Characters of one failure that are shown again in the end. */
const longestFailure = 3_000;

/** Runs an npm script and counts. What it prints is shown at once, or all of it in the end where others print, too. */
function runStage(name: string, isAlone: boolean): Promise<StageResult> {
  return new Promise((resolve, reject) => {
    const child = spawn("npm", ["run", "--silent", name], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const [stream, shown] of [[child.stdout, process.stdout] as const, [child.stderr, process.stderr] as const]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        if (isAlone) shown.write(text);
        output += text;
      });
    }
    child.once("error", reject);
    child.once("close", (code) => {
      if (!isAlone) process.stdout.write(output);
      resolve({ ...count(output, code === 0), failures: failedTests(output) });
    });
  });
}

/** Runs one, if what it needs is there. */
async function runNamed(name: string, isAlone: boolean): Promise<StageResult> {
  const missing = (programs[name] ?? []).filter((program) => spawnSync("which", [program]).status !== 0);
  if (missing.length > 0) {
    console.log(`\n== ${name}: left out, ${missing.join(" and ")} is not installed`);
    return { passed: 0, failed: 0, failures: [] };
  }
  if (isAlone) console.log(`\n== ${name}`);
  const started = performance.now();
  const counts = await runStage(name, isAlone);
  console.log(`== ${name}: ${counts.passed} passed, ${counts.failed} failed (${seconds(started)} s)\n`);
  return counts;
}

function seconds(since: number): number {
  return Math.round((performance.now() - since) / 1000);
}

/** What the whole check took; V is the mean of its value before and after. */
function tellTime(ms: number, before: number, after: number): void {
  const [mean, whole] = [(before + after) / 2, Math.round(ms / 1000)];
  const units = [mean, before, after].map((unit) => `${(unit / 1000).toFixed(2)} s`);
  console.log(`\n${whole} s = ${Math.round(ms / mean)} V (V = ${units[0]}; ${units[1]} before, ${units[2]} after)`);
}

function count(output: string, succeeded: boolean): Counts {
  const counts = stage(output) ?? tests(output) ?? { passed: succeeded ? 1 : 0, failed: 0 };
  // Whatever it counted: a stage that fails must not end with nothing failed.
  return succeeded ? counts : { ...counts, failed: Math.max(1, counts.failed) };
}

function stage(output: string): Counts | undefined {
  const match = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1);
  return match === undefined ? undefined : { passed: Number(match[1]), failed: Number(match[2]) };
}

/** The test runner's own line, without its colours: `Tests  2 failed | 7 passed (9)`. */
function tests(output: string): Counts | undefined {
  const line = /^\s*Tests\s+(.*)$/m.exec(uncoloured(output))?.[1];
  if (line === undefined) return undefined;
  const number = (word: string): number => Number(new RegExp(`(\\d+) ${word}`).exec(line)?.[1] ?? 0);
  return { passed: number("passed"), failed: number("failed") + number("skipped") };
}

/** The test runner's texts of the tests that failed, each from its title and no longer than is read. */
function failedTests(output: string): string[] {
  const blocks = uncoloured(output).split(/^\s*FAIL /m);
  return blocks.slice(1).map(
    (block) =>
      block
        .split(/^⎯{5,}/m, 1)[0]
        ?.trim()
        .slice(0, longestFailure) ?? "",
  );
}

function uncoloured(output: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours begin with one
  return output.replace(/\x1b\[[\d;]*m/g, "");
}

async function main(): Promise<void> {
  const total = { passed: 0, failed: 0, failures: [] as string[] };
  const binary = await agentBinary();
  await versionTime(binary); // the first time it comes from the disk
  const before = await versionTime(binary);
  const started = performance.now();
  for (const group of stages) {
    for (const counts of await Promise.all(group.map((name) => runNamed(name, group.length === 1)))) {
      total.passed += counts.passed;
      total.failed += counts.failed;
      total.failures.push(...counts.failures);
    }
  }
  const took = performance.now() - started;
  tellTime(took, before, await versionTime(binary));
  for (const failure of total.failures) console.log(`\nFAILED ${failure}`); // again: who reads the end of a long log sees why
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
