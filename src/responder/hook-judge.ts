/** The hooks `preToolUse` as one of those who decide. */
import { hooksFor, refusalIn } from "../hooks/hooks.js";
import { type Judge, refused } from "../permissions/judges.js";
import type { HookList, PreToolUse } from "../types/hook.js";
import type { CallbackContext } from "../types/request.js";

/** The hooks `preToolUse`: asked once for each use of a tool, however many permissions it needs. */
export function hookJudge(list: HookList<PreToolUse>): Judge {
  const decided = new Map<string, Promise<string | undefined>>();
  return {
    by: "hook",
    isCallback: true,
    judge: async (request, context) => {
      const { tool, sessionId, chain, agent, directory } = request;
      const name = tool?.name ?? request.permission;
      const callId = tool?.callId ?? request.id;
      const use = { tool: name, input: tool?.input ?? request.metadata, callId, sessionId, chain, agent, directory };
      const reason = decided.get(callId) ?? refusalBy(hooksFor(list, name), use, context);
      decided.set(callId, reason);
      const found = await reason;
      return found === undefined ? undefined : refused(found);
    },
  };
}

async function refusalBy(
  hooks: readonly PreToolUse[],
  use: Parameters<PreToolUse>[0],
  context: CallbackContext,
): Promise<string | undefined> {
  for (const hook of hooks) {
    const reason = refusalIn(await hook(use, context));
    if (reason !== undefined) return reason;
  }
  return undefined;
}
