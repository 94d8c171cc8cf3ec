/** The model of a session that no model has answered yet. */
import type { AgentApi } from "../../api/agent-api.js";
import { ownMarkOf } from "../../api/own-mark.js";
import { modeNamed } from "../../permissions/policy/modes.js";
import type { AgentInfo, ProviderInfo } from "../../types/answer.js";
import type { SessionContext } from "../context.js";

/**
 * The session's own model, otherwise that of the client's options, of the agent, of the configuration, or the only one: `"provider/model"`.
 * `undefined` where the server chooses among several and does not tell: the preview keeps its configuration to itself.
 */
export async function nextModel({ sessionId, defaults }: SessionContext, api: AgentApi): Promise<string | undefined> {
  const { model, metadata, agent } = await api.sessions.get(sessionId);
  if (model !== undefined) {
    const name = `${model.providerID}/${model.id}`;
    return ownMarkOf(metadata, name)?.own ?? name;
  }
  if (defaults.model !== undefined) return defaults.model;
  const [agents, config] = await Promise.all([api.catalog.agents(), api.catalog.config()]);
  const ofMode = modeNamed(defaults.permissionMode ?? "default").agent;
  const used = agentOf(agents, agent ?? defaults.agent ?? ofMode ?? config.default_agent);
  if (used?.model !== undefined) return `${used.model.providerID}/${used.model.modelID}`;
  return config.model ?? onlyModel(await api.catalog.providers());
}

/** Without a name it is the first that a person can talk to: the server lists its default first (1.18.33). */
function agentOf(agents: readonly AgentInfo[], name: string | undefined): AgentInfo | undefined {
  if (name !== undefined) return agents.find((agent) => agent.name === name);
  return agents.find(({ mode, hidden }) => mode !== "subagent" && hidden !== true);
}

function onlyModel(providers: readonly ProviderInfo[]): string | undefined {
  const [only, ...others] = providers.flatMap(({ id, models }) => Object.keys(models).map((name) => `${id}/${name}`));
  return others.length === 0 ? only : undefined;
}
