/** One simulated world, from its seed to the list of what was wrong. */
import "../../src/schema/schema-check.js"; // loaded now: the client loads it when it is needed, in real time
import type { Opencode } from "../../src/client.js";
import { createMemoryServer, memoryAgent } from "../../src/testing/memory/memory-agent.js";
import type { MemoryServer } from "../../src/testing/memory/server.js";
import { atAgent } from "../support/memory-api.js";
import { checkWorld } from "./check/check-world.js";
import { cannotGoOn } from "./check/end.js";
import { type ApiName, connectByApi, connectByHttp } from "./workload/connect.js";
import { runFlow } from "./workload/flows.js";
import { firstSeed, workloadOf } from "./workload/generate.js";
import { promptsIn, turnsIn, type Workload } from "./workload/plan.js";
import { nextRun, SimulatedProcess } from "./workload/process.js";
import type { Ledger, PromptRecord } from "./workload/record.js";
import { PlannedModel } from "./workload/script.js";
import { Truth } from "./workload/truth.js";
import { askedCommand, commandName, contextLimit } from "./workload/turns.js";
import { StuckError, VirtualClock } from "./world/clock.js";
import { install } from "./world/globals.js";
import { Network } from "./world/network.js";
import { Random } from "./world/random.js";
import { Trace } from "./world/trace.js";
import { startWeather } from "./world/weather.js";
import type { World } from "./world/worlds.js";

/** What is simulated: a seed and a world, and less of it for a smaller case. */
export interface Case {
  readonly seed: number;
  readonly world: World;
  /** Which implementation of `AgentApi` the engine runs on. @default "v1" */
  readonly api?: ApiName | undefined;
  readonly workload?: Workload | undefined;
  /** At most so many calamities. */
  readonly calamities?: number | undefined;
}

/** What came of it. */
export interface Outcome {
  readonly seed: number;
  readonly world: string;
  readonly api: ApiName;
  /** What was wrong; empty when all was right. */
  readonly breaches: readonly string[];
  /** Prompts that were asked, and those that ended in a typed error although an answer was planned. */
  readonly prompts: number;
  readonly failed: number;
  readonly faults: number;
  readonly requests: number;
  /** ms of simulated time. */
  readonly time: number;
  readonly hash: string;
  readonly lines: readonly string[];
}

const mostTimers = 400_000;
/** 2^36 ms: the ids of the agent begin again. */
const wrap = 2 ** 36;

/** Runs one world. Never rejects: whatever goes wrong is a breach. */
export async function simulate({
  seed,
  world,
  api = "v1",
  workload = workloadOf(seed, world),
  calamities,
}: Case): Promise<Outcome> {
  const random = new Random(seed, "globals");
  const forgetIds: unknown = Reflect.get(globalThis, Symbol.for("opencode-ts.simulation.fresh"));
  if (typeof forgetIds !== "function") throw new Error("a simulation runs as a bundle: see tools/bundle.ts");
  forgetIds();
  const clock = new VirtualClock(beginning(seed, world));
  const trace = new Trace(clock);
  const ledger: Ledger = { prompts: [], deeds: [], heard: [], breaches: [] };
  const undo = [install(clock, random), watchRejections(ledger)];
  try {
    const model = new PlannedModel();
    const server = createServer(model, seed, world);
    const agent = memoryAgent(server);
    const network = new Network({ clock, trace, seed, faults: world.faults, agent });
    const truth = new Truth({ clock, agent });
    const complain = (what: string): unknown => ledger.breaches.push(what);
    const connect = api === "v1" ? connectByHttp(network) : connectByApi(network, atAgent(server), complain);
    const processes = new Map<string, SimulatedProcess>();
    const run = nextRun();
    const process = (name: string): SimulatedProcess => {
      const found = processes.get(name) ?? new SimulatedProcess({ name, run, clock, network, trace, connect });
      processes.set(name, found);
      return found;
    };
    const know = ({ turn }: { turn: Parameters<typeof turnsIn>[0] }): void => {
      for (const one of turnsIn(turn)) model.know(one);
    };
    for (const { prompts } of workload.flows) for (const prompt of prompts) know(prompt);
    startWeather({
      clock,
      trace,
      seed,
      world,
      network,
      crash: (downFor) => agent.crash({ downFor }),
      processes: () => [...processes.values()].filter(({ isDead }) => !isDead).map(({ name }) => name),
      most: calamities,
    });
    const fixture = { clock, trace, ledger, truth };
    if (workload.listens && seed >= firstSeed)
      process("alpha")
        .start(1, (opencode) => listen(opencode, ledger))
        .catch(() => {}); // it could not connect
    const limits = { limit: limitOf(world, workload), mostTimers };
    try {
      await clock.run(
        Promise.all(workload.flows.map((flow) => runFlow(flow, { fixture, seed, process, know }))),
        limits,
      );
      network.isCalm = true;
      for (const one of processes.values()) {
        for (const left of await clock.run(one.close(), limits))
          ledger.breaches.push(`after close() of ${one.name}: ${left}`);
      }
      await clock.run(clock.wait(30_000, "world"), limits);
    } catch (error) {
      if (!(error instanceof StuckError)) throw error;
      ledger.breaches.push(`hung: ${error.message} (${hanging(ledger)})`);
    }
    clock.owner = "world";
    truth.freeze();
    await clock.run(checkWorld({ world, workload, ledger, model, truth, network, clock }), limits);
    await clock.run(agent.close(), limits);
    return outcomeOf({ seed, world, api }, ledger, network, trace, clock);
  } catch (error) {
    ledger.breaches.push(`the simulation itself failed: ${error instanceof Error ? error.stack : String(error)}`);
    return outcomeOf({ seed, world, api }, ledger, undefined, trace, clock);
  } finally {
    for (const one of undo) one();
  }
}

