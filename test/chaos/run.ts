/** One run of the suite: prompts, faults, and what came of it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { delay } from "../../src/util/delay.js";
import { check } from "./check.js";
import { Counts } from "./counts.js";
import type { FaultKind } from "./faults.js";
import { drawOutages, type Outage } from "./faults.js";
import { gather, StoredIndex } from "./observation.js";
import { isParked, type Outcome } from "./outcome.js";
import { effectsFile, type Job, type Kind, planned } from "./plan.js";
import { openProxySetup, type ProxySetup } from "./proxy-setup.js";
import { runPrompt } from "./run-prompt.js";
import { Store } from "./stored.js";
import { SecondStore } from "./stored-2x.js";

/** How a run is made. */
export interface ChaosOptions {
  /** Path of the agent's binary. */
  readonly binary: string;
  readonly seed: number;
  readonly prompts: number;
  /** Jobs at the same time. */
  readonly concurrency: number;
  /** Kills of the server per 100 jobs. */
  readonly kills: number;
  /** Share of the drawn faults that are done, 0 to 1. Default 1. */
  readonly intensity?: number | undefined;
  /** Bytes of the longest text. Default 20,000. */
  readonly longestText?: number | undefined;
  /** Only this job, for looking closer at what it met. The faults of requests are others then. */
  readonly onlyJob?: number | undefined;
  /** A prompt counts as hung after so many ms. Default 120,000. */
  readonly patience?: number | undefined;
  /** How long something takes on this machine now, of ms on an idle one. Default: as long. */
  readonly scaled?: ((ms: number) => number) | undefined;
  /** No job is begun after so many ms; what is left then counts as lost. */
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called after each job; what it gives counts instead. The suite's own test breaks the promise here. */
  readonly afterJob?: ((setup: ProxySetup, outcomes: readonly Outcome[]) => Promise<readonly Outcome[]>) | undefined;
}

/** What a run has done so far. */
export interface Progress {
  readonly done: number;
  readonly answered: number;
  readonly typedErrors: number;
  readonly faults: number;
}

/** What a run has shown. */
export interface Report {
  readonly seed: number;
  readonly prompts: number;
  readonly startedAt: Date;
  readonly durationMs: number;
  /** Release of the server. */
  readonly version: string;
  readonly faults: ReadonlyMap<FaultKind, number>;
  readonly counts: Counts;
  /** Sessions without a message: of prompts that failed before they were sent, or made twice. */
  readonly emptySessions: number;
  /** From each kill of the server until it served again, in ms. */
  readonly downtimes: readonly number[];
}

const defaultPatience = 120_000;
/** Jobs that the preview of 2.0 has no counterpart of. */
const withoutCounterpart: readonly Kind[] = ["shell", "subagent"];
/** After the last prompt, runs may take so long to end (ms). */
const lastRuns = 30_000;
/** One connection, and so one event stream, per so many workers. */
const workersPerClient = 4;

/** Runs the plan of a seed. Rejects when the set-up itself fails, or with the signal's reason. */
export async function runChaos(options: ChaosOptions): Promise<Report> {
  const { seed, binary, concurrency, intensity = 1 } = options;
  const clients = Math.max(1, Math.ceil(concurrency / workersPerClient));
  await using setup = await openProxySetup({ seed, binary, intensity, clients });
  return await new Run(options, setup).run(); // awaited: the setup ends with this function
}

class Run {
  readonly #options: ChaosOptions;
  readonly #setup: ProxySetup;
  readonly #outcomes: Outcome[] = [];
  readonly #outages: Promise<void>[] = [];
  readonly #downtimes: number[] = [];
  readonly #startedAt = new Date();

  constructor(options: ChaosOptions, setup: ProxySetup) {
    this.#options = options;
    this.#setup = setup;
  }

