/** The work of one turn, and the turns that its steers have become: those have the session before anybody else. */
import { AbortedError } from "../../errors/index.js";
import type { Answer } from "../../types/answer.js";
import type { Prompt } from "../../types/prompt.js";
import type { SteerResult } from "../../types/steer.js";
import { raceAbort } from "../../util/abort.js";
import { AnswerStream, type TurnReport } from "../answer-stream.js";
import type { SessionContext } from "../context.js";
import { type ResolvedTurnOptions, resolveTurnOptions } from "../turn-options.js";
import { toAbortError } from "./abort-error.js";
import { planPrompt } from "./prompt-plan.js";
import { PromptRequest } from "./prompt-request.js";
import { runRequest } from "./run-request.js";
import { type Absorption, type Steer, steeringOf } from "./steering.js";
import { clockOf, turnSignal } from "./turn-clock.js";
import { acquireTurn, heldTurn, type TurnContext } from "./turn-context.js";
import { withTurnHooks } from "./turn-hooks.js";

type Work<T> = (context: TurnContext) => Promise<Answer<T>>;

/**
 * Does the work of a turn once the session is its own, and releases the session. The place in line is taken synchronously: turns run in
 * the order of the calls.
 *
 * @throws SessionBusyError with `whenBusy: "reject"`; AbortedError and TurnTimeoutError while it waits; what the work throws.
 */
export async function withTurn<T>(
  session: SessionContext,
  options: ResolvedTurnOptions<unknown>,
  report: TurnReport,
  work: Work<T>,
): Promise<Answer<T>> {
  return during(await acquireTurn(session, options, report), report, work);
}

async function during<T>(context: TurnContext, report: TurnReport, work: Work<T>): Promise<Answer<T>> {
  const { session, options, steering } = context;
  const working = work(context);
  working.catch(() => {}); // awaited below
  steering.answering = working as Promise<Answer<unknown>>; // any T is unknown
  report.steers?.attach((prompt) => steerSession(session, prompt, options));
  try {
    return await working;
  } catch (error) {
    steering.over(() => afterwards(context, error));
    throw await context.failure(error);
  } finally {
    steering.over(() => afterwards(context, undefined));
    await context.release();
  }
}

/** The steers that are left when a turn is over. `error`: why it has no answer. Never rejects. */
async function afterwards(context: TurnContext, error: unknown): Promise<void> {
  const { steering, signal, session } = context;
  const { lifetime } = session.connection;
  // Whoever has stopped the run has stopped its steers. A limit or a failure of the turn says nothing of them.
  const isStopped = error instanceof AbortedError && (signal.aborted || error.retryable !== true);
  if (lifetime.aborted || isStopped) return steering.drop(lifetime.aborted ? lifetime.reason : dropped(session, error));
  for (;;) {
    const steer = await steering.take();
    if (steer === undefined) return;
    const stream = new AnswerStream<undefined>((report) => runSteer(context, report, steer));
    session.connection.track(stream);
    steering.next(steer, stream);
    const stopped = await stream.answer.then(
      () => undefined,
      (reason: unknown) => (reason instanceof AbortedError ? reason : undefined),
    );
    if (lifetime.aborted) return steering.drop(lifetime.reason);
    if (stopped !== undefined && stopped.retryable !== true) return steering.drop(dropped(session, stopped));
  }
}

function dropped({ sessionId }: SessionContext, cause: unknown): AbortedError {
  const message = "the run was stopped before the model was asked with the steer";
  return new AbortedError(message, { sessionId, cause, hint: "Ask it as a prompt." });
}

/** The turn that a steer has become. */
async function runSteer(before: TurnContext, report: TurnReport, steer: Steer): Promise<Answer> {
  const { options, session } = before;
  const context = heldTurn(before, report);
  const { connection } = session;
  const work = async (): Promise<Answer> => {
    const working = runRequest(context, steer.request ?? new PromptRequest(session, steer.body, false)).then(
      ({ answer }) => answer,
    );
    context.steering.answering = working as Promise<Answer<unknown>>; // any T is unknown
    try {
      return await working;
    } catch (error) {
      throw await context.failure(error);
    } finally {
      await context.release();
    }
  };
  return withTurnHooks(options, connection.client.logger, work());
}

/** Steers the turn that has the session; without one the prompt is the next turn. `options`: of that one. */
export async function steerSession(
  session: SessionContext,
  prompt: Prompt,
  options: ResolvedTurnOptions<unknown> = resolveTurnOptions({}, session.defaults),
): Promise<SteerResult> {
  const { schema: _schema, files: _files, messageId: _messageId, ...own } = options;
  const { turnAnswer: _turnAnswer, ...result } = await absorb(session, prompt, own);
  return result;
}

async function absorb(
  session: SessionContext,
  prompt: Prompt,
  options: ResolvedTurnOptions<unknown>,
): Promise<Absorption> {
  const steering = steeringOf(session);
  const absorbed = steering?.isOpen === true ? await steering.add(prompt, options.files) : undefined;
  return absorbed ?? startNext(session, prompt, options);
}

/** The prompt as a turn of its own, behind those that wait. */
async function startNext(
  session: SessionContext,
  prompt: Prompt,
  options: ResolvedTurnOptions<unknown>,
): Promise<Absorption> {
  const { connection, sessionId } = session;
  const own: ResolvedTurnOptions<unknown> = { ...options, whenBusy: "queue" };
  const plan = planPrompt(prompt, own, sessionId);
  const stream = new AnswerStream<undefined>((report) => {
    const answer = withTurn(session, own, report, async (context) => {
      const { body } = await plan;
      return (await runRequest(context, new PromptRequest(session, body, false))).answer;
    });
    return withTurnHooks(own, connection.client.logger, answer);
  });
  connection.track(stream);
  await plan; // a wrong prompt is the caller's mistake
  const { answer } = stream;
  return {
    absorbed: "next",
    answer,
    turnAnswer: answer as Promise<Answer<unknown>>, // any T is unknown
    get events() {
      return stream.events;
    },
  };
}

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
  report.sessionId(sessionId);
  report.steers?.attach((text) => steerSession(session, text, options));
  const leave = steeringOf(session)?.follow(report.emit);
  try {
    const { absorbed, turnAnswer, events } = await raceAbort(absorb(session, prompt, options), stop.signal);
    if (absorbed === "next" && events !== undefined) {
      leave?.();
      for await (const event of events) if (event.type !== "finish") report.emit(event);
    }
    return (await raceAbort(turnAnswer, stop.signal)) as Answer; // the caller has given no schema
  } catch (error) {
    throw stop.signal.aborted ? toAbortError(stop.signal.reason, { sessionId }) : error;
  } finally {
    leave?.();
    stop.release();
  }
}
