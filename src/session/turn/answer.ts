/** From the messages of a turn to its answer. */
import type { Answer, AssistantMessage, Attempt, Denial, Part, ToolCall, ToolPart } from "../../types/answer.js";
import { addExpenses, expenseOf } from "../history/usage.js";

/** An assistant message with its parts. */
interface TurnMessage {
  readonly info: AssistantMessage;
  readonly parts: readonly Part[];
}

/** What the answer is made from. */
export interface AnswerSource<T> {
  readonly sessionId: string;
  readonly messageId: string;
  readonly messages: readonly TurnMessage[];
  /** What the model has said and done after the answer: it counts, but it is not the answer. */
  readonly afterwards?: readonly TurnMessage[] | undefined;
  readonly denials: readonly Denial[];
  readonly interruptions: number;
  /** Assistant messages that are not part of the answer but count in `usage` and `cost`: of sub-agents and compactions. */
  readonly others?: readonly AssistantMessage[] | undefined;
  /** Models that have failed before, in the turn. */
  readonly failedAttempts?: readonly Attempt[] | undefined;
  readonly output: T;
}

/** The answer, also of a turn that has not come to its end: then it is the partial one. */
export function buildAnswer<T>(source: AnswerSource<T>): Answer<T> {
  const last = source.messages.at(-1);
  const all = [...source.messages, ...(source.afterwards ?? [])];
  const infos = [...all.map(({ info }) => info), ...(source.others ?? [])];
  const text = last === undefined ? "" : textOfLastStep(last.parts);
  const model = last === undefined ? "" : `${last.info.providerID}/${last.info.modelID}`;
  return withText({
    text,
    output: source.output,
    sessionId: source.sessionId,
    messageId: source.messageId,
    parts: all.flatMap(({ parts }) => parts),
    model,
    attempts: attemptsOf(source.failedAttempts ?? [], model),
    toolCalls: all.flatMap(({ parts }) => parts.filter(isTool).map(toToolCall)),
    ...expenseOf(infos),
    finishReason: last === undefined ? "unknown" : finishReason(last.info),
    denials: source.denials,
    interruptions: source.interruptions,
  });
}

/** The models that were asked. `model` is that of the last step: it may have failed. */
export function attemptsOf(failed: readonly Attempt[], model: string): readonly Attempt[] {
  return model === "" || failed.at(-1)?.model === model ? failed : [...failed, { model }];
}

/** The same answer with the output that was read from it. */
export function withOutput<T>(answer: Answer<undefined>, output: T): Answer<T> {
  return withText({ ...answer, output });
}

/** Several turns that together answer one prompt: the last one's text, what all of them did and used. */
export function combineAnswers(answers: readonly Answer<undefined>[], messageId: string): Answer<undefined> {
  const last = answers.at(-1);
  if (last === undefined) throw new Error("there is no answer to combine");
  if (answers.length === 1) return last;
  return withText({
    ...last,
    messageId,
    parts: answers.flatMap(({ parts }) => parts),
    toolCalls: answers.flatMap(({ toolCalls }) => toolCalls),
    ...addExpenses(answers.map(({ usage }) => usage)),
    denials: answers.flatMap(({ denials }) => denials),
    interruptions: answers.reduce((total, { interruptions }) => total + interruptions, 0),
  });
}

/** `toString` is not enumerable: a printed or compared answer is its data. */
function withText<T>(data: Omit<Answer<T>, "toString">): Answer<T> {
  return Object.defineProperty({ ...data }, "toString", { value: () => data.text, configurable: true });
}

/**
 * The texts after the last step mark: when the server repeats a model call that was cut, the abandoned piece stays in
 * front of a new mark.
 */
function textOfLastStep(parts: readonly Part[]): string {
  const start = parts.findLastIndex((part) => part.type === "step-start");
  return parts
    .slice(start + 1)
    .map((part) => (part.type === "text" && part.ignored !== true ? part.text : ""))
    .join("");
}

function finishReason(info: AssistantMessage): string {
  // A structured answer is the call of a tool; for the caller the model has simply finished.
  if (info.structured !== undefined) return "stop";
  return info.finish?.replaceAll("_", "-") ?? "unknown";
}

function isTool(part: Part): part is ToolPart {
  return part.type === "tool";
}

function toToolCall({ callID: id, tool, state }: ToolPart): ToolCall {
  const call = { id, tool, input: state.input, status: state.status };
  if (state.status === "completed")
    return { ...call, output: state.output, durationMs: state.time.end - state.time.start };
  if (state.status === "error") return { ...call, error: state.error, durationMs: state.time.end - state.time.start };
  return call;
}
