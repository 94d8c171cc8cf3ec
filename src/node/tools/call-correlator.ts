/**
 * Which session makes a call. An MCP call names none (1.18.33: all it carries is a progress token), so it is told by the
 * agent's own record: the tool part that is running with this name and these arguments. Events bring the parts, mostly some
 * 50 ms after the call; where they do not, a read does.
 */
import type { ApiEvent } from "../../api/api-event.js";
import type { DirectoryContext } from "../../session/context.js";
import type { Part } from "../../types/answer.js";
import { unref } from "../../util/delay.js";
import { isRecord, stableStringify } from "../../util/json.js";
import type { IncomingCall } from "./endpoint.js";

/** ms until a read looks for what no event has told; then again, with pauses that double. */
const firstLook = 400;
/** ms after which a part with the tool's name will do, if there is only one: a plugin may have changed the arguments. */
const nameWillDo = 2_500;
/** ms until a call that nobody seems to make is refused. */
const waitLimit = 15_000;
/** Parts that are remembered as found. */
const remembered = 10_000;
/** Sessions that a read looks into, and messages of each: what runs is in the newest. */
const mostSessions = 50;
const newest = 4;

/** A running tool part. */
export interface RunningCall {
  readonly partId: string;
  readonly sessionId: string;
  readonly messageId: string;
  readonly callId: string;
}

/** What is known of a call from the call itself. */
export type SearchedCall = Pick<IncomingCall, "args" | "order" | "sessionId">;

interface Candidate extends RunningCall {
  readonly tool: string;
  readonly args: string;
}

interface Waiting {
  readonly tool: string;
  readonly args: string;
  /** Calls of one connection ascend: of equal ones the first is the first part's. */
  readonly order: number;
  readonly sessionId?: string | undefined;
  readonly since: number;
  readonly resolve: (call: RunningCall | undefined) => void;
}

/** The running calls of one directory. */
export class CallCorrelator {
  readonly #scope: DirectoryContext;
  readonly #isOurs: (tool: string) => boolean;
  readonly #candidates = new Map<string, Candidate>();
  readonly #found = new Set<string>();
  readonly #waiting = new Set<Waiting>();
  #listeners = 0;
  #leave: (() => void) | undefined;

  /** `isOurs` tells the names that calls are looked for under. */
  constructor(scope: DirectoryContext, isOurs: (tool: string) => boolean) {
    this.#scope = scope;
    this.#isOurs = isOurs;
  }

  /** Listens until what is returned is called. */
  listen(): () => void {
    this.#listeners += 1;
    this.#leave ??= this.#subscribe();
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#listeners -= 1;
      if (this.#listeners > 0) return;
      this.#leave?.();
      this.#leave = undefined;
      this.#candidates.clear();
    };
  }

  /** The part of a call; `undefined` when there is none, or when the signal aborts. Each part is found once. */
  async find(tool: string, call: SearchedCall, signal: AbortSignal): Promise<RunningCall | undefined> {
    const leave = this.listen();
    const stop = new AbortController();
    let giveUp = (): void => {};
    try {
      const found = new Promise<RunningCall | undefined>((resolve) => {
        const waiting = { ...call, tool, args: stableStringify(call.args), since: Date.now(), resolve };
        giveUp = () => {
          this.#waiting.delete(waiting);
          resolve(undefined);
        };
        this.#waiting.add(waiting);
      });
      if (signal.aborted) giveUp();
      signal.addEventListener("abort", giveUp, { signal: stop.signal });
      this.#match();
      this.#lookLater(firstLook, Date.now() + waitLimit, giveUp, stop.signal);
      return await found;
    } finally {
      stop.abort();
      leave();
    }
  }

  #subscribe(): () => void {
    const subscription = this.#scope.hub.subscribe({
      onEvent: (event) => this.#event(event),
      // What has ended meanwhile is not told: what still runs is found by a read.
      onGap: () => this.#candidates.clear(),
      onEnd: () => this.#candidates.clear(),
    });
    return () => subscription.close();
  }

  #event(event: ApiEvent): void {
    if (event.type === "part-stored" && this.#take(event.part)) this.#match();
  }

  /** True when there is a new candidate. */
  #take(part: Part): boolean {
    if (part.type !== "tool" || !this.#isOurs(part.tool)) return false;
    const { id: partId, sessionID: sessionId, messageID: messageId, callID: callId, tool, state } = part;
    if (state.status !== "running") {
      this.#candidates.delete(partId);
      return false;
    }
    if (this.#found.has(partId) || this.#candidates.has(partId)) return false;
    const args = stableStringify(isRecord(state.input) ? state.input : {});
    this.#candidates.set(partId, { partId, sessionId, messageId, callId, tool, args });
    return true;
  }

  #match(): void {
    for (const waiting of [...this.#waiting].sort((a, b) => a.order - b.order)) {
      const named = [...this.#candidates.values()].filter(
        ({ tool, sessionId }) => tool === waiting.tool && (waiting.sessionId ?? sessionId) === sessionId,
      );
      const [only] = named;
      const equal = named.find(({ args }) => args === waiting.args);
      const willDo = Date.now() - waiting.since >= nameWillDo && named.length === 1 && this.#isAlone(waiting);
      const found = equal ?? (willDo ? only : undefined);
      if (found === undefined) continue;
      this.#candidates.delete(found.partId);
      this.#waiting.delete(waiting);
      this.#remember(found.partId);
      waiting.resolve(found);
    }
  }

  #isAlone({ tool }: Waiting): boolean {
    return [...this.#waiting].filter((waiting) => waiting.tool === tool).length === 1;
  }

  #remember(partId: string): void {
    this.#found.add(partId);
    const [oldest] = this.#found;
    if (this.#found.size > remembered && oldest !== undefined) this.#found.delete(oldest);
  }

  #lookLater(pause: number, end: number, giveUp: () => void, signal: AbortSignal): void {
    const timer = setTimeout(async () => {
      await this.#look(signal).catch(() => {}); // the next look, or the end of the patience
      if (signal.aborted) return;
      this.#match();
      if (Date.now() >= end) giveUp();
      else this.#lookLater(Math.min(pause * 2, Math.max(0, end - Date.now())), end, giveUp, signal);
    }, pause);
    unref(timer);
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { api } = this.#scope;
    const call = { signal, timeout: waitLimit, maxRetries: 0 };
    const statuses = await api.sessions.statuses(call);
    const busy = Object.keys(statuses).slice(0, mostSessions);
    await Promise.all(
      busy.map(async (id) => {
        // A prompt for structured output makes a session unreadable: there the events must do.
        const messages = await api.messages.newest(id, newest, call).catch(() => []);
        for (const { parts } of messages) for (const part of parts) this.#take(part);
      }),
    );
  }
}
