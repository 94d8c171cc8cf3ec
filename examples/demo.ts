/**
 * `npm run demo [-- --mode smoke|demo|full] [--model provider/model]`: runs the real agent from start to end. The
 * model is a script on this machine (no key, no network) unless `--model` names one. The exit code is the number of failed steps.
 */
import { parseArgs } from "node:util";
import { createOpencode } from "opencode-ts";
import { reply } from "./demo-script.js";
import { type DemoContext, isMode, type Mode, modes, say, steps } from "./demo-steps.js";
import { setUp } from "./setup.js";

const usage = `Usage: npm run demo [-- --mode ${modes.join("|")}] [--model provider/model]`;

interface Arguments {
  readonly mode: Mode;
  readonly model: string | undefined;
}

function readArguments(): Arguments | undefined {
  try {
    const { mode = "demo", model } = parseArgs({
      options: { mode: { type: "string" }, model: { type: "string" } },
    }).values;
    if (isMode(mode)) return { mode, model };
    console.error(`unknown mode ${JSON.stringify(mode)}\n${usage}`);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
  return undefined;
}

/** Resolves to true if the step succeeds. Prints a failure; the other steps continue. */
async function runStep(name: string, work: () => Promise<void>): Promise<boolean> {
  console.log(`\n▸ ${name}`);
  const started = performance.now();
  const took = (): string => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  try {
    await work();
    console.log(`  ok (${took()})`);
    return true;
  } catch (error) {
    say(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    if (error instanceof Error && "hint" in error && error.hint !== undefined) say(String(error.hint));
    console.log(`  FAILED (${took()})`);
    return false;
  }
}

/** Resolves to the number of failed steps. */
async function demo({ mode, model }: Arguments): Promise<number> {
  await using setup = await setUp(reply, { model });
  console.log(
    `opencode-ts, mode ${mode}: the real agent, ${model ?? "a scripted model on this machine (no key, no network)"}`,
  );
  const begun: { context?: DemoContext } = {};
  const results = [
    await runStep("start the agent", async () => {
      const opencode = await createOpencode(setup.options);
      begun.context = { opencode, setup };
      say(`opencode ${(await opencode.health()).version}, process ${opencode.server?.pid}, ${opencode.server?.url}`);
    }),
  ];
  const { context } = begun;
  if (context !== undefined) {
    for (const { name, run } of steps.filter((step) => step.modes.includes(mode))) {
      results.push(await runStep(name, () => run(context)));
    }
  }
  const failed = results.filter((passed) => !passed).length;
  console.log(`\n${results.length - failed} passed, ${failed} failed`);
  return failed;
}

const given = readArguments();
process.exitCode = given === undefined ? 2 : await demo(given);
