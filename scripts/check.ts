/**
 * Everything that must hold before a change lands, one stage after the other; ends with the true counts of all of them. A
 * stage that prints `N passed, N failed` counts as that, any other as one.
 */
import { spawn, spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stages = [
  "lint",
  "typecheck",
  "generate:check",
  "test",
  "test:system",
  "build",
  "examples:built",
  "smoke:built",
] as const;

/** What a stage needs beside npm packages. Where it is missing the stage is left out, and not counted. */
const programs: Readonly<Record<string, readonly string[]>> = { "test:system": ["tmux", "chromium"] };

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** Runs an npm script, shows what it prints, and counts. */
function runStage(stage: string): Promise<Counts> {
  return new Promise((resolve, reject) => {
    const child = spawn("npm", ["run", "--silent", stage], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      process.stdout.write(text);
      output += text;
    });
    child.once("error", reject);
    child.once("close", (code) => resolve(count(output, code === 0)));
  });
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
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours begin with one
  const line = /^\s*Tests\s+(.*)$/m.exec(output.replace(/\x1b\[[\d;]*m/g, ""))?.[1];
  if (line === undefined) return undefined;
  const number = (word: string): number => Number(new RegExp(`(\\d+) ${word}`).exec(line)?.[1] ?? 0);
  return { passed: number("passed"), failed: number("failed") + number("skipped") };
}

async function main(): Promise<void> {
  const total = { passed: 0, failed: 0 };
  for (const name of stages) {
    console.log(`\n== ${name}`);
    const missing = (programs[name] ?? []).filter((program) => spawnSync("which", [program]).status !== 0);
    if (missing.length > 0) {
      console.log(`== ${name}: left out, ${missing.join(" and ")} is not installed`);
      continue;
    }
    const started = performance.now();
    const { passed, failed } = await runStage(name);
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log(`== ${name}: ${passed} passed, ${failed} failed (${seconds} s)`);
    total.passed += passed;
    total.failed += failed;
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
