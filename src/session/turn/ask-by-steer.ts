/** A prompt that steers the turn that has the session, and has its answer. */
import type { Answer } from "../../types/answer.js";
import type { AgentEvent } from "../../types/event.js";
import type { Prompt } from "../../types/prompt.js";
import { raceAbort } from "../../util/abort.js";
import type { TurnReport } from "../answer-stream.js";
import type { SessionContext } from "../context.js";
import type { ResolvedTurnOptions } from "../turn-options.js";
import { toAbortError } from "./abort-error.js";
import { steeringOf } from "./steering.js";
import { clockOf, replaceLimits, turnSignal } from "./turn-clock.js";
import { absorb, steerSession } from "./with-turn.js";

/**
 * The answer of a prompt with `whenBusy: "steer"`, for a session that has a turn: that turn's, or that of the turn that it has become. The
 * signal and the time limit end the waiting alone. `undefined`: nothing is to be steered.
 */
export function askBySteer(
  session: SessionContext,
  prompt: Prompt,
  options: ResolvedTurnOptions<unknown>,
  report: TurnReport,
): Promise<Answer> | undefined {
  const steering = steeringOf(session);
  if (steering === undefined || !steering.isOpen) return undefined;
  return followed(session, prompt, options, report);
}

async function followed(
  session: SessionContext,
  prompt: Prompt,
  options: ResolvedTurnOptions<unknown>,
  report: TurnReport,
): Promise<Answer> {
  const { sessionId } = session;
  const clock = clockOf(options.signal);
  const stop = turnSignal(options.timeout, clock, options.signal, report.signal, session.connection.lifetime);
  replaceLimits(options, stop.signal);
  const own = { ...options, timeout: undefined, signal: stop.signal }; // for a turn of its own
  report.sessionId(sessionId);
  report.steers?.attach((text) => steerSession(session, text, options));
  const steering = steeringOf(session);
  const leave = steering?.follow(report.emit);
  report.offerSubagents?.(() => steering?.subagents() ?? []);
  try {
    const { absorbed, turnAnswer, events } = await raceAbort(absorb(session, prompt, own), stop.signal);
    if (absorbed === "next" && events !== undefined) {
      leave?.();
      await raceAbort(tell(events, report, stop.signal), stop.signal);
    }
    return (await raceAbort(turnAnswer, stop.signal)) as Answer; // the caller has given no schema
  } catch (error) {
    throw stop.signal.aborted ? toAbortError(stop.signal.reason, { sessionId }) : error;
  } finally {
    leave?.();
    stop.release();
  }
}

/** Tells the events of the turn that the prompt has become, to their end: to leave them would abort that turn. */
async function tell(events: AsyncIterable<AgentEvent>, { emit }: TurnReport, signal: AbortSignal): Promise<void> {
  for await (const event of events) if (event.type !== "finish" && !signal.aborted) emit(event);
}
