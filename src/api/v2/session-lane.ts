/**
 * The events of one session in order, also where some of them can be told only after a read: those behind wait for it. The end of a run is
 * told here, after all that is stored.
 */
import { isRecord, type JsonRecord, property } from "../../util/json.js";
import type { ApiEvent } from "../api-event.js";
import { plainEvent } from "./events.js";
import type { LaneContext } from "./lane-context.js";
import { messageError } from "./message-errors.js";
import { mapMessages } from "./message-map.js";
import { readStored } from "./message-pages.js";
import { messageIdOf } from "./message-parts.js";
import { requestEvent } from "./request-events.js";
import { madeEvent, madeStatus, type SessionFold } from "./session-fold.js";
import { readActive } from "./session-reads.js";
import { shellEvents } from "./shell-lines.js";
import { reasonOfSilence } from "./silence.js";
import { below, records } from "./wire.js";
import { type WireEvent, wireEventOf } from "./wire-event.js";

/** Events per request of the log, and how many pages are read at most. */
const logPage = 100;
const mostLogPages = 1_000;

/** The names of an announced end, and of an error for the one that fails. */
const ends: ReadonlySet<string> = new Set([
  "session.execution.succeeded",
  "session.execution.failed",
  "session.execution.interrupted",
]);
/** A look at the list of active sessions is worthwhile: a run may end behind these. */
const endings: ReadonlySet<string> = new Set([
  "session.inbox.delivered",
  "session.step.ended",
  "session.step.failed",
  "session.tool.failed",
]);

/** One session on one connection. The fold outlives the connection. */
export class SessionLane {
  readonly #sessionId: string;
  readonly #fold: SessionFold;
  /** The connection before this one was lost while the session ran. */
  #wasCut = false;
  readonly #context: LaneContext;
  readonly #waiting: WireEvent[] = [];
  /** What is to be done when the job under way is. */
  readonly #jobs: (() => Promise<void>)[] = [];
  #isWorking = false;

  constructor(sessionId: string, fold: SessionFold, context: LaneContext) {
    this.#sessionId = sessionId;
    this.#fold = fold;
    this.#context = context;
  }

  /** Nothing runs, and nothing is being done. */
  get isIdle(): boolean {
    return !this.#isWorking && this.#fold.run === "idle";
  }

