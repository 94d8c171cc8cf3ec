/** What the sub-agents of a turn have used: their sessions' assistant messages. */

import type { CallOptions } from "../../client/client.js";
import type { AssistantMessage, Denial } from "../../types/answer.js";
import type { DirectoryContext } from "../context.js";
import { hasFailedCall, type Step } from "../permissions/ruled-denials.js";
import { serverDenials } from "../permissions/server-denials.js";
import { sessionsCalled } from "./sessions-called.js";
import type { Turn } from "./turn.js";

/** Sub-agents can call sub-agents, but not without end. */
const mostSessions = 200;
/** Nor does one of them say without end: the figures of a turn are not worth more reads. */
const mostMessages = 10_000;

/** What the sub-agents of a turn have done. */
export interface ChildrenRecord {
  readonly infos: readonly AssistantMessage[];
  /** What the server's own rules refused them, as far as it says so. */
  readonly denials: readonly Denial[];
  /** Their steps with calls that have failed. */
  readonly failed: readonly Step[];
}

/** The turn has called sub-agents. */
export function hasChildren(turn: Turn): boolean {
  return turn.subAgents.ids.length > 0 || turn.answerMessages().some((message) => sessionsCalled(message).length > 0);
}

/** Of all sub-agent sessions, and of this turn only. No request is made for a turn that had none. */
export async function readChildren(scope: DirectoryContext, turn: Turn, call: CallOptions): Promise<ChildrenRecord> {
  const own = turn.answerMessages();
  const since = own[0]?.info.time.created ?? 0;
  const infos: AssistantMessage[] = [];
  const denials: Denial[] = [];
  const failed: Step[] = [];
  const waiting = [...new Set([...turn.subAgents.ids, ...own.flatMap(sessionsCalled)])];
  const known = new Set(waiting);
  for (let id = waiting.shift(); id !== undefined && known.size <= mostSessions; id = waiting.shift()) {
    for await (const message of scope.api.messages.newestFirst(id, { call })) {
      if (message.info.role === "unreadable") break; // the oldest there is
      // An older sub-agent can be called again: what it did before belongs to another turn.
      if (message.info.time.created < since || infos.length >= mostMessages) break;
      if (message.info.role === "assistant") {
        infos.push(message.info);
        const step = { info: message.info, parts: message.parts };
        denials.push(...serverDenials(step.info, step.parts));
        if (hasFailedCall(step)) failed.push(step);
      }
      for (const child of sessionsCalled(message)) {
        if (known.has(child)) continue;
        known.add(child);
        waiting.push(child);
      }
    }
  }
  return { infos, denials, failed };
}
