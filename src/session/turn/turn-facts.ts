/** The facts of an answer that are not in the turn's own messages: refusals, and what the sub-agents have used. */
import { retryTransient } from "../../client/retry-transient.js";
import type { Responder } from "../permissions/responder.js";
import type { OutcomeFacts } from "./outcome.js";
import { type ChildrenRecord, hasChildren, readChildren } from "./sub-agent-usage.js";
import type { Turn } from "./turn.js";
import type { TurnContext } from "./turn-context.js";

/** Never rejects. After a stop of the turn the sub-agents' account is not waited for. */
export async function readFacts(
  { scope, session }: TurnContext,
  turn: Turn,
  responder: Responder,
  stop: AbortSignal,
): Promise<OutcomeFacts> {
  const { connection } = session;
  if (!hasChildren(turn)) return { denials: [...responder.denials], ofChildren: [] };
  const retryTimeout = stop.aborted ? 0 : connection.reconnectTimeout;
  const reading = retryTransient((call) => readChildren(scope, turn, call), {
    signal: connection.lifetime,
    retryTimeout,
    liveness: scope.api.liveness,
  });
  const children = await reading.catch((error: unknown): ChildrenRecord => {
    const level = retryTimeout === 0 || connection.lifetime.aborted ? "debug" : "warn";
    scope.api.logger[level](`what the sub-agents of ${turn.sessionId} have used is not known: ${String(error)}`);
    return { infos: turn.subAgents.infos, denials: [] }; // an account only: the answer stands
  });
  return { denials: [...responder.denials, ...children.denials], ofChildren: children.infos };
}
