/**
 * Hands a prompt, a command or a shell line to the server exactly once. Every id is fixed before the first attempt. When
 * an answer is lost, or is late, the server is asked whether it has the message; only when it says no is the same sent
 * again. Never blindly: an id that was answered and followed by another turn would run once more (1.18.33). Only a server that drops
 * the ids that it has had is sent the same at once.
 *
 * `prompt_async` answers at once. Commands and shell lines are answered only when the run is over, which may be after the
 * five minutes that Node's `fetch` waits: their answer is not needed, they are followed like a prompt.
 */
import type { ApiCall } from "../../api/inputs.js";
import { wasNeverSent } from "../../client/network-error.js";
import {
  aliveRetryFactor,
  isOutcomeUnknown,
  type RetryOptions,
  readTimeout,
  retryTransient,
} from "../../client/retry-transient.js";
import { APIConnectionError } from "../../errors/index.js";
import { monotonic, Stopwatch } from "../../util/clock.js";
import { delay } from "../../util/delay.js";
import { recordProperty } from "../../util/json.js";
import { type Settled, settled, settledBefore } from "../../util/settled.js";
import type { DirectoryContext } from "../context.js";
import { SubmitBudget } from "./submit-budget.js";
import type { Turn } from "./turn.js";
import type { TurnRequest } from "./turn-request.js";

/** Between two tries, and between two looks, in ms. */
const longestWait = 2_000;
const longestLookWait = 5_000;
/** While the events can be heard they tell that it is stored; a look makes sure of that, now and then (ms). */
const heardWait = 10_000;
/** A look is not repeated before this much of the time that it took. */
const rest = 3;
/**
 * From the arrival of a command or shell line until its message is stored, in ms: nothing can be seen of it before, and sent
 * again it would run twice. A loaded machine was seen to take 1.7 s.
 */
const unseen = 8_000;
const betweenLooks = 250;

/** One handing over of a request. Its signal ends it, its `retryTimeout` says for how long it is tried. */
export interface Submission extends RetryOptions {
  readonly scope: DirectoryContext;
  readonly turn: Pick<Turn, "sessionId" | "messageId" | "isStored" | "steps" | "answerMessages">;
  /** Aborts when the turn is over: ends the requests. */
  readonly over: AbortSignal;
  /** The events can be heard at this moment. */
  readonly isHeard: () => boolean;
  /** Told of each request of a prompt that is made. */
  readonly onPost: (request: Promise<unknown>) => void;
}

/** Reads what the request needs, and hands it over. Rejects as the reads and `submitOnce` do. */
export async function submit(submission: Submission, request: TurnRequest): Promise<void> {
  if (request.prepare !== undefined)
    await retryTransient(async (call) => request.prepare?.(submission.scope, call), submission);
  await submitOnce(submission, request);
  request.taken?.();
}

function post({ scope, over, onPost }: Submission, request: TurnRequest): Promise<Settled> {
  const posted = request.post(scope, over);
  if (request.body !== undefined) onPost(posted);
  return settled(posted);
}

/**
 * Resolves when the server has it. Rejects with the server's refusal, and with `APIConnectionError` when it has not come
 * through within `retryTimeout` ms.
 */
async function submitOnce(submission: Submission, request: TurnRequest): Promise<void> {
  const { scope, turn, signal, retryTimeout, liveness, isHeard } = submission;
  const { lateAfter } = request;
  const isPrompt = request.body !== undefined; // its requests have a time limit, and the same ids twice are one message
  const needsLook = !(isPrompt && scope.api.capabilities.canRepeatPrompt);
  if (turn.isStored) return setGoing(submission, request);
  const tried = new SubmitBudget(liveness, retryTimeout);
  let outcome = post(submission, request);
  let quiet = 0; // ms since the last look
  for (let wait = lateAfter; ; wait = Math.min(wait * 2, longestLookWait)) {
    const result = await settledBefore(outcome, wait, signal);
    quiet += wait;
    if (result?.ok === true || turn.isStored) return;
    if (result !== undefined && !isOutcomeUnknown(result.error)) throw result.error;
    if (result === undefined && isHeard() && quiet < heardWait) continue;
    await tried.failed(result?.error, signal);
    const look = monotonic();
    if ((needsLook || result === undefined) && (await isStored(submission, tried, result?.error))) return;
    quiet = 0;
    wait = Math.max(wait, Math.min(rest * (monotonic() - look), heardWait));
    if (result === undefined && isPrompt) continue; // still under way
    if (result === undefined && (await isBusy(submission))) tried.restart();
    tried.lap(2 * readTimeout(liveness) + wait, result?.error);
    if (tried.remaining === 0) throw notTaken(submission, result?.error);
    if (result === undefined) continue;
    await delay(Math.min(wait, longestWait), signal);
    // It may have come meanwhile, and a run that has ended by a tool call would go on (1.18.33).
    if (turn.isStored || (needsLook && (await isStored(submission, tried, result.error)))) return;
    if (!isPrompt && !wasNeverSent(result.error)) {
      if (await appears(submission, tried, result.error)) return;
      if (tried.remaining === 0) throw notTaken(submission, result.error); // not looked for long enough to send it again
    }
    outcome = post(submission, request);
  }
}

