/** One run, as far as it goes on with another model: the wait that ends it, the failure that passes it on, the errors that tell of both. */
import { readTimeout, retryTransient } from "../../client/retry-transient.js";
import { AgentError } from "../../errors/index.js";
import type { AgentEvent } from "../../types/event.js";
import { toAbortError } from "./abort-error.js";
import { abortAll } from "./abort-run.js";
import type { FailedRun } from "./fallback.js";
import type { LongWait } from "./fallback-reasons.js";
import { failureOfTurn } from "./outcome.js";
import type { Turn } from "./turn.js";
import type { TurnContext } from "./turn-context.js";
import type { TurnLimits } from "./turn-limits.js";
import type { TurnRequest } from "./turn-request.js";

/** The parts of a turn that its fallback works with. */
export interface TurnFallbackParts {
  readonly context: TurnContext;
  readonly turn: Turn;
  readonly request: TurnRequest;
  readonly isStored: boolean;
  readonly limits: TurnLimits;
  readonly emit: (events: readonly AgentEvent[]) => void;
}

/** The fallback of one run. Without `fallbackModels` it does nothing. */
export class TurnFallback {
  readonly #parts: TurnFallbackParts;
  /** The failure that the run has ended with. */
  #last: Error | undefined;
  /** In the place of the failure that the run itself has. */
  #standing: Error | undefined;

  constructor(parts: TurnFallbackParts) {
    this.#parts = parts;
  }

  /** The run is being ended because of its wait: that it stops is no reason to set it going again. */
  get isEnding(): boolean {
    return this.#parts.context.fallback?.isEnding === true;
  }

  /** Ends the run on the server when another model is left. */
  onLongWait(waiting: LongWait): boolean {
    const { context, turn, request, limits } = this.#parts;
    if (context.fallback?.endWait(waiting, request) !== true) return false;
    const { scope, retryOptions } = context;
    const timeout = readTimeout(scope.api.liveness);
    const ending = retryTransient((call) => abortAll(scope, turn, { ...call, timeout }), {
      ...retryOptions,
      signal: limits.signal,
    });
    ending.catch(() => limits.end(waiting.error));
    return true;
  }

  /** Before a run that was found on the server is set going again. */
  async recall(signal: AbortSignal): Promise<void> {
    if (this.#parts.isStored) await this.#parts.context.fallback?.recall(this.#run(signal));
  }

  /** A run that is over. Whether it has failed and is to be sent again, for another model. `wasCut`: it has stopped in the middle. */
  async passesOn(wasCut: boolean, signal: AbortSignal): Promise<boolean> {
    const { context, turn } = this.#parts;
    if (context.fallback === undefined) return false;
    await this.recall(signal);
    const failure = failureOfTurn(turn, undefined, wasCut);
    if (failure === undefined) {
      context.fallback.answered();
      return false;
    }
    const standing = await context.fallback.passOn(this.#run(signal), failure);
    this.#last = standing;
    this.#standing = standing === failure ? undefined : standing;
    return standing === undefined;
  }

  /** The failure that the turn rejects with, for the one that its run has. */
  failure(ofRun: Error): Error {
    const { sessionId } = this.#parts.turn;
    const answer = ofRun instanceof AgentError ? ofRun.answer : undefined;
    return this.#standing === undefined ? ofRun : toAbortError(this.#standing, { sessionId, answer });
  }

  /** The error with the models that were asked. `ofLast`: the end of the last one, where it has not failed by itself. */
  told(error: unknown, ofLast: Error | undefined = this.#last): unknown {
    const { context, turn, request } = this.#parts;
    if (context.fallback === undefined || !(error instanceof AgentError) || error.attempts !== undefined) return error;
    const value = context.fallback.attempts(turn, request, ofLast);
    return Object.defineProperty(error, "attempts", { value, enumerable: true, configurable: true });
  }

  #run(signal: AbortSignal): FailedRun {
    const { context, turn, request, isStored, limits, emit } = this.#parts;
    const retryOptions = { ...context.retryOptions, signal };
    const checkBudget = (): Promise<void> => limits.checkBudget();
    return { scope: context.scope, turn, request, isStored, retryOptions, emit, checkBudget };
  }
}