  async run(): Promise<Report> {
    const { seed, prompts, kills, signal, concurrency, onlyJob, intensity = 1 } = this.#options;
    const { proxy, log, server } = this.#setup;
    const without = server.isSecond ? withoutCounterpart : [];
    const all = planned(prompts, { ...this.#options, without });
    const jobs = all.filter(({ index }) => onlyJob === undefined || index === onlyJob);
    const outages = drawOutages(seed, all.length, { kills, intensity });
    proxy.breakThings(true);
    const queue = jobs.values();
    const workers = Array.from({ length: concurrency }, (_, worker) => this.#work(worker, queue, outages));
    await Promise.all(workers);
    await Promise.all(this.#outages);
    proxy.breakThings(false);
    signal?.throwIfAborted();
    return {
      seed,
      prompts: this.#outcomes.length,
      startedAt: this.#startedAt,
      durationMs: Date.now() - this.#startedAt.getTime(),
      version: server.version,
      faults: log.times,
      downtimes: this.#downtimes,
      ...(await this.#judge(jobs)),
    };
  }

  async #work(worker: number, queue: Iterator<Job>, outages: readonly Outage[]): Promise<void> {
    const { signal, limit, patience = this.#scaled(defaultPatience), afterJob } = this.#options;
    const { clients, expectations } = this.#setup;
    const oc = clients[worker % clients.length];
    if (oc === undefined) throw new Error("there is no client");
    const end = this.#startedAt.getTime() + limit;
    while (signal?.aborted !== true && Date.now() < end) {
      const next = queue.next();
      if (next.done === true) return;
      const job = next.value;
      for (const outage of outages) if (outage.atJob === job.index) this.#begin(outage);
      const outcomes = await runPrompt({ oc, patience, begin: (prompt) => expectations.open(prompt) }, job);
      this.#outcomes.push(...((await afterJob?.(this.#setup, outcomes)) ?? outcomes));
      this.#report();
    }
  }

  #report(): void {
    const count = (type: Outcome["result"]["type"]): number =>
      this.#outcomes.filter(({ result }) => result.type === type).length;
    const faults = this.#setup.log.total;
    const done = this.#outcomes.length;
    this.#options.onProgress?.({ done, answered: count("answer"), typedErrors: count("typed error"), faults });
  }

  #begin(outage: Outage): void {
    const running = this.#cause(outage);
    running.catch(() => {}); // awaited at the end
    this.#outages.push(running);
  }

  async #cause({ kind, after, duration }: Outage): Promise<void> {
    const { proxy, server, log } = this.#setup;
    await delay(after, this.#options.signal);
    if (kind === "gateway down") return proxy.gatewayDown(duration);
    if (kind === "connections refused") return proxy.refuse(duration);
    const killed = log.outage(kind);
    await server.killAndRestart(duration);
    killed.until = Date.now();
    this.#downtimes.push(killed.until - killed.from);
  }

  #scaled(ms: number): number {
    return this.#options.scaled?.(ms) ?? ms;
  }

  /** Reads everything directly from the server, when nothing runs any more. */
  async #judge(jobs: readonly Job[]): Promise<Pick<Report, "counts" | "emptySessions">> {
    const { server, expectations, log } = this.#setup;
    const store = server.isSecond ? new SecondStore(server) : new Store(server);
    const counts = new Counts();
    const odd = (breach: "left running" | "lost" | "ran twice", token: string, detail: string): void => {
      counts.findings.push({ breach, token, kind: undefined, detail });
    };
    for (const session of await store.untilIdle(this.#scaled(lastRuns), (id) => !isParked(id, this.#outcomes))) {
      const [last] = this.#outcomes.filter(({ sessionId }) => sessionId === session).slice(-1);
      const end = last === undefined ? "no prompt" : `${last.prompt.token} (${last.prompt.kind}): ${last.result.type}`;
      odd("left running", session, `it is still busy at the end; ${end}`);
      counts.trails.set(session, log.trail(this.#startedAt.getTime(), Date.now(), session));
    }
    const sessions = await store.sessions();
    const effects = await readFile(join(server.directory, effectsFile), "utf8").catch(() => "");
    const index = new StoredIndex(sessions, effects);
    for (const outcome of this.#outcomes) {
      const { startedAt, endedAt, sessionId } = outcome;
      const faults = log.touching(startedAt, endedAt, sessionId);
      const kills = faults.filter(({ kind }) => kind === "server killed").length;
      counts.add(outcome, check(gather(outcome, expectations, index, { kills, faults: faults.length })), log);
    }
    for (const stray of expectations.strays)
      odd("ran twice", stray, "the model was asked for something that nobody planned");
    const done = new Set(this.#outcomes.map(({ prompt }) => prompt.token));
    for (const { token } of jobs.flatMap(({ prompts }) => prompts)) {
      if (!done.has(token)) odd("lost", token, "it was never begun: the time of the run was over");
    }
    return { counts, emptySessions: sessions.filter(({ messages }) => messages.length === 0).length };
  }
}
