/** A turn in the place of one that is over: what that one holds of the session is its own. */
import type { TurnReport } from "../answer-stream.js";
import { enterResponsive } from "../while-responsive.js";
import { callerLimits, TurnClock, turnSignal } from "./turn-clock.js";
import type { TurnContext } from "./turn-context.js";
import { turnFailure } from "./turn-failure.js";

/** A turn in a session that an earlier one has and does not use any more. To release it does not release the session. */
export function heldTurn(before: TurnContext, report: TurnReport): TurnContext {
  const { session, options, steering } = before;
  const { connection, sessionId } = session;
  const clock = new TurnClock();
  const { timeout, signal } = callerLimits(options);
  const stop = turnSignal(timeout, clock, signal, report.signal, connection.lifetime);
  const responsive = enterResponsive(connection.responsiveness, stop.signal, sessionId);
  const release = async (): Promise<void> => {
    responsive.release();
    stop.release();
  };
  report.sessionId(sessionId);
  before.permissions.subagentLimits?.renew();
  return {
    ...before,
    ...steering.reporting(report, clock),
    clock,
    signal: stop.signal,
    unresponsive: responsive.unresponsive,
    retryOptions: { ...before.retryOptions, signal: responsive.signal },
    spent: [],
    fallback: before.fallback?.anew(),
    release,
    failure: async (error) => {
      await release();
      return turnFailure(error, session, stop.signal, responsive.failure);
    },
  };
}
