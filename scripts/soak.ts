/**
 * The soak: many sessions for half an hour, with all faults of the chaos suite, in one process. Fails on a breach of the
 * promise, when memory has grown, when a listener was leaked, and when something is left that keeps the process alive.
 *
 *   npm run soak -- --minutes 30 --sessions 20 --seed 7
 *
 * `--minutes` (30), `--sessions` at the same time (20), `--seed` (random, printed), `--faults` share of the faults that
 * are done (1), `--text` bytes of the longest text (4000).
 */
import { randomInt } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Counts } from "../test/chaos/counts.js";
import { openProxySetup } from "../test/chaos/proxy-setup.js";
import { soak } from "../test/chaos/soak.js";
import { errorText, findingText } from "../test/chaos/table.js";
import { agentBinary } from "./agent.js";

/** The heap after a forced collection may be so much larger at the end than after warming up (bytes). */
const mayGrow = 15 * 1024 * 1024;
/** Share of the time that counts as warming up. */
const warmUp = 0.1;
/** A prompt counts as hung after so many ms. */
const patience = 120_000;
/** Prompts that are under way at the end may take so long (ms), and handles so long to close. */
const handlePatience = 15_000;

const warnings = new Map<string, number>();
process.on("warning", ({ name, message }) => {
  console.log(`warning: ${name}: ${message}`);
  warnings.set(name, (warnings.get(name) ?? 0) + 1);
});

function numbers(): Readonly<Record<string, number>> {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: "30" },
      sessions: { type: "string", default: "20" },
      seed: { type: "string", default: String(randomInt(2 ** 31)) },
      faults: { type: "string", default: "1" },
      text: { type: "string", default: "4000" },
    },
  });
  const entries = Object.entries(values).map(([name, value]): [string, number] => [name, Number(value)]);
  for (const [name, value] of entries) if (!(value >= 0)) throw new Error(`--${name} must be a number`);
  return Object.fromEntries(entries);
}

/** A full collection, without a flag for the whole process. */
function collector(): () => void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") throw new Error("this Node cannot be told to collect garbage");
  return () => collect();
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** What keeps the process alive, by kind, without standard input and output. */
function handles(): Map<string, number> {
  const found = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo()) found.set(name, (found.get(name) ?? 0) + 1);
  return found;
}

function listed(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, count]) => `${name} ${count}`).join(", ") || "none";
}

/** Kinds and numbers of handles beyond those of the beginning. */
function added(before: ReadonlyMap<string, number>): Map<string, number> {
  const more = [...handles()].map(([name, count]): [string, number] => [name, count - (before.get(name) ?? 0)]);
  return new Map(more.filter(([, count]) => count > 0));
}

async function main(): Promise<void> {
  const { minutes = 0, sessions = 1, seed = 0, faults: intensity = 1, text: longestText = 1 } = numbers();
  const collect = collector();
  const problems: string[] = [];
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), minutes * 60_000);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  const binary = await agentBinary();
  const handlesBefore = handles();
  const started = Date.now();
  console.log(`${minutes} minutes, ${sessions} sessions, seed ${seed}`);
  let done = 0;
  const heapNow = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const line = (label: string): void => {
    const { heapUsed, rss, external } = process.memoryUsage();
    const collected = heapNow();
    console.log(
      `${label}: ${done} prompts; heap ${megabytes(heapUsed)}, collected ${megabytes(collected)}, rss ${megabytes(rss)}, external ${megabytes(external)}; handles: ${listed(handles())}; warnings: ${listed(warnings)}`,
    );
  };
  let baseline: number | undefined;
  let counts: Counts;
  {
    await using setup = await openProxySetup({ seed, binary, intensity, clients: Math.ceil(sessions / 4) });
    console.log(`opencode ${setup.server.version}, Node ${process.versions.node}, ${process.platform} ${process.arch}`);
    setup.proxy.breakThings(true);
    const minute = setInterval(() => line(`${Math.round((Date.now() - started) / 60_000)} min`), 60_000);
    const warm = setTimeout(
      () => {
        baseline = heapNow();
        line("warmed up");
      },
      minutes * 60_000 * warmUp,
    );
    counts = await soak({
      setup,
      seed,
      sessions,
      longestText,
      patience,
      signal: stop.signal,
      onProgress: ({ total }) => {
        done = total.prompts;
      },
    });
    clearInterval(minute);
    clearTimeout(warm);
    clearTimeout(timer);
    setup.proxy.breakThings(false);
    line("all answered");
    const grown = heapNow() - (baseline ?? 0);
    console.log(`grown since it was warm: ${megabytes(grown)}; faults: ${listed(setup.log.times)}`);
    if (baseline === undefined) problems.push("it was over before it was warm");
    else if (grown > mayGrow) problems.push(`the heap has grown by ${megabytes(grown)}`);
  }
  for (const end = Date.now() + handlePatience; added(handlesBefore).size > 0 && Date.now() < end; ) await delay(100);
  line("closed");
  if (added(handlesBefore).size > 0) problems.push(`handles are left: ${listed(added(handlesBefore))}`);
  if (warnings.has("MaxListenersExceededWarning")) problems.push("listeners were leaked");
  const { prompts, right, typedErrors, breaches } = counts.total;
  console.log(`${prompts} prompts: ${right} right answers, ${typedErrors} typed errors, ${breaches} with breaches`);
  for (const list of [errorText(counts), findingText(counts)]) if (list !== "") console.log(list);
  if (counts.findings.length > 0) problems.push(`${counts.findings.length} breaches`);
  for (const problem of problems) console.log(`FAILED: ${problem}`);
  process.exitCode = problems.length === 0 ? 0 : 1;
  // Runs only if something else keeps the process alive.
  setTimeout(() => {
    console.log(`FAILED: the process does not end: ${listed(handles())}`);
    process.exit(1);
  }, handlePatience).unref();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
