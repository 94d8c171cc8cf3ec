/** A budget of a session needs a place on the server. */
import type { AgentApi } from "../../api/agent-api.js";
import { UnsupportedEndpointError } from "../../errors/index.js";
import type { SessionInfo } from "../../types/answer.js";
import { recordOf } from "./budget-record.js";

const otherBudgets =
  "Give `budget` to createOpencode(), for all sessions of the client together, or limits to each turn: maxCost, maxTokens, maxSteps.";

/** Throws `UnsupportedEndpointError` where the server keeps no metadata that can be changed. */
export function requireMetadata(api: Pick<AgentApi, "capabilities">, call: string, hint: string = otherBudgets): void {
  if (!api.capabilities.changesMetadata) throw unsupported(call, hint);
}

/** Deletes a new session whose server has not kept its budget, an old release of 1.x. Rejects with `UnsupportedEndpointError` then. */
export async function requireRecord(
  api: AgentApi,
  info: SessionInfo,
  directory: string | undefined,
  call: string,
  hint: string = otherBudgets,
): Promise<void> {
  if (recordOf(info) !== undefined) return;
  await api.sessions.delete(info.id, { directory });
  throw unsupported(call, hint);
}

function unsupported(call: string, hint: string): UnsupportedEndpointError {
  return new UnsupportedEndpointError(`${call}: this server keeps no data with a session that can be changed`, {
    hint,
  });
}