  /** Takes the next event of the stream. */
  take(event: WireEvent): void {
    if (this.#isWorking) this.#waiting.push(event);
    else this.#handle(event);
  }

  /** The session is active, and nothing was heard of its beginning. */
  found(): void {
    this.#begin();
    this.#context.watch.heard(this.#sessionId, "running");
  }

  /** The connection was lost while the session ran: what was missed is read from the log, where the server keeps one. */
  catchUp(): void {
    this.#wasCut = true;
    this.#context.watch.heard(this.#sessionId, "running");
    if (this.#context.dialect.keepsEvents) this.#work(() => this.#replay());
    else this.#fold.forget();
  }

  /** The session is not active any more. */
  left(): void {
    this.#work(() => this.#end(undefined));
  }

  #handle(event: WireEvent): void {
    const fold = this.#fold;
    const { keepsEvents } = this.#context.dialect;
    const { seq } = event;
    if (keepsEvents && seq !== undefined && fold.seq !== undefined) {
      if (seq <= fold.seq) return; // the log has told it
      if (seq > fold.seq + 1) {
        this.#work(() => this.#replay(), event);
        return;
      }
    }
    if (fold.needsRead(event)) this.#work(() => this.#read(), event);
    else this.#tell(event, false);
  }

  #tell(event: WireEvent, isReplay: boolean): void {
    const fold = this.#fold;
    const { emit, watch, dialect, place } = this.#context;
    const { name, seq } = event;
    if (seq !== undefined) fold.seq = seq;
    const asking = {
      cwd: place.cwd,
      inputOf: ({ messageId, callId }: { messageId: string | undefined; callId: string | undefined }) =>
        fold.steps.inputOf(messageId, callId),
    };
    const direct = requestEvent(event, dialect, asking) ?? plainEvent(event);
    if (direct !== undefined) {
      emit(direct);
      return;
    }
    if (name === "session.inbox.enqueued" && fold.run === "idle") watch.heard(this.#sessionId, "admitted");
    else if (
      name === "session.inbox.delivered" ||
      name.startsWith("session.step.") ||
      name === "session.execution.started"
    )
      this.#begin();
    for (const told of fold.fold(event, isReplay)) emit(told);
    if (ends.has(name)) this.#work(() => this.#end(event));
    else if (name === "session.shell.ended") this.#work(() => this.#shell(event));
    else if (fold.run === "running" && seq !== undefined)
      watch.heard(this.#sessionId, endings.has(name) ? "ending" : "running");
  }

  #begin(): void {
    if (this.#fold.run === "running") return;
    this.#fold.run = "running";
    this.#context.emit(madeStatus("busy", this.#sessionId));
  }

  /** Runs a job before the events that come meanwhile; `event` is the first of those. */
  #work(job: () => Promise<void>, event?: WireEvent): void {
    if (this.#isWorking) {
      // A job is asked for by an event that was taken, or by the watch: the one under way has the newest state in the end.
      this.#jobs.push(job);
      return;
    }
    this.#isWorking = true;
    void this.#run(job, event);
  }

  async #run(job: () => Promise<void>, event: WireEvent | undefined): Promise<void> {
    const { signal, missed } = this.#context;
    try {
      await job();
    } catch (error) {
      if (signal.aborted) return;
      missed(error);
      // What could not be told of an end is told after the next look.
      if (this.#fold.run === "running") this.#context.watch.heard(this.#sessionId, "running");
    }
    if (signal.aborted) return;
    this.#isWorking = false;
    if (event !== undefined && !this.#isTold(event)) this.#tell(event, false);
    for (;;) {
      if (this.#isWorking) return; // the event before has asked for a job
      const next = this.#waiting.shift();
      if (next !== undefined) {
        this.#handle(next);
        continue;
      }
      const another = this.#jobs.shift();
      if (another === undefined) return;
      this.#work(another);
    }
  }

  /** A replay has told it already. */
  #isTold({ seq }: WireEvent): boolean {
    return (
      this.#context.dialect.keepsEvents && seq !== undefined && this.#fold.seq !== undefined && seq <= this.#fold.seq
    );
  }

  /** Tells the durable events that were missed. Resolves when all that is stored was told. */
  async #replay(): Promise<void> {
    try {
      await this.#readLog();
    } catch (error) {
      this.#fold.seq = undefined; // the next number is the first that is known
      throw error;
    }
  }

  async #readLog(): Promise<void> {
    const { client, call } = this.#context;
    const path = below(this.#sessionId, "/history");
    for (let count = 0; count < mostLogPages; count += 1) {
      const after = this.#fold.seq;
      if (after === undefined) return;
      const { data } = await client.request("GET", path, { ...call, query: { after, limit: logPage } });
      for (const value of records(property(data, "data"), path)) {
        const event = wireEventOf(value);
        if (event?.seq === undefined || this.#isTold(event)) continue;
        if (this.#fold.needsRead(event)) await this.#read();
        this.#tell(event, true);
      }
      if (property(data, "hasMore") !== true || this.#fold.seq === after) return;
    }
  }

  /** Which prompt is answered, and what is known of the steps. */
  async #read(): Promise<void> {
    const { client, call } = this.#context;
    const page = await readStored(client, this.#sessionId, { call });
    this.#fold.adopt(page.records.reverse());
  }

  async #shell(event: WireEvent): Promise<void> {
    for (const told of await shellEvents(this.#context, this.#sessionId, event)) this.#context.emit(told);
  }

  /** The run is over, by the list of active sessions or by an event. */
  async #end(announced: WireEvent | undefined): Promise<void> {
    const { client, call, emit, watch, dialect } = this.#context;
    const fold = this.#fold;
    if (fold.run === "idle") return;
    if (announced === undefined && dialect.keepsEvents && fold.seq !== undefined) {
      const before = fold.seq;
      await this.#replay();
      // Another prompt may have been taken up since the list was read.
      if (fold.seq !== before && (await readActive(client, call)).has(this.#sessionId)) {
        watch.heard(this.#sessionId, "ending");
        return;
      }
    }
    if (!fold.isAnswered) for (const event of await this.#rest(announced)) emit(event);
    fold.end();
    watch.forget(this.#sessionId);
    emit(madeStatus("idle", this.#sessionId));
    emit(madeEvent("session-idle", this.#sessionId));
  }

  /** What the events have left open: how the last step has ended, or why there is none. */
  async #rest(announced: WireEvent | undefined): Promise<ApiEvent[]> {
    const { client, call, place, dialect } = this.#context;
    const sessionId = this.#sessionId;
    const page = await readStored(client, sessionId, { call });
    const stored = page.records.reverse();
    const at = Math.max(
      stored.findLastIndex(({ type }) => type === "user"),
      0,
    );
    const { storesWholeTexts } = dialect;
    const of = { sessionId, ...place };
    const context = { place: of, storesWholeTexts, prompt: this.#fold.prompt, isOver: true };
    const last = mapMessages(stored.slice(at), context).findLast(
      ({ info }) => info.role === "assistant" && info.summary !== true,
    );
    const events: ApiEvent[] = [];
    if (last?.info.role === "assistant") {
      const raw = { type: "session.message.read", properties: { sessionID: sessionId, message: last.raw } };
      const { info } = last;
      const message = { role: "assistant" as const, id: info.id, isSummary: false, info };
      for (const part of last.parts) events.push({ type: "part-stored", part, sessionId, raw });
      events.push({ type: "message-stored", message, sessionId, raw });
    }
    const error = await this.#announcedError(
      announced,
      last?.info.role === "assistant" ? last.info.error : undefined,
      stored,
    );
    if (error !== undefined) {
      const raw = announced?.raw ?? { type: "session.error", properties: { sessionID: sessionId, error } };
      events.push({ type: "session-error", error, sessionId, raw });
    }
    return events;
  }

  /** The failure of the run, where no step tells it. */
  async #announcedError(
    announced: WireEvent | undefined,
    stored: unknown,
    records: readonly JsonRecord[],
  ): Promise<{ name: string; data: JsonRecord } | undefined> {
    if (stored !== undefined) return undefined;
    const { client, call } = this.#context;
    const error = announced?.data["error"];
    if (isRecord(error)) {
      const { name, data } = messageError(error, "", "");
      return { name, data: { ...data } };
    }
    const last = records.findLast(({ type }) => type === "user" || type === "assistant");
    const isSilent = last !== undefined && last["type"] === "user" && messageIdOf(last) === this.#fold.prompt;
    // Behind a cut a prompt without a step is one whose server has died: it is sent again.
    if (!isSilent || this.#wasCut) return undefined;
    if (announced?.name === "session.execution.interrupted") {
      return { name: "MessageAbortedError", data: { message: "the run was interrupted before its first step" } };
    }
    return { name: "UnknownError", data: { message: await reasonOfSilence(client, this.#sessionId, call) } };
  }
}
