/** The runs of this process: one execution for each busy time of a session. */

import { newId } from "../ids.js";
import type { Outcome, SessionRecord, WireError } from "../types.js";
import type { World } from "../world.js";
import { drain, hasWork, repair } from "./drain.js";
import { Declined } from "./endings.js";
import { makeTitle } from "./title.js";

interface Run {
  readonly controller: AbortController;
  readonly parked: ReadonlySet<string>;
  readonly isBackground: boolean;
  settled: Promise<void>;
  /** Another run follows, with these queued items left alone. */
  next: ReadonlySet<string> | undefined;
}

interface Ending {
  readonly outcome: Outcome;
  readonly data: { readonly error?: WireError; readonly reason?: string };
}

/** Why a run is interrupted. */
class Interrupted extends Error {
  readonly reason: "user" | "shutdown";

  constructor(reason: "user" | "shutdown") {
    super(`Interrupted: ${reason}`);
    this.reason = reason;
  }
}

const nothing: ReadonlySet<string> = new Set();

export class Runs {
  readonly #world: World;
  readonly #active = new Map<string, Run>();
  readonly #background = new Set<string>();
  readonly #closing = new AbortController();

  constructor(world: World) {
    this.#world = world;
  }

  /** Foreground runs. */
  foreground(): string[] {
    return [...this.#active].filter(([, { isBackground }]) => !isBackground).map(([id]) => id);
  }

  isBusy(id: string): boolean {
    return this.#active.has(id);
  }

  /** From now on runs of this session are in the background. */
  putInBackground(id: string): void {
    this.#background.add(id);
  }

  /** Starts a run. One that is active sees the inbox by itself; one that was interrupted is followed by another. */
  wake(record: SessionRecord, parked: ReadonlySet<string> = nothing): void {
    const run = this.#active.get(record.info.id);
    if (run === undefined) this.#start(record, parked);
    else if (run.controller.signal.aborted) run.next = parked;
  }

  /** Returns whether a run is cut by it. It settles later. `goOn`: steers are run then, queued items stay. */
  interrupt(record: SessionRecord, goOn: boolean): boolean {
    const run = this.#active.get(record.info.id);
    if (run === undefined || run.controller.signal.aborted) return false;
    this.#abort(record.info.id, run, "user");
    if (goOn && record.inbox.some(({ delivery }) => delivery === "steer")) {
      run.next = new Set(record.inbox.filter(({ delivery }) => delivery === "queue").map(({ id }) => id));
    }
    return true;
  }

  /** Goes on with a run that a former server was killed in, or with the inbox. Resolves when the session is idle. */
  async resume(record: SessionRecord): Promise<void> {
    if (!this.isBusy(record.info.id) && (record.executing || record.inbox.length > 0)) this.#start(record, nothing);
    await this.idle(record.info.id);
  }

  async idle(id: string): Promise<void> {
    for (let run = this.#active.get(id); run !== undefined; run = this.#active.get(id)) await run.settled;
  }

  /** Interrupts everything. Resolves when all runs are recorded. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const [id, run] of this.#active) {
      run.next = undefined;
      this.#abort(id, run, "shutdown");
    }
    await Promise.all([...this.#active.values()].map(({ settled }) => settled));
  }

  #abort(id: string, run: Run, reason: "user" | "shutdown"): void {
    if (run.controller.signal.aborted) return;
    run.next = undefined;
    run.controller.abort(new Interrupted(reason));
    this.#world.asks.drop(id);
  }

  #start(record: SessionRecord, parked: ReadonlySet<string>): void {
    if (this.#closing.signal.aborted) return;
    const { id } = record.info;
    const controller = new AbortController();
    const isBackground = this.#background.has(id);
    const run: Run = { controller, parked, isBackground, settled: Promise.resolve(), next: undefined };
    this.#active.set(id, run);
    if (record.executing) record.wasCut = true;
    record.executing = true;
    this.#world.hub.durable(record, "session.execution.started");
    run.settled = this.#execute(record, run);
  }

  async #execute(record: SessionRecord, run: Run): Promise<void> {
    let ending: Ending;
    do {
      ending = await this.#work(record, run);
      // Nothing may be awaited from here on: a prompt that is admitted now must find a run that takes it, or none.
    } while (ending.outcome === "succeeded" && hasWork(record, run.parked));
    this.#finish(record, run, ending);
  }

  async #work(record: SessionRecord, run: Run): Promise<Ending> {
    const { signal } = run.controller;
    try {
      await new Promise((resolve) => setImmediate(resolve)); // the admission is answered first
      signal.throwIfAborted();
      repair(this.#world, record);
      const error = await drain(this.#world, record, run.parked, signal);
      return error === undefined ? { outcome: "succeeded", data: {} } : { outcome: "failed", data: { error } };
    } catch (error) {
      const reason = error instanceof Interrupted ? error.reason : "user";
      if (error instanceof Interrupted || error instanceof Declined)
        return { outcome: "interrupted", data: { reason } };
      this.#world.violate(`the stand-in failed in a run: ${String((error as Error).stack ?? error)}`);
      return { outcome: "failed", data: { error: { type: "unknown", message: String(error) } } };
    }
  }

  #finish(record: SessionRecord, run: Run, { outcome, data }: Ending): void {
    const { id } = record.info;
    this.#active.delete(id);
    record.executing = false;
    record.info.outcome = outcome;
    record.info.time.idle = Date.now();
    this.#world.asks.drop(id);
    if (this.#world.store.find(id) !== undefined) {
      this.#world.hub.durable(record, `session.execution.${outcome}`, { ...data });
      record.messages.push({ id: newId("msg"), type: "idle", outcome, time: { created: Date.now() } });
      this.#world.hub.hole(record);
      if (outcome === "succeeded") void makeTitle(this.#world, record, this.#closing.signal);
    }
    if (run.next !== undefined) this.#start(record, run.next);
  }
}
