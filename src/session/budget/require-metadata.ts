/** A budget of a session needs a place on the server. */
import type { AgentApi } from "../../api/agent-api.js";
import { UnsupportedEndpointError } from "../../errors/index.js";

/** Throws `UnsupportedEndpointError` where the server keeps no metadata that can be changed. */
export function requireMetadata(api: Pick<AgentApi, "capabilities">, call: string): void {
  if (api.capabilities.changesMetadata) return;
  throw new UnsupportedEndpointError(`${call}: this server keeps no data with a session that can be changed`, {
    hint: "Give `budget` to createOpencode(), for all sessions of the client together, or limits to each turn: maxCost, maxTokens, maxSteps.",
  });
}