/** Hears all events of the directory, until the end. */
async function listen(opencode: Opencode, { heard }: Ledger): Promise<void> {
  try {
    for await (const event of opencode.events()) heard.push(event);
  } catch {
    // The connection is given up: what was heard until then counts.
  }
}

function outcomeOf(
  { seed, world, api }: { readonly seed: number; readonly world: World; readonly api: ApiName },
  { prompts, breaches }: Ledger,
  network: Network | undefined,
  trace: Trace,
  clock: VirtualClock,
): Outcome {
  for (const breach of breaches) trace.add("BREACH", breach);
  return {
    seed,
    world: world.name,
    api,
    breaches: breaches.map((breach) => trace.named(breach)),
    prompts: prompts.length,
    failed: prompts.filter(isFailed).length,
    faults: network?.faultsDone ?? 0,
    requests: network?.sent.length ?? 0,
    time: clock.now,
    hash: trace.hash,
    get lines() {
      return trace.lines;
    },
  };
}

/** An answer was planned, and the prompt might have had one. */
function isFailed(record: PromptRecord): boolean {
  const { error, isOrphan, prompt } = record;
  if (isOrphan || !(error instanceof Error)) return false;
  return !prompt.expect.errors.includes(error.name) && !cannotGoOn(record);
}

function createServer(model: PlannedModel, seed: number, world: World): MemoryServer {
  const random = new Random(seed, "agent");
  const { pace, git } = world;
  return createMemoryServer(model.reply, {
    title: "a title",
    summary: "the summary",
    model: { limit: { context: contextLimit, output: 1_000 }, cost: { input: 3, output: 15 } },
    config: {
      command: { [commandName]: { template: "Do this: $ARGUMENTS" } },
      permission: { bash: { "*": "allow", [`${askedCommand}*`]: "ask" } },
    },
    planMode: true,
    ...(pace === undefined ? {} : { pace: () => random.between(0, pace) }),
    ...(git === true ? { git, trailing: () => random.logBetween(1, 6_000) } : {}),
  });
}

/** The date at which the world begins. */
function beginning(seed: number, { wrapsIds }: World): number {
  const random = new Random(seed, "date");
  if (wrapsIds === true) return wrap * random.int(26, 27) - random.int(0, 15_000);
  return Date.UTC(2026, 10, 1) + random.int(0, 300 * 86_400_000);
}

function limitOf(world: World, workload: Workload): number {
  return world.patience * 4 + promptsIn(workload) * 200_000;
}

function hanging({ prompts, deeds }: Ledger): string {
  const open = prompts.filter(({ endedAt, isOrphan }) => endedAt === undefined && !isOrphan);
  const names = open.map(({ prompt }) => prompt.turn.token);
  return [...names, ...deeds.filter(({ endedAt }) => endedAt === undefined).map(({ what }) => what)].join(", ");
}

/** A rejection that nobody handles would end a program. */
function watchRejections({ breaches }: Ledger): () => void {
  const note = (reason: unknown): void => {
    breaches.push(`an unhandled rejection: ${reason instanceof Error ? reason.stack : String(reason)}`);
  };
  process.on("unhandledRejection", note);
  return () => process.off("unhandledRejection", note);
}
