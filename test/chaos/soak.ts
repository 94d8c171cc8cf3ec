/** The soak: many sessions for a long time, faults on, and nothing of it may stay behind in this process. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { check, type Finding } from "./check.js";
import { Counts } from "./counts.js";
import { gather, StoredIndex } from "./observation.js";
import { isParked, type Outcome } from "./outcome.js";
import { effectsFile, type Job, jobsOf } from "./plan.js";
import type { ProxySetup } from "./proxy-setup.js";
import { runPrompt } from "./run-prompt.js";
import { Store, type StoredSession } from "./stored.js";

/** How it is made. */
export interface SoakOptions {
  readonly setup: ProxySetup;
  readonly seed: number;
  /** Sessions that are worked on at the same time. */
  readonly sessions: number;
  /** Bytes of the longest text. */
  readonly longestText: number;
  /** Milliseconds until a prompt counts as hung. */
  readonly patience: number;
  /** Ends it: no job is begun any more. */
  readonly signal: AbortSignal;
  /** Told of every job's prompts. */
  readonly onProgress: (counts: Counts) => void;
}

/** Runs that a prompt may have left must have ended after so many ms. */
const lastRun = 60_000;

/** What is logged is needed for so long (ms): no job lasts longer. */
const memory = 3 * 60_000;

/** Works until the signal aborts. What was checked is deleted, here and on the server. */
export async function soak(options: SoakOptions): Promise<Counts> {
  const counts = new Counts();
  const jobs = jobsOf(options);
  await Promise.all(Array.from({ length: options.sessions }, (_, worker) => work(worker, jobs, options, counts)));
  for (const stray of options.setup.expectations.strays) {
    counts.findings.push(finding(stray, "the model was asked for something that nobody planned"));
  }
  return counts;
}

async function work(worker: number, jobs: Iterator<Job>, options: SoakOptions, counts: Counts): Promise<void> {
  const { setup, patience, signal, onProgress } = options;
  const oc = setup.clients[worker % setup.clients.length];
  if (oc === undefined) throw new Error("there is no client");
  while (!signal.aborted) {
    const next = jobs.next();
    if (next.done === true) return;
    const job = next.value;
    const outcomes = await runPrompt({ oc, patience, begin: (prompt) => setup.expectations.open(prompt) }, job);
    await judge(setup, job, outcomes, counts);
    setup.log.forget(Date.now() - memory);
    onProgress(counts);
  }
}

async function judge(setup: ProxySetup, { prompts }: Job, outcomes: readonly Outcome[], counts: Counts): Promise<void> {
  const { server, expectations, log } = setup;
  const store = new Store(server);
  const titles = new Map<string, string>();
  for (const { token } of prompts) for (const { id, title } of await store.find(token)) titles.set(id, title);
  for (const id of await store.untilIdle(lastRun, (one) => titles.has(one) && !isParked(one, outcomes))) {
    counts.findings.push({ ...finding(id, "it is still busy"), breach: "left running" });
  }
  const sessions: StoredSession[] = [];
  for (const [id, title] of titles) sessions.push(await store.session(id, title));
  const effects = await readFile(join(server.directory, effectsFile), "utf8").catch(() => "");
  const index = new StoredIndex(sessions, effects);
  for (const outcome of outcomes) {
    const { startedAt, endedAt, sessionId } = outcome;
    const faults = log.touching(startedAt, endedAt, sessionId);
    const kills = faults.filter(({ kind }) => kind === "server killed").length;
    counts.add(outcome, check(gather(outcome, expectations, index, { kills, faults: faults.length })), log);
  }
  for (const id of titles.keys()) await store.delete(id);
  for (const { token } of prompts) expectations.close(token);
  setup.forgetRequests();
}

function finding(token: string, detail: string): Finding {
  return { breach: "ran twice", token, kind: undefined, detail };
}
