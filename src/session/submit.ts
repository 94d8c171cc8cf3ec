/**
 * Hands a prompt, a command or a shell line to the server exactly once. Every id is fixed before the first attempt. When
 * an answer is lost, or is late, the server is asked whether it has the message; only when it says no is the same sent
 * again. Never blindly: an id that was answered and followed by another turn would run once more (1.18.33).
 *
 * `prompt_async` answers at once. Commands and shell lines are answered only when the run is over, which may be after the
 * five minutes that Node's `fetch` waits: their answer is not needed, they are followed like a prompt.
 */
import type { CallOptions } from "../client/client.js";
import { wasNeverSent } from "../client/network.js";
import { APIConnectionError } from "../errors.js";
import { delay } from "../internal/delay.js";
import { recordProperty } from "../internal/json.js";
import { settled, settledWithin } from "../internal/settled.js";
import type { Scope } from "./context.js";
import { readMessage } from "./messages.js";
import { isLost, persist } from "./patience.js";
import type { Turn } from "./turn.js";

const longestWait = 2_000;
/**
 * From the arrival of a command or shell line until its message is stored, in ms: nothing can be seen of it before, and sent
 * again it would run twice. A loaded machine was seen to take 1.7 s.
 */
const unseen = 8_000;
const betweenLooks = 250;

export interface Submission {
  readonly scope: Scope;
  readonly turn: Turn;
  readonly signal: AbortSignal;
  /** How long it is tried, in ms. */
  readonly patience: number;
  /** When an answer that has not come yet is late, in ms: then the message is looked for. */
  readonly late: number;
  /** Sends it; must not repeat by itself, and should end when the turn does. */
  readonly post: () => Promise<unknown>;
  /** A prompt: the request has a time limit of its own, and the same ids twice are one message. */
  readonly isLimited: boolean;
}

/**
 * Resolves when the server has it. Rejects with the server's refusal, and with `APIConnectionError` when it has not come
 * through within `patience` ms.
 */
export async function submitOnce(submission: Submission): Promise<void> {
  const { turn, signal, patience, late, post, isLimited } = submission;
  let giveUpAt = Date.now() + patience;
  let outcome = settled(post());
  for (let wait = late; ; wait = Math.min(wait * 2, longestWait)) {
    const result = await settledWithin(outcome, wait, signal);
    if (result?.ok === true || turn.isStored) return;
    if (result !== undefined && !isLost(result.error)) throw result.error;
    if (await isStored(submission, giveUpAt, result?.error)) return;
    if (result === undefined && isLimited) continue; // still under way
    if (result === undefined && (await isBusy(submission))) giveUpAt = Date.now() + patience;
    if (Date.now() >= giveUpAt) throw notTaken(submission, result?.error);
    if (result === undefined) continue;
    await delay(wait, signal);
    // It may have come meanwhile, and a run that has ended by a tool call would go on (1.18.33).
    if (turn.isStored || (await isStored(submission, giveUpAt, result.error))) return;
    if (!isLimited && !wasNeverSent(result.error)) {
      if (await appears(submission, giveUpAt, result.error)) return;
      if (Date.now() >= giveUpAt) throw notTaken(submission, result.error); // not looked for long enough to send it again
    }
    outcome = settled(post());
  }
}

/** Has a command that may have arrived been stored, within the time that this takes? */
async function appears(submission: Submission, giveUpAt: number, lost: unknown): Promise<boolean> {
  const { turn, signal } = submission;
  for (const end = Math.min(Date.now() + unseen, giveUpAt); Date.now() < end; ) {
    await delay(betweenLooks, signal);
    if (turn.isStored || (await isStored(submission, giveUpAt, lost))) return true;
  }
  return false;
}

async function isStored({ scope, turn, signal }: Submission, giveUpAt: number, lost: unknown): Promise<boolean> {
  const { client } = scope;
  const read = (call: CallOptions) => readMessage(client, turn.sessionId, turn.messageId, call);
  // While the request is under way a look that fails says nothing; after it has failed nothing is sent without one.
  if (lost === undefined) return (await read({ signal }).catch(noneIfLost)) !== undefined;
  return (await persist(read, { signal, patience: giveUpAt - Date.now() })) !== undefined;
}

/** A command may be at work for long before its message is stored. */
async function isBusy({ scope, turn, signal }: Submission): Promise<boolean> {
  const answer = await scope.client.GET("/session/status", { signal }).catch(noneIfLost);
  return recordProperty(answer?.data, turn.sessionId)?.["type"] === "busy";
}

function noneIfLost(error: unknown): undefined {
  if (!isLost(error)) throw error;
}

function notTaken({ turn, patience }: Submission, cause: unknown): APIConnectionError {
  return new APIConnectionError(`the server has not taken the prompt within ${patience} ms`, {
    cause,
    sessionId: turn.sessionId,
    hint: `It may still arrive. Ask again with { messageId: "${turn.messageId}" } on this session: it is not run twice.`,
  });
}
