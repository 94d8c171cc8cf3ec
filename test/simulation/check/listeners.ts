/** Who listens to all events of the directory hears each session's in a legal order, and every text once. */
import type { AgentEvent, ReadableMessage } from "../../../src/client.js";
import { shown } from "./answer.js";
import type { Complain, Judged } from "./check-world.js";
import { isPrompt } from "./end.js";

export async function checkListeners(judged: Judged, complain: Complain): Promise<void> {
  const { ledger, truth } = judged;
  const bySession = new Map<string, AgentEvent[]>();
  for (const event of ledger.heard) {
    if (event.sessionId === undefined) continue;
    bySession.set(event.sessionId, [...(bySession.get(event.sessionId) ?? []), event]);
  }
  const isWhole = isPrompt(judged);
  for (const [id, events] of bySession) {
    const tell: Complain = (what) => complain(`events() of ${id}: ${what}`);
    checkCalls(events, tell);
    checkTexts(events, await truth.messages(id), isWhole, tell);
  }
}

function checkCalls(events: readonly AgentEvent[], complain: Complain): void {
  const open = new Map<string, number>();
  for (const event of events) {
    if (event.type === "tool-call") open.set(event.callId, (open.get(event.callId) ?? 0) + 1);
    if (event.type !== "tool-result" && event.type !== "tool-error") continue;
    const count = open.get(event.callId);
    if (count === undefined || count === 0)
      complain(`${event.callId} ended ${count === 0 ? "twice" : "before it began"}`);
    else open.set(event.callId, count - 1);
  }
}

function checkTexts(
  events: readonly AgentEvent[],
  messages: readonly ReadableMessage[],
  isWhole: boolean,
  complain: Complain,
): void {
  const heard = new Map<string, string>();
  for (const event of events) {
    if (event.type === "text-delta") heard.set(event.partId, (heard.get(event.partId) ?? "") + event.text);
  }
  const [last] = [...heard.keys()].slice(-1); // its end may come after the end of everything
  for (const { parts } of messages) {
    for (const part of parts) {
      if (part.type !== "text" || part.time?.end === undefined) continue;
      const text = heard.get(part.id);
      if (text === undefined) continue; // nobody need have listened then
      if (isWhole && part.id !== last ? text !== part.text : !part.text.startsWith(text))
        complain(`the text ${shown(text)} is not what is stored, ${shown(part.text)}`);
    }
  }
}
