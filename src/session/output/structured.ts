/**
 * Prompts with a schema: asked for in the server's way or in words, checked here (the server checks nothing, 1.18.33), and
 * asked for again with what was wrong.
 */
import { AgentError, BudgetExceededError, StructuredOutputError } from "../../errors/index.js";
import type { Answer } from "../../types/answer.js";
import { mintId, partId } from "../../util/ids.js";
import { toAbortError } from "../turn/abort-error.js";
import { combineAnswers, withOutput } from "../turn/answer.js";
import type { PromptBody } from "../turn/prompt.js";
import type { TurnResult } from "../turn/take-turn.js";
import { instructionFor, jsonIn, type OutputFormat } from "./output-format.js";
import { type CheckedOutput, checkOutput } from "./validate-output.js";

export interface StructuredOptions<T> {
  readonly format: OutputFormat<T>;
  readonly body: PromptBody;
  /** `"auto"`: the server's way, and in words when the provider refuses that. */
  readonly mode: "auto" | "native" | "prompt";
  readonly maxRepairs: number;
  /** The ids of further prompts follow from the first, so that asking again finds them too. */
  readonly isNamed: boolean;
  /** `again` is what is sent when the first sending was lost. */
  readonly ask: (body: PromptBody, again?: PromptBody) => Promise<TurnResult>;
}

/** Resolves to the answer with the checked output; its usage is that of all tries. Rejects with `StructuredOutputError`. */
export async function askStructured<T>(options: StructuredOptions<T>): Promise<Answer<T>> {
  const { format, maxRepairs, isNamed, ask } = options;
  const first = options.body.messageID;
  const idOf = (suffix: string): string => (isNamed ? `${first}-${suffix}` : mintId("msg"));
  const answers: Answer<undefined>[] = [];
  let isNative = options.mode !== "prompt";
  let next = options.body;
  for (let repairs = 0; ; ) {
    let tried: Tried;
    try {
      tried = await attempt(format, next, isNative, ask);
    } catch (error) {
      // Told before anything was sent, it has no answer of its own.
      if (error instanceof BudgetExceededError && error.answer === undefined && answers.length > 0)
        throw toAbortError(error, { sessionId: answers[0]?.sessionId, answer: combineAnswers(answers, first) });
      if (options.mode !== "auto" || !isNative || !refusesTools(error)) throw error;
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
    next = repair(options.body, idOf(`repair${repairs}`), result.message);
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
  format: OutputFormat<unknown>,
  body: PromptBody,
  isNative: boolean,
  ask: StructuredOptions<unknown>["ask"],
): Promise<Tried> {
  try {
    const worded = inWords(body, format);
    // A sending that was lost may arrive after the end. What was answered in words is not run again then, but the server
    // goes on with what has ended by a tool call (1.18.33).
    const { answer, turn } = await (isNative ? ask(natively(body, format), worded) : ask(worded));
    const structured = isNative ? turn.answerMessages().at(-1)?.info.structured : undefined;
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
