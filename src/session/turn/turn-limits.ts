/** The limits of a run: its budget, the provider's retry wait, the time without progress, repetition, and the warning of a full context. */

import { IdleTimeoutError, ProviderRateLimitError } from "../../errors/index.js";
import { defaults } from "../../types/options.js";
import { linkSignals } from "../../util/abort.js";
import { maxTimerDelay } from "../../util/limits.js";
import { answeredCalls, hasBudget, overBudget } from "./budget.js";
import { ContextWatch } from "./context-watch.js";
import type { LongWait } from "./fallback-reasons.js";
import { IdleTimer } from "./idle-timer.js";
import { LoopBreaker } from "./loop-breaker.js";
import { readChildren } from "./sub-agent-usage.js";
import type { Turn } from "./turn.js";
import type { RunContext } from "./turn-budgets.js";

/** Ends a run that comes to one of its limits. */
export class TurnLimits {
  /** The time without progress; `undefined` without a limit. */
  readonly idle: IdleTimer | undefined;
  /** Tells of a full context; `undefined` when nobody wants to know. */
  readonly contextWatch: ContextWatch | undefined;
  /** The limit of repetition; `undefined` without one. */
  readonly breaker: LoopBreaker | undefined;
  readonly #context: RunContext;
  readonly #turn: Turn;
  readonly #stop: ReturnType<typeof linkSignals>;
  readonly #unwatch: () => void;

  /** Called for a wait that is too long; returns whether the run goes on with another model. */
  readonly #onLongWait: (waiting: LongWait) => boolean;

  constructor(context: RunContext, turn: Turn, onLongWait: (waiting: LongWait) => boolean = () => false) {
    this.#onLongWait = onLongWait;
    this.#context = context;
    this.#turn = turn;
    this.#stop = linkSignals(context.signal, context.session.connection.lifetime);
    this.#unwatch = context.budgets.watch(() => this.checkUsage());
    const { idleTimeout: limit, contextWarning: warning, maxRepeats } = context.options;
    const { scope, emit, retryOptions } = context;
    if (warning !== undefined)
      this.contextWatch = new ContextWatch({ scope, warning, sessionId: turn.sessionId, emit, retryOptions });
    if (maxRepeats !== false) {
      const stop = (error: Error): void => this.#stop.abort(error);
      this.breaker = new LoopBreaker({ scope, turn, maxRepeats, emit, stop });
    }
    if (limit !== undefined && limit <= maxTimerDelay) {
      const onIdle = (): void => this.#stop.abort(idleTooLong(limit));
      this.idle = new IdleTimer({ scope: context.scope, turn, limit, onIdle });
    }
  }

  /** Aborts when the run is to end: the turn's own signal, the end of the connection, or a limit. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** A provider's rate limit may ask for hours. No other model can go on for a sub-agent: only a limit of the caller's ends its wait. */
  checkRetry(retry: LongWait["retry"]): void {
    const { sessionId, message, next } = retry;
    const { fallbackModels, maxRetryWait: given } = this.#context.options;
    const isOwn = sessionId === this.#turn.sessionId;
    const maxRetryWait = given ?? (isOwn && fallbackModels !== undefined ? defaults.fallbackRetryWait : undefined);
    const wait = next - Date.now();
    if (maxRetryWait === undefined || wait <= maxRetryWait) return;
    const retryAt = new Date(next);
    const error = new ProviderRateLimitError(
      `the server waits ${wait} ms before it calls the model again: ${message}`,
      {
        retryAt,
        hint: `That is longer than maxRetryWait (${maxRetryWait} ms). Try again at ${retryAt.toISOString()}, or raise it.`,
      },
    );
    if (!isOwn || !this.#onLongWait({ error, retry, wait })) this.end(error);
  }

  /** Ends the run: it rejects with the reason. */
  end(reason: Error): void {
    this.#stop.abort(reason);
  }

  /** Before the run goes on with another model. Rejects when the turn has used what it may. */
  async checkBudget(): Promise<void> {
    const { options, spent, budgets } = this.#context;
    const { steps } = this.#turn;
    const used = answeredCalls([...spent, ...steps]);
    const ofTurn = hasBudget(options) && used.length > 0 ? overBudget(options, used) : undefined;
    budgets.report(steps);
    const error = ofTurn ?? budgets.exceeded(steps);
    if (error !== undefined) this.end(error);
    this.signal.throwIfAborted();
    await budgets.note(this.signal);
  }

  /** Compares what the steps have used with the limits and the budgets. */
  checkUsage(): void {
    const { options, spent, budgets } = this.#context;
    const turn = this.#turn;
    this.contextWatch?.check(turn.ownSteps);
    if (!hasBudget(options) && !budgets.isAny) return;
    const { steps } = turn;
    budgets.report(steps);
    if (!turn.goesOn) return;
    const error = overBudget(options, answeredCalls([...spent, ...steps])) ?? budgets.exceeded(steps);
    if (error !== undefined) this.#stop.abort(error);
  }

  /** The same, with what the sub-agents have used: without events only reads tell. `timeout` of the read in ms. */
  async readUsage(timeout: number): Promise<void> {
    const { options, scope, budgets } = this.#context;
    const turn = this.#turn;
    if (!hasBudget(options) && !budgets.isAny) return;
    turn.subAgents.used((await readChildren(scope, turn, { signal: this.signal, timeout, maxRetries: 0 })).infos);
    this.checkUsage();
  }

  release(): void {
    this.#unwatch();
    this.idle?.stop();
    this.#stop.release();
  }
}

function idleTooLong(limit: number): IdleTimeoutError {
  return new IdleTimeoutError(`nothing has happened in the run for ${limit} ms, so it was aborted`);
}
