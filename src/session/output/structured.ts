/**
 * Prompts with a schema: asked for in the server's way or in words, checked here (the server checks nothing, 1.18.33), and
 * asked for again with what was wrong.
 */
import { AgentError, ApprovalPendingError, BudgetExceededError, StructuredOutputError } from "../../errors/index.js";
import type { Answer } from "../../types/answer.js";
import { partId } from "../../util/ids.js";
import { toAbortError } from "../turn/abort-error.js";
import { combineAnswers, withOutput } from "../turn/answer.js";
import type { PromptBody } from "../turn/prompt.js";
import { PromptRequest } from "../turn/prompt-request.js";
import { runRequest } from "../turn/run-request.js";
import type { TurnContext } from "../turn/turn-context.js";
import { instructionFor, jsonIn, type OutputFormat } from "./output-format.js";
import { type CheckedOutput, checkOutput } from "./validate-output.js";

/** A prompt with a schema, and how its output is got. */
export interface StructuredPrompt<T> {
  readonly format: OutputFormat<T>;
  readonly body: PromptBody;
  /** `"auto"`: the server's way in a fresh session, and in words when the provider refuses that; in words elsewhere. */
  readonly structured: "auto" | "native" | "prompt";
  readonly maxRepairs: number;
  /** With one, the prompt may be stored already, and further ones with it. */
  readonly messageId?: string | undefined;
}

/** Resolves to the answer with the checked output; its usage is that of all tries. Rejects with `StructuredOutputError`. */
export async function runStructured<T>(context: TurnContext, prompt: StructuredPrompt<T>): Promise<Answer<T>> {
  const { format, maxRepairs, body, structured } = prompt;
  const first = body.messageID;
  const isNamed = prompt.messageId !== undefined;
  // They follow from the first: whoever asks again under it, as a parked turn is, finds them.
  const idOf = (suffix: string): string => `${first}-${suffix}`;
  // A prompt with `format` cannot be read back, nor its session be copied (1.18.33): only a session that is used for
  // nothing else gets one. Elsewhere the model is told in words.
  const hasNative = context.session.isFresh === true && context.scope.api.capabilities.hasNativeOutput;
  const mode = structured === "auto" && !hasNative ? "prompt" : structured;
  const answers: Answer<undefined>[] = [];
  let isNative = mode !== "prompt";
  let next = body;
  for (let repairs = 0; ; ) {
    let tried: Tried;
    try {
      tried = await attempt(context, format, next, { isNative, isNamed });
    } catch (error) {
      // Told before anything was sent, it has no answer of its own.
      if (error instanceof BudgetExceededError && error.answer === undefined && answers.length > 0)
        throw toAbortError(error, { sessionId: answers[0]?.sessionId, answer: combineAnswers(answers, first) });
      if (error instanceof ApprovalPendingError && next.messageID !== first) throw underFirst(error, first);
      const wasNative = isNative || (isNamed && next === body); // a prompt that was stored before may have been
      if (structured !== "auto" || !wasNative || !refusesTools(error)) throw error;
      isNative = false;
      next = renamed(next, idOf("words"));
      continue;
    }
    answers.push(tried.answer);
    const result = await firstThatFits(format, tried.candidates);
    const answer = combineAnswers(answers, first);
    if (result.isValid) return withOutput(answer, result.value);
    // A check that throws is the caller's mistake, not the model's.
    if (repairs >= maxRepairs || result.cause !== undefined) throw failure(result, result.raw, answer, answers.length);
    repairs += 1;
    context.emit({ type: "repair", sessionId: answer.sessionId, attempt: repairs, message: result.message });
    next = repair(body, idOf(`repair${repairs}`), result.message);
  }
}

interface Tried {
  readonly answer: Answer<undefined>;
  /** What may be the output, the likeliest first. */
  readonly candidates: Iterable<unknown>;
}

/** An answer in words may hold more than the answer: examples, footnotes, the schema. So many are checked. */
const mostCandidates = 200;

/** The first that fits; otherwise what is wrong with the likeliest. */
async function firstThatFits<T>(
  format: OutputFormat<T>,
  candidates: Iterable<unknown>,
): Promise<CheckedOutput<T> & { readonly raw?: unknown }> {
  let first: (CheckedOutput<T> & { readonly raw: unknown }) | undefined;
  let count = 0;
  for (const raw of candidates) {
    const result = await checkOutput(format, raw);
    if (result.isValid || result.cause !== undefined) return { ...result, raw };
    first ??= { ...result, raw };
    count += 1;
    if (count >= mostCandidates) break;
  }
  return first ?? checkOutput(format, undefined);
}

async function attempt(
  context: TurnContext,
  format: OutputFormat<unknown>,
  body: PromptBody,
  { isNative, isNamed }: { readonly isNative: boolean; readonly isNamed: boolean },
): Promise<Tried> {
  try {
    const worded = inWords(body, format);
    // A sending that was lost may arrive after the end. What was answered in words is not run again then, but the server
    // goes on with what has ended by a tool call (1.18.33).
    const sent = isNative ? natively(body, format) : worded;
    const request = new PromptRequest(context.session, sent, isNamed, worded);
    const { answer, turn } = await runRequest(context, request);
    // A prompt that was stored before may have been asked natively.
    const structured = turn.answerMessages().at(-1)?.info.structured;
    return { answer, candidates: structured === undefined ? jsonIn(answer.text) : [structured] };
  } catch (error) {
    // The model has answered in words where it should have called the tool: the value may be among them.
    if (!(error instanceof StructuredOutputError) || error.answer === undefined) throw error;
    return { answer: error.answer as Answer<undefined>, candidates: jsonIn(error.answer.text) }; // no output was read yet
  }
}

function natively(body: PromptBody, format: OutputFormat<unknown>): PromptBody {
  return { ...body, format: { type: "json_schema", schema: format.jsonSchema } };
}

function inWords(body: PromptBody, format: OutputFormat<unknown>): PromptBody {
  return { ...body, system: [body.system, instructionFor(format)].filter(Boolean).join("\n\n") };
}

/** The prompt is asked again under its first id, whichever of its prompts waits. */
function underFirst({ message, approvalId, request, sessionId }: ApprovalPendingError, first: string): Error {
  return new ApprovalPendingError(message, { approvalId, sessionId, request: { ...request, messageId: first } });
}

/** Models that think, and some newer ones, answer a forced tool call with a 400. */
function refusesTools(error: unknown): boolean {
  return (
    error instanceof AgentError && error.status === 400 && /tool.?choice|tool_use|forced? tool/i.test(error.message)
  );
}

/** The same prompt under another id: the first one is stored with its failure. */
function renamed(body: PromptBody, messageID: string): PromptBody {
  const parts = body.parts.map((part, index) => ({ ...part, id: partId(messageID, index) }));
  return { ...body, messageID, parts };
}

function repair(body: PromptBody, messageID: string, issues: string): PromptBody {
  const text = `Your final answer does not fit the schema: ${issues}\nGive the whole answer again, corrected.`;
  return { ...body, messageID, parts: [{ id: partId(messageID, 0), type: "text", text }] };
}

function failure(
  result: Extract<CheckedOutput<unknown>, { isValid: false }>,
  raw: unknown,
  answer: Answer<undefined>,
  attempts: number,
): StructuredOutputError {
  const { message, issues, cause } = result;
  const facts = { sessionId: answer.sessionId, answer, raw: raw ?? answer.text, issues, attempts, cause };
  return new StructuredOutputError(`the model's output does not fit the schema: ${message}`, facts);
}
