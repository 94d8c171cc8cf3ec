/** What the event of an ask does not tell: read from the message whose tool asks. */
import type { AgentApi } from "../../api/agent-api.js";
import { type ReadOptions, type RetryOptions, retryTransient } from "../../client/retry-transient.js";
import type { PermissionRequest } from "../../types/request.js";
import { delay } from "../../util/delay.js";
import { isRecord, recordProperty, stringProperty } from "../../util/json.js";

/** The input of a call may be stored a moment after its ask (ms, and how often it is looked for). */
const pause = 25;
const mostLooks = 40;

/**
 * The request with the tool's name and input, the agent and the directories; as it is when they cannot be read: then hooks
 * refuse the tool, so a read that fails is repeated.
 */
export async function enrichRequest(
  api: AgentApi,
  request: PermissionRequest,
  retryOptions: RetryOptions,
): Promise<PermissionRequest> {
  const { tool, sessionId } = request;
  if (tool === undefined) return request;
  let known = request;
  try {
    for (let looks = 0; looks < mostLooks; looks += 1) {
      const read = (call: ReadOptions) => api.messages.get(sessionId, tool.messageId, call);
      const { info, parts } = await retryTransient(read, retryOptions);
      const part = (parts as unknown[]).find((one) => stringProperty(one, "callID") === tool.callId);
      known = described(known, info, part);
      const state = recordProperty(part, "state");
      if (part !== undefined && stringProperty(state, "status") !== "pending") return known;
      await delay(pause, retryOptions.signal);
    }
  } catch (error) {
    api.logger.debug(`an ask is decided without its tool call: ${String(error)}`);
  }
  return known;
}

function described(request: PermissionRequest, info: unknown, part: unknown): PermissionRequest {
  const { tool, directory } = request;
  const path = recordProperty(info, "path");
  const name = stringProperty(part, "tool");
  const state = recordProperty(part, "state");
  const input = stringProperty(state, "status") === "pending" ? undefined : recordProperty(state, "input"); // `{}` until then
  const agent = stringProperty(info, "agent") ?? stringProperty(info, "mode");
  const worktree = stringProperty(path, "root");
  const cwd = directory ?? stringProperty(path, "cwd");
  return {
    ...request,
    ...(tool === undefined
      ? {}
      : { tool: { ...tool, ...(name === undefined ? {} : { name }), ...(isRecord(input) ? { input } : {}) } }),
    ...(agent === undefined ? {} : { agent }),
    ...(worktree === undefined ? {} : { worktree }),
    ...(cwd === undefined ? {} : { directory: cwd }),
  };
}
