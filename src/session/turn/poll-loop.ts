/** Waits for the end of a run: the events end the wait, and reads are made when they are due. */
import { RetryBudget, readTimeout } from "../../client/retry-transient.js";
import { linkSignals, raceAbort } from "../../util/abort.js";
import { monotonic } from "../../util/clock.js";
import { createNotifier, type Notifier } from "../../util/notifier.js";
import { type PollConditions, PollSchedule } from "./poll-schedule.js";
import type { PollResult, TurnPoller } from "./poller.js";
import type { Turn } from "./turn.js";
import type { TurnContext } from "./turn-context.js";
import type { TurnLimits } from "./turn-limits.js";

/** The parts of a turn that its poll loop works with. */
export interface PollLoopParts {
  readonly context: TurnContext;
  readonly turn: Turn;
  readonly poller: TurnPoller;
  readonly limits: TurnLimits;
  /** The state of the event stream at this moment. */
  readonly stream: () => Pick<PollConditions, "hearsAll" | "isOpen">;
  /** Called after each read that was answered: it may have found sub-agents. */
  readonly onRead: () => void;
  /** Whether a read says that the run is over. A run that has stopped is set going again before, if that is possible. */
  readonly isOver: (result: PollResult, signal: AbortSignal) => Promise<boolean>;
}

/** The poll loop of one turn. */
export class PollLoop {
  readonly #parts: PollLoopParts;
  readonly #notifier: Notifier = createNotifier();
  readonly #schedule = new PollSchedule(monotonic());
  readonly #retryBudget: RetryBudget;
  #reading: { abort(): void } | undefined;

  constructor(parts: PollLoopParts) {
    this.#parts = parts;
    const { scope, session } = parts.context;
    const { reconnectTimeout: retryTimeout } = session.connection;
    this.#retryBudget = new RetryBudget({ liveness: scope.api.liveness, retryTimeout });
  }

  /** A read is due at once. */
  request(): void {
    this.#schedule.request();
    this.#notifier.notify();
  }

  /** No read is requested any more. */
  withdraw(): void {
    this.#schedule.withdraw();
  }

  /** An event of the run was heard, or the prompt was sent. */
  seen(now: number = monotonic()): void {
    this.#schedule.seen(now);
  }

  /** The turn has taken an event. `wasDoubtful`: it had a sign of an end before. */
  changed(wasDoubtful: boolean): void {
    const { turn } = this.#parts;
    const isDoubtful = turn.hasEndSign;
    if (isDoubtful !== wasDoubtful) this.#schedule.doubtChanged(monotonic());
    if (turn.isSettled) this.#reading?.abort(); // the read has nothing to say any more
    if (turn.isSettled || isDoubtful) this.#notifier.notify();
  }

  /** Resolves when the turn is over. Rejects when the server was not heard of for `reconnectTimeout`. */
  async run(signal: AbortSignal): Promise<void> {
    const { context, turn, poller, limits, onRead, isOver } = this.#parts;
    const schedule = this.#schedule;
    this.seen();
    this.#retryBudget.reset();
    for (;;) {
      if (turn.isSettled) {
        const { posted } = context.steering;
        if (posted === undefined || !(await isOverFirst(posted, signal))) return;
        continue;
      }
      await this.#notifier.wait(schedule.wait(monotonic(), this.#conditions), signal);
      if (turn.isSettled) continue;
      if (schedule.wait(monotonic(), this.#conditions) > 0) continue;
      schedule.readBegins();
      const began = monotonic();
      const reading = linkSignals(signal);
      this.#reading = reading;
      try {
        // The loop is the repetition.
        const timeout = this.#retryBudget.readTimeout;
        const result = await poller.poll({ signal: reading.signal, timeout, maxRetries: 0 });
        schedule.readAnswered(monotonic() - began);
        this.#retryBudget.reset();
        onRead();
        if (await isOver(result, signal)) return;
        await limits.readUsage(readTimeout(context.scope.api.liveness));
      } catch (error) {
        const isSettled = reading.signal.aborted && !signal.aborted; // by the stream
        if (!isSettled && (signal.aborted || !(await this.#retryBudget.shouldRetry(error, signal)))) throw error;
      } finally {
        reading.release();
      }
      schedule.readEnded(monotonic(), this.#conditions);
    }
  }

  get #conditions(): PollConditions {
    const { turn, stream } = this.#parts;
    const { hearsAll, isOpen } = stream();
    return { isDoubtful: turn.hasEndSign, hearsAll, isOpen };
  }
}

/** Whether the work is over before the signal aborts. */
function isOverFirst(work: Promise<void>, signal: AbortSignal): Promise<boolean> {
  return raceAbort(work, signal).then(
    () => true,
    () => false,
  );
}
