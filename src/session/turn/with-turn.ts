/** The work of one turn, and the turns that its steers have become: those have the session before anybody else. */
import { AbortedError, ApprovalPendingError } from "../../errors/index.js";
import type { Answer } from "../../types/answer.js";
import type { Prompt } from "../../types/prompt.js";
import type { SteerResult } from "../../types/steer.js";
import { AnswerStream, type TurnReport } from "../answer-stream.js";
import type { SessionContext } from "../context.js";
import { type ResolvedTurnOptions, resolveTurnOptions } from "../turn-options.js";
import { heldTurn } from "./held-turn.js";
import { planPrompt } from "./prompt-plan.js";
import { PromptRequest } from "./prompt-request.js";
import { runRequest } from "./run-request.js";
import { type Absorption, type Steer, steeringOf } from "./steering.js";
import { callerLimits } from "./turn-clock.js";
import { acquireTurn, type TurnContext } from "./turn-context.js";
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
  const steer = (prompt: Prompt): Promise<SteerResult> => steerSession(session, prompt, options);
  const onPlace = (): void => report.steers?.attach(steer);
  const context = await acquireTurn(session, options, report, onPlace);
  const { steering } = context;
  const working = work(context);
  working.catch(() => {}); // awaited below
  steering.answering = working as Promise<Answer<unknown>>; // any T is unknown
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
  const { steering, session } = context;
  if (await hasDropped(context, error, context.signal.aborted)) return;
  for (;;) {
    const steer = await steering.take();
    if (steer === undefined) return;
    const { notices } = session.connection.running;
    const own = { ...context.options, messageId: steer.body.messageID };
    const stream = new AnswerStream<undefined>((report) =>
      notices.tell(own, session.sessionId, report, (watched) => runSteer(context, watched, steer)),
    );
    session.connection.track(stream);
    steering.next(steer, stream);
    const failed = await stream.answer.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (await hasDropped(context, failed, false)) return;
  }
}

/** Whoever has stopped the run has stopped its steers. A limit or a failure of the turn says nothing of them. */
async function hasDropped({ steering, session }: TurnContext, error: unknown, isStopped: boolean): Promise<boolean> {
  const { lifetime } = session.connection;
  const facts = { sessionId: session.sessionId, cause: error, hint: "Ask it as a prompt." };
  if (lifetime.aborted) await steering.drop(lifetime.reason);
  else if (error instanceof ApprovalPendingError)
    steering.leave(error, new AbortedError("the run waits for a decision: the steer was not sent to it", facts));
  else if (error instanceof AbortedError && (isStopped || error.retryable !== true))
    await steering.drop(new AbortedError("the run was stopped before the model was asked with the steer", facts));
  else return false;
  return true;
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
  const limited = { ...own, ...callerLimits(options) }; // those of a turn that is over do not end anything any more
  const { turnAnswer: _turnAnswer, ...result } = await absorb(session, prompt, limited);
  return result;
}

/** Steers as {@link steerSession}, and says where the answer is. */
export async function absorb(
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
  const stream = new AnswerStream<undefined>((report) =>
    connection.running.notices.tell(own, sessionId, report, (watched) => {
      const answer = withTurn(session, own, watched, async (context) => {
        const { body } = await plan;
        return (await runRequest(context, new PromptRequest(session, body, false))).answer;
      });
      return withTurnHooks(own, connection.client.logger, answer);
    }),
  );
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
