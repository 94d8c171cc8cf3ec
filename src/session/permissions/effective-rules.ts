/** The rules that decide in a session: its agent's, then its own. */
import type { AgentApi } from "../../api/agent-api.js";
import type { ReadOptions } from "../../client/retry-transient.js";
import type { ToldRule } from "../../permissions/policy/standing-rules.js";
import type { PermissionRule } from "../../types/answer.js";
import type { PermissionConfig } from "../../types/options.js";
import type { PermissionMode } from "../../types/policy.js";

/** What holds already, on the server or in the session, so that a turn need not bring it about. */
export interface EffectivePermissions {
  readonly permission?: PermissionConfig | readonly PermissionRule[] | undefined;
  readonly permissionMode?: PermissionMode | undefined;
  /** The server asks about everything. */
  readonly isGuarded: boolean;
  /** The session was made with just what is named here: it has no other rules of its own. */
  readonly isOwn?: boolean | undefined;
  /** The server was started with these, in this order. */
  readonly rules?: readonly PermissionRule[] | undefined;
  /** What is meant by what it was started with. */
  readonly told?: readonly ToldRule[] | undefined;
  /** Agents to which its caller has given permissions that stand behind them. */
  readonly freeAgents?: readonly string[] | undefined;
  /** The filter of tools that the session was made with. */
  readonly tools?: unknown;
}

/** An agent, and its rules, the server's configuration included. */
export interface AgentRules {
  readonly name: string;
  readonly rules: readonly PermissionRule[];
}

/** No rules for an agent that the server does not know. Without a name it is the one that runs turns which name none. */
export async function agentRules(api: AgentApi, agent: string | undefined, call: ReadOptions): Promise<AgentRules> {
  const agents = await api.catalog.agents(call);
  const found = agent === undefined ? agents[0] : agents.find(({ name }) => name === agent);
  return { name: found?.name ?? agent ?? "build", rules: found?.permission ?? [] };
}

/** A session's own rules. */
export async function sessionRules(
  api: AgentApi,
  sessionId: string,
  call: ReadOptions,
): Promise<readonly PermissionRule[]> {
  return (await api.sessions.get(sessionId, call)).permission ?? [];
}
