/** The end of one turn: its answer, or the error that it rejects with. */
import { isTransient } from "../../client/retry-transient.js";
import { ApprovalPendingError } from "../../errors/index.js";
import type { Answer } from "../../types/answer.js";
import type { Responder } from "../permissions/responder.js";
import { toAbortError } from "./abort-error.js";
import type { LeftRun } from "./left-run.js";
import { answerOf, failureOfTurn, type OutcomeFacts } from "./outcome.js";
import { withSuggestions } from "./suggestions.js";
import type { Turn } from "./turn.js";
import type { TurnContext } from "./turn-context.js";
import { readFacts } from "./turn-facts.js";
import type { TurnFallback } from "./turn-fallback.js";

/** The parts of a turn that its end works with. */
export interface TurnEndParts {
  readonly context: TurnContext;
  readonly turn: Turn;
  readonly responder: Responder;
  readonly left: LeftRun;
  readonly fallback: TurnFallback;
  /** Aborts when the run is to end: the caller's stop, or a limit. */
  readonly stop: AbortSignal;
  /** Aborts when the turn waits no longer: with `stop`, and when a server of ours does not respond. */
  readonly patient: AbortSignal;
}

/** The answer of a run that is over, and the reason why it is none. */
export interface TurnOutcome {
  readonly answer: Answer<undefined>;
  /** `undefined` for an answer. */
  readonly failure: Error | undefined;
  /** The run was given up on and has not ended. */
  readonly isGivenUp: boolean;
}

/** The end of one turn. */
export class TurnEnd {
  readonly #parts: TurnEndParts;

  constructor(parts: TurnEndParts) {
    this.#parts = parts;
  }

  /** Reads the facts of the answer. Never rejects. */
  facts(): Promise<OutcomeFacts> {
    const { context, turn, responder, stop } = this.#parts;
    return readFacts(context, turn, responder, stop);
  }

  /** The outcome of a run that is over. `wasCut`: it has stopped in the middle. */
  outcome(facts: OutcomeFacts, wasCut: boolean): TurnOutcome {
    const { turn, fallback } = this.#parts;
    const answer = answerOf(turn, facts);
    const ofRun = failureOfTurn(turn, answer, wasCut);
    const failure = ofRun && fallback.failure(ofRun);
    // It must not run after all when nobody is there to answer what it asks. Behind another client's prompt it can only run as
    // part of that one's run, which is not ours to end.
    const isOurs = turn.foreignMessages.length === 0;
    const isGivenUp = failure !== undefined && answer.model === "" && turn.announced === undefined && isOurs;
    return { answer, failure, isGivenUp };
  }

  /** The failure with the nearest names that the server knows, and with the models that were asked. Never rejects. */
  async explained(failure: Error): Promise<unknown> {
    const { context, fallback, stop } = this.#parts;
    return fallback.told(await withSuggestions(failure, context.scope, stop));
  }

  /** The error that the turn rejects with, for an error of its work. A caller's stop ends the run on the server first. */
  async failure(error: unknown, isSubmitted: boolean): Promise<unknown> {
    const { context, turn, left, fallback, stop, patient } = this.#parts;
    const { sessionId } = turn;
    const { lifetime } = context.session.connection;
    if (lifetime.aborted) return lifetime.reason;
    if (!stop.aborted) {
      const hasGivenUp = isTransient(error) || patient.aborted;
      if (isSubmitted && error instanceof ApprovalPendingError) left.park();
      else if (isSubmitted && hasGivenUp) left.leave();
      return error;
    }
    if (isSubmitted) await left.abort();
    const answer = answerOf(turn, await this.facts());
    return fallback.told(toAbortError(stop.reason, { sessionId, answer }), toAbortError(stop.reason, { sessionId }));
  }
}
