/** One open connection to the events of 2.x: which of them are the directory's own, and in which session. */
import type { OpencodeClient } from "../../client/client.js";
import { APIConnectionError } from "../../errors/index.js";
import { type LinkedSignals, linkSignals } from "../../util/abort.js";
import { monotonic } from "../../util/clock.js";
import { recordProperty, stringProperty } from "../../util/json.js";
import type { EventReading } from "../event-reader.js";
import { type EventMemory, foreignSessions } from "./event-memory.js";
import { plainEvent } from "./events.js";
import { IdleWatch } from "./idle-watch.js";
import type { LaneContext } from "./lane-context.js";
import { ledgerOf } from "./ledger.js";
import { SessionLane } from "./session-lane.js";
import { type Place, readActive, readSession } from "./session-reads.js";
import { plainDirectory } from "./wire.js";
import type { WireEvent } from "./wire-event.js";

/** Of a read that events wait for, in ms. */
const readLimit = 10_000;
/** What was missed for longer (ms) is not told later: whoever listens then has read it. */
const longestCut = 300_000;

/** Sessions of the directory that are held at once, unless more of them run. */
const mostHeld = 1_000;

interface ConnectionParts {
  readonly client: OpencodeClient;
  readonly dialect: LaneContext["dialect"];
  readonly place: Place;
  readonly memory: EventMemory;
  readonly reading: EventReading;
}

/** One connection. `end()` must be called. */
export class EventConnection {
  readonly #parts: ConnectionParts;
  readonly #context: LaneContext;
  readonly #bySession = new Map<string, SessionLane>();
  readonly #foreign = foreignSessions();
  /** Sessions whose directory is being read, with the events that wait for it. */
  readonly #unplaced = new Map<string, WireEvent[]>();
  readonly #over: LinkedSignals;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    const { client, dialect, place, reading } = parts;
    this.#over = linkSignals(reading.signal);
    const { signal } = this.#over;
    const call = { signal, timeout: readLimit };
    const watch = new IdleWatch({
      pace: dialect.pace,
      readActive: () => readActive(client, call),
      onLeft: (sessionId) => this.#lane(sessionId).left(),
      onFailure: (error) => client.logger.debug(`the active sessions cannot be read: ${String(error)}`),
    });
    const missed = (error: unknown): void => {
      client.logger.debug(`events cannot be told: ${String(error)}`);
      reading.onMalformed();
    };
    this.#context = { client, dialect, place, watch, call, signal, emit: reading.onEvent, missed };
  }

  /** Takes the next event of the stream. */
  take(event: WireEvent): void {
    const { sessionId, directory } = event;
    if (directory !== undefined && !this.#isOwn(directory)) return;
    if (event.name === "server.connected") {
      this.#tellPlain(event);
      void this.#resume();
    } else if (sessionId === undefined) this.#tellPlain(event);
    else if (directory !== undefined || this.#bySession.has(sessionId)) this.#takeOwn(sessionId, event);
    else if (this.#foreign.get(sessionId) === undefined) this.#takeUnplaced(sessionId, event);
  }

  /** Ends what the connection has begun. */
  end(): void {
    const { client, memory, reading } = this.#parts;
    memory.lostAt = monotonic();
    // A server that was started anew has empty lists for a while.
    if (!reading.signal.aborted) ledgerOf(client).settled.clear();
    this.#context.watch.stop();
    this.#over.abort(new APIConnectionError("the event stream has ended"));
    this.#over.release();
  }

  #isOwn(directory: string): boolean {
    const { cwd } = this.#parts.place;
    return cwd === "" || plainDirectory(directory) === cwd;
  }

  #tellPlain(event: WireEvent): void {
    const told = plainEvent(event);
    if (told !== undefined) this.#context.emit(told);
  }

  #takeOwn(sessionId: string, event: WireEvent): void {
    this.#lane(sessionId).take(event);
  }

  /** The event does not say where its session is. */
  #takeUnplaced(sessionId: string, event: WireEvent): void {
    const waiting = this.#unplaced.get(sessionId);
    if (waiting !== undefined) {
      waiting.push(event);
      return;
    }
    const events = [event];
    this.#unplaced.set(sessionId, events);
    void this.#isHere(sessionId).then((isHere) => {
      this.#unplaced.delete(sessionId);
      if (this.#over.signal.aborted) return;
      if (isHere === false) this.#foreign.set(sessionId, true);
      else if (isHere) for (const one of events) this.#takeOwn(sessionId, one);
    });
  }

  /** Never rejects: `undefined` where it cannot be read, so that something may be missed. */
  async #isHere(sessionId: string): Promise<boolean | undefined> {
    const { client, memory } = this.#parts;
    const { call, signal, missed } = this.#context;
    if (memory.folds.get(sessionId) !== undefined) return true;
    try {
      const location = recordProperty(await readSession(client, sessionId, call), "location");
      const directory = stringProperty(location, "directory");
      return directory !== undefined && this.#isOwn(directory);
    } catch (error) {
      if (!signal.aborted) missed(error);
      return undefined;
    }
  }

  /** What ran when the connection was lost, and what runs that nobody has heard of. Never rejects. */
  async #resume(): Promise<void> {
    const { client, memory } = this.#parts;
    const { call, signal, missed, watch } = this.#context;
    const isStale = monotonic() - memory.lostAt > longestCut;
    for (const fold of [...memory.folds.values()]) {
      if (fold.run === "running" && !isStale) this.#lane(fold.sessionId).catchUp();
      else fold.reset();
    }
    try {
      for (const sessionId of await readActive(client, call)) {
        const isKnown = memory.folds.get(sessionId)?.run === "running";
        if (!isKnown && (await this.#isHere(sessionId)) === true && !signal.aborted) this.#lane(sessionId).found();
      }
      watch.look();
    } catch (error) {
      if (!signal.aborted) missed(error);
    }
  }

  #lane(sessionId: string): SessionLane {
    const known = this.#bySession.get(sessionId);
    if (known !== undefined) return known;
    const { memory, place } = this.#parts;
    const { storesWholeTexts } = this.#context.dialect;
    const fold = memory.foldOf({ place: { sessionId, ...place }, storesWholeTexts });
    const lane = new SessionLane(sessionId, fold, this.#context);
    this.#bySession.set(sessionId, lane);
    if (this.#bySession.size > mostHeld) this.#forgetIdle();
    return lane;
  }

  /** The oldest session that does nothing: its next event begins anew. */
  #forgetIdle(): void {
    for (const [sessionId, { isIdle }] of this.#bySession) {
      if (!isIdle) continue;
      this.#bySession.delete(sessionId);
      return;
    }
  }
}
