/** What stored steps and parts say about the run: over, under way, or cut in the middle. No I/O, no state. */
import type { AssistantMessage, Part } from "../../types/answer.js";

/** With these the server makes another step (1.18.33). */
const continuing: ReadonlySet<string> = new Set(["tool-calls", "unknown"]);

/** A message with its parts, both in order. */
export interface TurnMessage {
  readonly info: AssistantMessage;
  readonly parts: Part[];
}

/** It will not change any more. */
export function isFinal(part: Part): boolean {
  if (part.type === "text" || part.type === "reasoning") return part.time?.end !== undefined;
  return part.type !== "tool" || part.state.status === "completed" || part.state.status === "error";
}

/** The step is complete, and the server makes none after it. */
export function endsAnswer({ time, error, structured, finish }: AssistantMessage): boolean {
  if (time.completed === undefined || error !== undefined) return false;
  return structured !== undefined || (finish !== undefined && !continuing.has(finish));
}

/**
 * An idle session whose last step is this one has ended its run. A last step that called tools is doubtful (a rejected
 * permission ends a run like that) unless it gave structured output.
 */
export function endsRun(last: AssistantMessage | undefined): boolean {
  if (last?.time.completed === undefined) return false;
  return last.error !== undefined || last.structured !== undefined || (last.finish ?? "tool-calls") !== "tool-calls";
}

/** The run was ended before the step had anything to tell. */
export function isEndedEarly(last: TurnMessage | undefined): boolean {
  if (last?.info.error?.name !== "MessageAbortedError") return false;
  return last.parts.every(({ type }) => type === "step-start");
}

/** The step is under way, or another one follows it. */
export function goesOn(last: AssistantMessage | undefined): boolean {
  if (last === undefined || last.error !== undefined || last.structured !== undefined) return false;
  return last.time.completed === undefined || continuing.has(last.finish ?? "");
}

/** The model has ended the answer with it. The server stores that, with the cost, before the step is complete (1.18.33). */
export function saysEnd(last: AssistantMessage | undefined): boolean {
  return last?.finish !== undefined && !continuing.has(last.finish);
}

/**
 * The step should go on, or be followed by another one: when the session is idle, the server has ended in the middle. A
 * rejection ends a run in the same way, after a tool that it made fail.
 */
export function isInterruptedAt(last: TurnMessage | undefined): boolean {
  if (last === undefined || !goesOn(last.info)) return false;
  return last.info.time.completed === undefined || !last.parts.some(isRejected);
}

/** The texts of 1.18.33 for a permission or a question that was rejected without a reason: with one the run goes on. */
function isRejected(part: Part): boolean {
  if (part.type !== "tool" || part.state.status !== "error") return false;
  return /rejected permission(?!.* with the following feedback)|dismissed this question/s.test(part.state.error);
}

/** The last text of the last step has no end yet, although the step has. */
export function hasOpenText(last: TurnMessage | undefined): boolean {
  const parts = last?.parts ?? [];
  const lastStart = parts.findLastIndex(({ type }) => type === "step-start");
  return parts.slice(lastStart + 1).some((part) => part.type === "text" && part.time?.end === undefined);
}
