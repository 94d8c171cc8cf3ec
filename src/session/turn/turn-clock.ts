/** Where the time of a turn goes: what the layers say before it runs, and the events while it does. */
import { TurnTimeoutError } from "../../errors/index.js";
import type { AgentEvent } from "../../types/event.js";
import type { TimeSpent } from "../../types/time-spent.js";
import { linkSignals } from "../../util/abort.js";
import { monotonic } from "../../util/clock.js";
import { maxTimerDelay } from "../../util/limits.js";

type Phase = Exclude<keyof TimeSpent, "retryAt">;

/** For messages. */
const inWords: Readonly<Record<Phase, string>> = {
  start: "starting the server",
  queue: "waiting for other turns of the session",
  setup: "setting up the session, its tools and its directory",
  model: "waiting for the model",
  retry: "waiting between failed calls of the model",
  tools: "running tools",
  asked: "waiting for the answer to a permission or question",
};

/** The clock of one turn, from the caller's call on. */
export class TurnClock {
  readonly #spent: Record<Phase, number> = { start: 0, queue: 0, setup: 0, model: 0, retry: 0, tools: 0, asked: 0 };
  #phase: Phase;
  #since = monotonic();
  /** Of a retry: when the model is called again, by both clocks. */
  #next: { readonly at: Date; readonly monotonic: number } | undefined;
  readonly #running = new Set<string>();
  readonly #asking = new Set<string>();

  constructor(phase: Phase = "setup") {
    this.#phase = phase;
  }

  /** From now on it is this. */
  enter(phase: Phase): void {
    this.#lap();
    this.#phase = phase;
  }

  /** Calls `work`; what it takes is this. */
  async during<T>(phase: Phase, work: () => Promise<T>): Promise<T> {
    const before = this.#phase;
    this.enter(phase);
    try {
      return await work();
    } finally {
      this.enter(before);
    }
  }

  /** Follows the run by its events. */
  event(event: AgentEvent): void {
    const told = event.type === "subagent" ? event.event : event;
    switch (told?.type) {
      case "tool-call":
        this.#running.add(told.callId);
        break;
      case "tool-result":
      case "tool-error":
        this.#running.delete(told.callId);
        this.#asking.delete(told.callId);
        break;
      case "permission-request":
        this.#asking.add(told.id);
        break;
      case "question":
        this.#asking.add(told.callId ?? told.id);
        break;
      case "permission-reply":
        this.#asking.delete(told.id);
        break;
      case "retry":
        this.enter("retry");
        this.#next = { at: new Date(told.next), monotonic: monotonic() + Math.max(0, told.next - Date.now()) };
        return;
      case "step-start":
      case "text-delta":
      case "reasoning-delta":
        break;
      default:
        return;
    }
    const phase = this.#asking.size > 0 ? "asked" : this.#running.size > 0 ? "tools" : "model";
    if (phase !== this.#phase) this.enter(phase);
  }

  /** Until now. */
  spent(): TimeSpent {
    this.#lap();
    const rounded = Object.entries(this.#spent).map(([phase, ms]) => [phase, Math.round(ms)]);
    const spent: Record<Phase, number> = Object.fromEntries(rounded); // of every phase
    const isWaiting = this.#phase === "retry" && this.#next !== undefined && this.#next.monotonic > monotonic();
    return isWaiting ? { ...spent, retryAt: this.#next?.at } : spent;
  }

  #lap(): void {
    const now = monotonic();
    // Once the pause is over the model is being called.
    const until = this.#phase === "retry" ? Math.min(now, Math.max(this.#since, this.#next?.monotonic ?? now)) : now;
    this.#spent[this.#phase] += until - this.#since;
    this.#spent.model += now - until;
    this.#since = now;
  }
}

/** By the signals that are handed down with the options: one turn has one clock, whichever layer has begun it. */
const clocks = new WeakMap<AbortSignal, TurnClock>();

/** Hands the clock down with a signal. */
function attachClock(signal: AbortSignal, clock: TurnClock): void {
  clocks.set(signal, clock);
}

/** The clock of the turn that this signal ends; a new one when no layer above has begun it. */
export function clockOf(signal: AbortSignal | undefined): TurnClock {
  return (signal === undefined ? undefined : clocks.get(signal)) ?? new TurnClock();
}

/** What a caller has limited a turn with. `timeout` in ms. */
interface CallerLimits {
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** By the signals that are handed down in the place of both. */
const ownLimits = new WeakMap<AbortSignal, CallerLimits>();

/** The signal is handed down in the place of the caller's limits: it is of use for one turn only. */
export function replaceLimits(given: CallerLimits, signal: AbortSignal): void {
  ownLimits.set(signal, callerLimits(given));
}

/** The caller's own limits, whichever layer has replaced them: a turn behind this one has them anew. */
export function callerLimits({ timeout, signal }: CallerLimits): CallerLimits {
  const own = signal && ownLimits.get(signal);
  return own === undefined ? { timeout, signal } : { timeout: own.timeout ?? timeout, signal: own.signal };
}

/** `timeout` in ms. */
export function turnTooLong(timeout: number, clock: TurnClock): TurnTimeoutError {
  const spent = clock.spent();
  const { retryAt, ...phases } = spent;
  const [most, ms] = Object.entries(phases).reduce((one, other) => (other[1] > one[1] ? other : one));
  const until = most === "retry" && retryAt !== undefined ? ` (the next is at ${retryAt.toISOString()})` : "";
  const where = Object.hasOwn(inWords, most) ? inWords[most as Phase] : most; // the keys of `spent`
  return new TurnTimeoutError(
    `the turn took longer than ${timeout} ms and was aborted; most of it, ${ms} ms, went into ${where}${until}`,
    { spent },
  );
}

/**
 * One signal for everything that ends a turn from outside: the caller's, the stream's, and the time limit. The clock goes down
 * with it, and is asked where the time went.
 */
export function turnSignal(
  timeout: number | undefined,
  clock: TurnClock,
  ...signals: (AbortSignal | undefined)[]
): { signal: AbortSignal; release: () => void } {
  const link = linkSignals(...signals);
  attachClock(link.signal, clock);
  if (timeout === undefined || timeout > maxTimerDelay) return link;
  const timer = setTimeout(() => link.abort(turnTooLong(timeout, clock)), timeout);
  return {
    signal: link.signal,
    release: () => {
      clearTimeout(timer);
      link.release();
    },
  };
}
