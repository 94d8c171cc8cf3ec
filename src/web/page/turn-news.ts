/** The news of a turn in words: events that no message shows. Pure. */
import type { AgentEvent, FallbackReason } from "../../client.js";

const reasons: Readonly<Record<FallbackReason, string>> = {
  "rate-limit": "its rate limit is reached",
  outage: "it cannot be reached",
  auth: "it refuses the login",
  "context-overflow": "its context is full",
  "content-filter": "its content filter has ended the answer",
};

/** One sentence for a person; `undefined` for an event that is no news. */
export function newsOf(event: AgentEvent): string | undefined {
  if (event.type === "fallback") return `${event.from} has failed: ${reasons[event.reason]}. ${event.to} goes on.`;
  if (event.type === "loop")
    return `The agent repeats itself: ${event.tool}, ${event.count} rounds with the same result.`;
  return undefined;
}
