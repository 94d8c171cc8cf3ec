/** The hooks `preToolUse` as one of those who decide. */

import { type Decider, refused } from "../permissions/policy/deciders.js";
import type { HookList, PreToolUse } from "../types/hook.js";
import type { CallbackContext, PermissionRequest } from "../types/request.js";
import { hooksFor, refusalIn } from "./hooks.js";

/** The hooks `preToolUse`: asked once for each use of a tool, however many permissions it needs. */
export function hookDecider(list: HookList<PreToolUse>): Decider {
  const decided = new Map<string, Promise<string | undefined>>();
  return {
    by: "hook",
    isCallback: true,
    decide: async (request, context) => {
      const { tool, sessionId, chain, agent, directory, metadata } = request;
      // What it is cannot be read: a hook for this tool alone would not be asked, or would look at nothing.
      if (tool !== undefined && (tool.name === undefined || tool.input === undefined)) {
        return refused("the tool call could not be read, so its hooks could not be asked");
      }
      const name = tool?.name ?? request.permission;
      const callId = tool?.callId ?? request.id;
      const input = inputOf(request);
      const use = { tool: name, input, callId, sessionId, chain, agent, directory };
      // Some models give the same id to every call (`call_0`): it tells calls apart within one message, at best.
      const key = JSON.stringify([sessionId, tool?.messageId, callId, metadata["command"]]);
      const reason = decided.get(key) ?? refusalBy(hooksFor(list, name), use, context);
      decided.set(key, reason);
      const found = await reason;
      return found === undefined ? undefined : refused(found);
    },
  };
}

/** The command line is taken from the ask itself: of two calls with one id the message has only one. */
function inputOf({ tool, metadata, permission }: PermissionRequest): Readonly<Record<string, unknown>> {
  const input = tool?.input ?? metadata;
  const command = metadata["command"];
  return permission === "bash" && typeof command === "string" ? { ...input, command } : input;
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
