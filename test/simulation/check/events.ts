/** The events of a run come in a legal order. */
import type { PromptRecord } from "../workload/record.js";
import type { Complain } from "./check-world.js";

export function checkEvents({ prompt, events, answer }: PromptRecord, complain: Complain): void {
  if (prompt.how === "ask" || prompt.how === "command" || events.length === 0) return;
  const starts = events.filter(({ type }) => type === "start").length;
  if (events[0]?.type !== "start") complain(`the first event is ${events[0]?.type}`);
  if (starts !== 1 && prompt.turn.values === undefined) complain(`${starts} events say that it starts`);
  const finishes = events.filter(({ type }) => type === "finish").length;
  if (answer !== undefined && (finishes !== 1 || events.at(-1)?.type !== "finish"))
    complain(`the last event is ${events.at(-1)?.type}, ${finishes} are finish`);
  if (answer === undefined && finishes > 0) complain("it finished, and failed");
  const open = new Map<string, number>();
  const known = new Set<string>();
  for (const event of events) {
    if (event.type === "tool-call") {
      open.set(event.callId, (open.get(event.callId) ?? 0) + 1);
      known.add(event.callId);
    } else if (event.type === "tool-result" || event.type === "tool-error") {
      const count = open.get(event.callId) ?? 0;
      if (count === 0) complain(`${event.callId} ended ${known.has(event.callId) ? "twice" : "before it began"}`);
      open.set(event.callId, count - 1);
    }
  }
  if (answer === undefined) return;
  for (const [callId, count] of open) if (count > 0) complain(`${callId} has no end`);
}
