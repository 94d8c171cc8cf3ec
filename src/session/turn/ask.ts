/** One prompt on one session: wait for its turn, submit it once, follow it, read its output. */

import type { ReadOptions } from "../../client/retry-transient.js";
import { ConflictError } from "../../errors/index.js";
import type { Answer, Part } from "../../types/answer.js";
import type { SessionTurnOptions } from "../../types/options.js";
import type { Prompt } from "../../types/prompt.js";
import { delay } from "../../util/delay.js";
import { mintId } from "../../util/ids.js";
import type { TurnReport } from "../answer-stream.js";
import type { DirectoryContext } from "../context.js";
import { type OutputFormat, outputFormat } from "../output/output-format.js";
import { askStructured } from "../output/structured.js";
import { type ResolvedTurnOptions, resolveTurnOptions, type TurnDefaults } from "../turn-options.js";
import { type PromptBody, promptBody } from "./prompt.js";
import { submitOnce } from "./submit.js";
import { type TurnRequest, type TurnTarget, takeTurn } from "./take-turn.js";
import { submittedPrompt } from "./turn-hooks.js";

/** The server takes a prompt within milliseconds; after this (ms) it is asked whether it has. */
const lateAnswer = 2_000;

/** A prompt is taken within milliseconds, after its upload (ms): then it is sent anew, on another connection. */
const longestSubmit = 10_000;
/** For the parts of a prompt that are not stored yet (ms); the wait doubles. */
const firstWait = 25;
const longestWait = 1_000;
/** Bytes per ms that an upload is given at least. */
const slowest = 50;

/** `latency`: ms that the server's answers have taken lately. */
function submitTimeout(body: PromptBody, latency: number): number {
  const size = body.parts.reduce((sum, part) => sum + sizeOf(part), 0);
  return Math.min(Math.max(longestSubmit, 4 * latency), 15_000) + size / slowest;
}

function sizeOf(part: PromptBody["parts"][number]): number {
  return part.type === "file" ? part.url.length : part.type === "text" ? part.text.length : 0;
}

/** Everything that is known before a request is made. */
export interface AskPlan<T> {
  readonly options: ResolvedTurnOptions<T>;
  readonly format: OutputFormat<T> | undefined;
  readonly body: PromptBody;
}

/** Calls the hooks before a prompt. Throws `ConfigError` for a wrong prompt, option or schema, `AbortedError` when a hook refuses. */
export async function planAsk<T>(
  prompt: Prompt,
  given: SessionTurnOptions<T>,
  defaults: TurnDefaults,
  sessionId?: string,
): Promise<AskPlan<T>> {
  const options = resolveTurnOptions(given, defaults);
  const asked = await submittedPrompt(prompt, options, sessionId);
  const body = await promptBody(asked, options, options.messageId ?? mintId("msg"));
  return { options, body, format: options.schema === undefined ? undefined : await outputFormat(options.schema) };
}

/**
 * Asks and resolves to the answer. It takes its place in line at once, while `plan` is still being made: prompts are asked in
 * the order of their calls. A plan that fails rejects at once.
 */
export function askSession<T>(
  target: TurnTarget,
  options: ResolvedTurnOptions<T>,
  plan: AskPlan<T> | Promise<AskPlan<T>>,
  report: TurnReport,
): Promise<Answer<T>> {
  const isNamed = options.messageId !== undefined;
  const answer = takeTurn(target, options, report, async (run) => {
    const { format, body } = await plan;
    if (format === undefined) return (await run(workOf(target, body, isNamed))).answer as Answer<T>; // T is undefined
    // A prompt with `format` cannot be read back, nor its session be copied (1.18.33): only a session that is used for
    // nothing else gets one. Elsewhere the model is told in words.
    const { structured, maxRepairs } = options;
    const mode = structured === "auto" ? (target.isFresh ? "auto" : "prompt") : structured;
    const ask = (next: PromptBody, again?: PromptBody) => run(workOf(target, next, isNamed, again));
    return askStructured({ format, body, mode, maxRepairs, isNamed, ask });
  });
  return Promise.race([answer, Promise.resolve(plan).then(() => answer)]);
}

/**
 * `isNamed`: the caller knows the prompt's id, so that it may be stored already. `again`: what is sent instead of the same
 * once more while it is not known to be stored; a run that stopped in the middle goes on with what was stored.
 */
function workOf(
  { connection, sessionId }: TurnTarget,
  body: PromptBody,
  isNamed: boolean,
  again: PromptBody = body,
): TurnRequest {
  let stored = body;
  let wasSent = false;
  return {
    body,
    messageId: body.messageID,
    isStored: async (scope, call) => isNamed && isSamePrompt(scope, sessionId, body, call),
    send: async (scope, turn, { signal, over, isHeard, onPost }) => {
      const call = { signal: over, timeout: submitTimeout(body, scope.api.liveness.latency) };
      let next = stored;
      const post = () => {
        stored = next;
        if (!wasSent) next = again;
        const request = scope.api.prompts.submit(sessionId, stored, call);
        onPost(request);
        return request;
      };
      const retryTimeout = connection.reconnectTimeout;
      const { liveness } = scope.api;
      await submitOnce({
        scope,
        turn,
        signal,
        retryTimeout,
        liveness,
        isHeard,
        late: lateAnswer,
        post,
        isLimited: true,
      });
      wasSent = true;
    },
    canRepeat: connection.api.capabilities.continuesRepeatedPrompt,
  };
}

/**
 * Is a prompt with the caller's own id stored already? Our part ids follow from the message's, so each stored part can be
 * compared with what would be sent; what the server has added has other ids. Anything else is another prompt. Parts are stored
 * after their message (1.18.33): those that are missing are looked for again.
 */
async function isSamePrompt(
  scope: DirectoryContext,
  sessionId: string,
  body: PromptBody,
  call: ReadOptions,
): Promise<boolean> {
  for (let wait = firstWait; ; wait *= 2) {
    const found = await scope.api.messages.find(sessionId, body.messageID, call);
    if (found === undefined || found === "unreadable") return found !== undefined;
    const stored = new Map(found.parts.map((part) => [part.id, part]));
    const kept = body.parts.filter((part) => stored.has(part.id ?? ""));
    const isSame = kept.every((part) => isSamePart(stored.get(part.id ?? ""), part));
    if (isSame && kept.length === body.parts.length) return true;
    if (!isSame || wait > longestWait) break;
    await delay(wait, call.signal);
  }
  throw new ConflictError(`the message ${body.messageID} is stored with another prompt`, {
    status: 409,
    sessionId,
    hint: "Use a new messageId for a new prompt.",
  });
}

function isSamePart(kept: Part | undefined, part: PromptBody["parts"][number]): boolean {
  if (kept?.type !== part.type) return false;
  if (kept.type === "text" && part.type === "text") return kept.text === part.text;
  return kept.type !== "file" || part.type !== "file" || kept.url === part.url;
}
