/** The facts of an answer that are not in the turn's own messages: refusals, and what the sub-agents have used. */
import { retryTransient } from "../../client/retry-transient.js";
import type { Denial } from "../../types/answer.js";
import type { Responder } from "../permissions/responder.js";
import { ruledDenials } from "../permissions/ruled-denials.js";
import type { OutcomeFacts } from "./outcome.js";
import { type ChildrenRecord, hasChildren, readChildren } from "./sub-agent-usage.js";
import type { Turn } from "./turn.js";
import type { TurnContext } from "./turn-context.js";

/** Never rejects. After a stop of the turn the sub-agents' account is not waited for. */
export async function readFacts(
  { scope, session, permissions, fallback }: TurnContext,
  turn: Turn,
  responder: Responder,
  stop: AbortSignal,
): Promise<OutcomeFacts> {
  const { connection } = session;
  const { api } = scope;
  const retryTimeout = stop.aborted ? 0 : connection.reconnectTimeout;
  const retryOptions = { signal: connection.lifetime, retryTimeout, liveness: api.liveness };
  const unknown = (what: string, error: unknown): void => {
    const level = retryTimeout === 0 || connection.lifetime.aborted ? "debug" : "warn";
    api.logger[level](`what ${what} is not known: ${String(error)}`);
  };
  const reading = hasChildren(turn)
    ? retryTransient((call) => readChildren(scope, turn, call), retryOptions)
    : Promise.resolve(noChildren);
  const children = await reading.catch((error: unknown): ChildrenRecord => {
    unknown(`the sub-agents of ${turn.sessionId} have used`, error);
    return { ...noChildren, infos: turn.subAgents.infos }; // an account only: the answer stands
  });
  turn.subAgents.used(children.infos); // what events have not told counts in budgets
  const steps = [...turn.answerMessages(), ...turn.afterwards, ...children.failed];
  const past = permissions.parked?.past;
  const isAnswered = (callId: string): boolean => responder.hasAnswered(callId) || past?.decided.has(callId) === true;
  const looking = retryTransient((call) => ruledDenials(api, steps, isAnswered, call), retryOptions);
  const ruled = await looking.catch((error: unknown): Denial[] => {
    unknown(`the rules have refused in ${turn.sessionId}`, error);
    return [];
  });
  // A refusal that got lost on its way to the agent was told once more.
  const before = (past?.denials ?? []).filter(({ callId }) => callId === undefined || !responder.hasRefused(callId));
  const denials = [...before.map(({ denial }) => denial), ...responder.denials, ...children.denials, ...ruled];
  return { denials, ofChildren: children.infos, failedAttempts: fallback?.failed };
}

const noChildren: ChildrenRecord = { infos: [], denials: [], failed: [] };
