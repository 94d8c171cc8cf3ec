/**
 * Runs that go on. A run of 2.x that its server's death has cut, or that refusals have ended, does not begin again when its prompt is sent
 * once more (2.0 preview 1.18.18). A second prompt makes the model go on. Its id follows from the id of the first one, so that it is run
 * once, and what it brings about counts as the answer of the first one.
 */
import type { OpencodeClient } from "../../client/client.js";
import { type JsonRecord, numberProperty, recordProperty, stringProperty } from "../../util/json.js";
import type { ApiCall } from "../inputs.js";
import { readStored } from "./message-pages.js";
import { contentOf, messageIdOf } from "./message-parts.js";
import { readActive } from "./session-reads.js";
import { hasRefusal } from "./settled-step.js";

/** What the model is told. */
export const continuationText = "Continue. Your last answer was interrupted.";
/** The same where the last model has failed and another one goes on. */
export const failedText =
  "Go on with the prompt above: the last try has failed. Do not repeat tool calls that have a result.";
/** Added where refusals have ended the run: the preview gives their reasons to nobody. */
const refusedText = " The user refused its tool calls.";

/** The prompt under which a run goes on. */
export interface Continuation {
  readonly id: string;
  readonly text: string;
}

/** Between the id of the prompt and the number of the continuation. */
const mark = "_continued_";
const marked = new RegExp(`${mark}\\d+$`);

/** The messages of a turn that are looked through: a run of more steps is not continued. */
const longestRun = 200;

/** True for a prompt of ours that makes another one's run go on. */
export function isContinuation(messageId: string): boolean {
  return marked.test(messageId);
}

/** The id of the prompt whose run goes on, or the id itself. */
export function promptIdOf(messageId: string): string {
  return messageId.replace(marked, "");
}

/**
 * The prompt under which the run of a stored one is to go on; `undefined` when it runs, has come to its end, or is not the newest. A run
 * whose last step is `failed` goes on behind that. Two calls at the same time give the same.
 */
export async function continuationOf(
  client: OpencodeClient,
  sessionId: string,
  messageId: string,
  failed: string | undefined,
  call: ApiCall | undefined,
): Promise<Continuation | undefined> {
  if ((await readActive(client, call)).has(sessionId)) return undefined;
  const { records } = await readStored(client, sessionId, { limit: longestRun, call });
  const at = records.findIndex((record) => messageIdOf(record) === messageId);
  if (at < 0) return undefined;
  const later = records.slice(0, at); // newest first
  const prompts = later.filter(({ type }) => type === "user");
  if (!prompts.every((record) => promptIdOf(messageIdOf(record)) === messageId)) return undefined;
  // A prompt without a step behind it was cut before its first word.
  const last = later.find(({ type }) => type === "assistant" || type === "user");
  const isFailed = last !== undefined && failed !== undefined && messageIdOf(last) === failed;
  const isCut = last === undefined || last["type"] === "user" || isOpen(last);
  if (!isCut && !isFailed) return undefined;
  if (isFailed) return { id: `${messageId}${mark}${prompts.length + 1}`, text: failedText };
  const more = last !== undefined && hasRefusal(last) ? refusedText : "";
  return { id: `${messageId}${mark}${prompts.length + 1}`, text: `${continuationText}${more}` };
}

/** The last step of the prompt's run; `undefined` without one. */
export async function lastStepOf(
  client: OpencodeClient,
  sessionId: string,
  messageId: string,
  call: ApiCall | undefined,
): Promise<string | undefined> {
  const { records } = await readStored(client, sessionId, { limit: longestRun, call });
  const at = records.findIndex((record) => messageIdOf(record) === messageId);
  const last = records.slice(0, Math.max(at, 0)).find(({ type }) => type === "assistant" || type === "user");
  return last?.["type"] === "assistant" ? messageIdOf(last) : undefined;
}

/** The step was cut, or is followed by another one when nothing comes between. */
function isOpen(step: JsonRecord): boolean {
  const { error, finish } = step;
  if (error !== undefined) return false;
  const hasCall = contentOf(step).some((item) => stringProperty(item, "type") === "tool");
  if (finish === "tool-calls" || (finish === "unknown" && hasCall)) return true;
  if (finish !== undefined) return false;
  return hasCall || numberProperty(recordProperty(step, "time"), "completed") === undefined;
}
