/** One request of a turn: looked for, sent once, and followed to its end. */
import { type ReadOptions, retryTransient } from "../../client/retry-transient.js";
import { AgentError } from "../../errors/index.js";
import type { Answer } from "../../types/answer.js";
import { linkSignals, raceAbort } from "../../util/abort.js";
import { activePrompts, lockKey } from "../session-lock.js";
import { answeredCalls, overBudget } from "./budget.js";
import { mentionedAgents } from "./prompt.js";
import { Turn } from "./turn.js";
import { turnBudgets } from "./turn-budgets.js";
import type { TurnContext } from "./turn-context.js";
import type { TurnRequest } from "./turn-request.js";
import { runTurn } from "./turn-runner.js";
import { whenIdle } from "./when-idle.js";

/** What came of it. */
export interface RunResult {
  readonly answer: Answer<undefined>;
  readonly turn: Turn;
}

/** Mostly called once in a turn; more often when the model is told to correct its output. */
export async function runRequest(context: TurnContext, request: TurnRequest): Promise<RunResult> {
  const { session, options, scope, tools, retryOptions, spent } = context;
  const { connection, sessionId, isFresh } = session;
  const { signal } = retryOptions;
  const { messageId } = request;
  const isStored = await retryTransient((call) => request.isStored(scope, call), retryOptions);
  // What is stored may be the very thing that runs. For a new session the names were looked up before it was made.
  // A steer that waits on the server begins by itself, and asks what nobody else answers.
  const isWaiting = request.isSteer === true && scope.api.capabilities.queuesPrompts;
  const isQueued = !isStored && (isWaiting || (!isFresh && (await whenRunnable(context, request)) === "busy"));
  await raceAbort(connection.left.take(sessionId, messageId, isStored), signal);
  signal.throwIfAborted();
  context.fallback?.apply(request);
  // One more try is more use.
  const used = answeredCalls(spent);
  const over = isStored || used.length === 0 ? undefined : overBudget(options, used);
  if (over !== undefined) throw over;
  const budgets = await turnBudgets(context, request, isStored);
  const turn = new Turn(sessionId, messageId, (id) => connection.isSeparate(id));
  if (isQueued) turn.queue();
  if (isStored && request.isSteer === true && request.canRepeat) turn.strand();
  // What runs already may still call them; what is over does not need them.
  if (isStored) await tools?.ready(signal).catch((error: unknown) => scope.api.logger.debug(String(error)));
  const parked = await parkedPrompt(context, messageId);
  const leave = activePrompts.enter(lockKey(connection, sessionId), messageId, connection);
  try {
    if (isStored) turn.cut(await retryTransient(async (call) => parked?.resume(call), retryOptions));
    const answer = await runTurn({ ...context, budgets }, request, turn, isStored);
    await parked?.end();
    return { answer, turn };
  } catch (error) {
    if (error instanceof AgentError) await parked?.end();
    throw error;
  } finally {
    leave();
    budgets.report(turn.steps);
    spent.push(...turn.steps);
  }
}

/** With `onPermission: "park"`: what is done about the requests of the prompt before and after its run. */
async function parkedPrompt({ permissions, scope, session }: TurnContext, messageId: string) {
  const { parked } = permissions;
  if (parked === undefined) return undefined;
  parked.past = undefined; // that of another prompt of the turn
  const { endParked, pastDecisions, resumeParked } = await import("../approvals/parked-turn.js");
  const prompt = { scope, store: parked.store, sessionId: session.sessionId, messageId };
  const resume = async (call: ReadOptions) => {
    parked.past = await pastDecisions(prompt);
    return resumeParked(prompt, call);
  };
  return { resume, end: () => endParked(prompt) };
}

/**
 * Looks the names up, and waits for the session, or until the server may queue the prompt. Both reads run at once, and the connection of
 * the events opens meanwhile.
 */
async function whenRunnable(
  { session, options, scope, clock, retryOptions }: TurnContext,
  { body }: TurnRequest,
): Promise<"idle" | "busy"> {
  const { sessionId } = session;
  const listening = scope.hub.subscribe({ onEvent: () => {} }, []);
  const waiting = linkSignals(retryOptions.signal);
  const { api } = scope;
  // A prompt that cannot be taken back is worth it only where its id is known: it outlives its client then, and is found again.
  const isFound = api.capabilities.withdrawsPrompts || options.messageId !== undefined;
  const mayQueue =
    body === undefined || !api.capabilities.queuesPrompts || !isFound
      ? undefined
      : (call: ReadOptions) => api.prompts.mayQueue(sessionId, body, call);
  const waitingOptions = { ...retryOptions, signal: waiting.signal };
  const idle = whenIdle(scope, sessionId, options.whenBusy, waitingOptions, mayQueue);
  idle.catch(() => {}); // awaited below, unless a name is unknown
  try {
    const mentioned = body === undefined ? [] : mentionedAgents(body);
    await scope.names.validate({ ...options, mentioned }, waiting.signal, { sessionId });
    return await clock.during("queue", () => idle);
  } finally {
    waiting.release();
    waiting.abort();
    listening.close(); // the connection stays for the turn
  }
}
