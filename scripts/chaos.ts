/**
 * The chaos suite: prompts to the real server through a proxy that keeps breaking things. Prints what came of it and fails
 * on any breach of the promise: a prompt run twice, lost or hung, a text that is not whole, an error without a class.
 *
 *   npm run chaos -- --prompts 1000 --seed 7
 *   npm run chaos -- --server preview --prompts 200
 *
 * `--prompts` (200), `--seed` (random, printed), `--concurrency` (8), `--kill` kills of the server per 100 jobs (2),
 * `--faults` share of the faults that are done (1), `--text` bytes of the longest text (20000), `--job` only this one,
 * `--minutes` for all (30), `--server preview` the preview of 2.0 instead of the pinned release.
 */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { type Progress, runChaos } from "../test/chaos/run.js";
import { reportText } from "../test/chaos/table.js";
import { agentBinary, previewBinary } from "./agent.js";

const progressEvery = 5_000;

function numbers(): { readonly isPreview: boolean; readonly numbers: Readonly<Record<string, number>> } {
  const { values: given } = parseArgs({
    options: {
      prompts: { type: "string", default: "200" },
      seed: { type: "string", default: String(randomInt(2 ** 31)) },
      concurrency: { type: "string", default: "8" },
      kill: { type: "string", default: "2" },
      faults: { type: "string", default: "1" },
      text: { type: "string", default: "20000" },
      job: { type: "string" },
      minutes: { type: "string", default: "30" },
      server: { type: "string" },
    },
  });
  const { server, ...values } = given;
  if (server !== undefined && server !== "preview") throw new Error('--server must be "preview"');
  const entries = Object.entries(values).map(([name, value]): [string, number] => [name, Number(value)]);
  for (const [name, value] of entries) {
    if (!(value >= 0)) throw new Error(`--${name} must be a number`);
  }
  return { isPreview: server === "preview", numbers: Object.fromEntries(entries) };
}

async function main(): Promise<void> {
  const { isPreview, numbers: given } = numbers();
  const { prompts = 0, seed = 0, concurrency = 1, kill = 0, faults, text, job, minutes = 0 } = given;
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => stop.abort(new Error(`ended by ${signal}`)));
  }
  console.log(`${prompts} prompts, seed ${seed}`);
  const started = Date.now();
  let last: Progress | undefined;
  const timer = setInterval(() => {
    if (last === undefined) return;
    const seconds = Math.round((Date.now() - started) / 1000);
    console.log(
      `${seconds} s: ${last.done} of ${prompts} prompts, ${last.answered} answers, ${last.typedErrors} typed errors, ${last.faults} faults`,
    );
  }, progressEvery);
  try {
    const report = await runChaos({
      binary: isPreview ? await previewBinary() : await agentBinary(),
      prompts,
      seed,
      concurrency,
      kills: kill,
      intensity: faults,
      longestText: text,
      onlyJob: job,
      limit: minutes * 60_000,
      signal: stop.signal,
      onProgress: (progress) => {
        last = progress;
      },
    });
    console.log(`\n${reportText(report)}`);
    process.exitCode = report.counts.findings.length === 0 ? 0 : 1;
  } finally {
    clearInterval(timer);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
