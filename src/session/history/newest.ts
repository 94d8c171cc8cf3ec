/** The newest messages of a session. */
import type { AgentApi } from "../../api/agent-api.js";
import type { WalkOptions } from "../../api/inputs.js";
import type { Message } from "../../types/answer.js";

/** The newest messages, or the newest before a cursor, oldest first. */
export async function readNewest(
  { messages }: AgentApi,
  sessionId: string,
  options: WalkOptions & { readonly limit: number },
): Promise<Message[]> {
  const found: Message[] = [];
  if (options.limit < 1) return found;
  for await (const message of messages.newestFirst(sessionId, options)) {
    found.push(message);
    if (found.length === options.limit) break;
  }
  return found.reverse();
}