/**
 * The server has the prompt and is to go on with it: that it is stored says nothing then. When an answer is lost, a step that was not there
 * before tells that the server has taken it: after a failed call of the model the same ids would call it once more (1.18.33). Resolves when
 * the server has taken it, or goes on.
 */
async function setGoing(submission: Submission, request: TurnRequest): Promise<void> {
  const { turn, signal, retryTimeout, liveness } = submission;
  const { lateAfter } = request;
  const tried = new SubmitBudget(liveness, retryTimeout);
  const before = turn.steps.length;
  const known = new Set(turn.answerMessages().map(({ info }) => info.id));
  let outcome = post(submission, request);
  for (let wait = lateAfter; ; ) {
    const result = await settledBefore(outcome, lateAfter, signal);
    if (result?.ok === true || turn.steps.length > before) return;
    if (result === undefined) continue; // the request has a time limit of its own
    if (!isOutcomeUnknown(result.error)) throw result.error;
    await tried.failed(result.error, signal);
    tried.lap(readTimeout(liveness) + wait, result.error);
    if (tried.remaining === 0) throw notTaken(submission, result.error);
    await delay(wait, signal);
    if (turn.steps.length > before || (await hasNewStep(submission, known))) return;
    wait = Math.min(wait * 2, longestWait);
    outcome = post(submission, request);
  }
}

/** Has the server begun a step of which nothing is known here? A look that fails says nothing. */
async function hasNewStep({ scope, turn, signal, liveness }: Submission, known: ReadonlySet<string>): Promise<boolean> {
  const call = { signal, timeout: readTimeout(liveness), maxRetries: 0 };
  try {
    const [newest] = await scope.api.messages.newest(turn.sessionId, 1, call);
    return newest?.info.role === "assistant" && !known.has(newest.info.id);
  } catch {
    signal?.throwIfAborted();
    return false;
  }
}

/** Has a command that may have arrived been stored, within the time that this takes? */
async function appears(submission: Submission, tried: SubmitBudget, lost: unknown): Promise<boolean> {
  const { turn, signal } = submission;
  const looking = new Stopwatch();
  while (looking.elapsed < unseen && tried.remaining > 0) {
    await delay(betweenLooks, signal);
    if (turn.isStored || (await isStored(submission, tried, lost))) return true;
    looking.lap(unseen);
    tried.lap(unseen);
  }
  return false;
}

async function isStored(submission: Submission, tried: SubmitBudget, lost: unknown): Promise<boolean> {
  const { scope, turn, signal, retryTimeout, liveness } = submission;
  const read = (call: ApiCall) => scope.api.messages.find(turn.sessionId, turn.messageId, call);
  // While the request is under way a look that fails says nothing; after it has failed nothing is sent without one.
  if (lost === undefined)
    return (await read({ signal, timeout: readTimeout(liveness), maxRetries: 0 }).catch(noneIfLost)) !== undefined;
  const answeredRetryTimeout = aliveRetryFactor * retryTimeout;
  const found = await retryTransient(read, { signal, liveness, retryTimeout: tried.remaining, answeredRetryTimeout });
  return found !== undefined;
}

/** A command may be at work for long before its message is stored. */
async function isBusy({ scope, turn, signal, liveness }: Submission): Promise<boolean> {
  const call = { signal, timeout: readTimeout(liveness), maxRetries: 0 };
  const statuses = await scope.api.sessions.statuses(call).catch(noneIfLost);
  return recordProperty(statuses, turn.sessionId)?.["type"] === "busy";
}

function noneIfLost(error: unknown): undefined {
  if (!isOutcomeUnknown(error)) throw error;
}

function notTaken({ turn, retryTimeout }: Submission, cause: unknown): APIConnectionError {
  return new APIConnectionError(`the server has not taken the prompt within ${retryTimeout} ms`, {
    cause,
    sessionId: turn.sessionId,
    retryable: false, // as another prompt it could run twice
    hint: `It may still arrive. Ask again with { messageId: "${turn.messageId}" } on this session: it is not run twice.`,
  });
}
