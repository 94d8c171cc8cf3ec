/** The assistant messages of a session and of the sessions that its sub-agents ran in. */
import type { AgentApi } from "../../api/agent-api.js";
import type { ApiCall } from "../../api/inputs.js";
import { APIResponseValidationError, NotFoundError } from "../../errors/index.js";
import type { AssistantMessage } from "../../types/answer.js";
import { sessionsCalled } from "../turn/sessions-called.js";

/** Sub-agents can call sub-agents, but not without end. */
const mostSessions = 10_000;

/** Reads all of them. A sub-agent whose session is deleted has none. */
export async function treeMessages(api: AgentApi, sessionId: string, call?: ApiCall): Promise<AssistantMessage[]> {
  const infos: AssistantMessage[] = [];
  const waiting = [sessionId];
  const known = new Set(waiting);
  for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
    if (known.size > mostSessions) throw tooMany(sessionId);
    try {
      for await (const message of api.messages.newestFirst(id, { call })) {
        if (message.info.role === "assistant") infos.push(message.info);
        for (const child of sessionsCalled(message)) {
          if (!known.has(child)) waiting.push(child);
          known.add(child);
        }
      }
    } catch (error) {
      if (id === sessionId || !(error instanceof NotFoundError)) throw error;
    }
  }
  return infos;
}

function tooMany(sessionId: string): APIResponseValidationError {
  return new APIResponseValidationError(`the session has more than ${mostSessions} sub-agents`, { sessionId });
}
