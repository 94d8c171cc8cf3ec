/** Answers and events as JSON. Pure. */
import type { AgentEvent, Answer } from "../index.js";

/** The one object of `--json`. */
export function answerObject(answer: Answer<unknown>): Readonly<Record<string, unknown>> {
  const { text, output, sessionId, messageId, model, toolCalls, usage, cost, costKnown } = answer;
  const { finishReason, denials, interruptions, attempts } = answer;
  return {
    text,
    ...(output === undefined ? {} : { output }),
    sessionId,
    messageId,
    model,
    attempts,
    usage,
    cost,
    costKnown,
    finishReason,
    toolCalls,
    denials,
    interruptions,
  };
}

/** A line of `--stream-json`: the event without its raw form; `undefined` for a raw event. */
export function eventLine(event: AgentEvent): string | undefined {
  if (event.type === "raw") return undefined;
  if (event.type === "finish") {
    return JSON.stringify({ type: "finish", sessionId: event.sessionId, answer: answerObject(event.answer) });
  }
  return JSON.stringify(event, (key, value: unknown) => (key === "raw" ? undefined : value));
}
