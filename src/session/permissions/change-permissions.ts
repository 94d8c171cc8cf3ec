/** What `setPermissions()` does: on the server, and to what this side decides by. */
import type { AgentApi } from "../../api/agent-api.js";
import type { RetryOptions } from "../../client/retry-transient.js";
import { toRules } from "../../permissions/policy/config-rules.js";
import { modeNamed } from "../../permissions/policy/modes.js";
import { withoutRules } from "../../permissions/policy/server-rules.js";
import type { PermissionRule } from "../../types/answer.js";
import type { PermissionConfig } from "../../types/options.js";
import type { PermissionMode } from "../../types/policy.js";
import type { Connection, SessionContext } from "../context.js";
import { agentRules, type EffectivePermissions } from "./effective-rules.js";
import { changeTree } from "./lent-rules.js";
import { type Lasting, lastingRules } from "./turn-rules.js";

/** What is different afterwards. */
export type Changed = Pick<SessionContext, "defaults" | "inForce">;

/** Adds rules to a session, or gives it a mode. */
export async function changePermissions(
  session: SessionContext,
  rules: PermissionConfig | readonly PermissionRule[] | PermissionMode,
): Promise<Changed> {
  const { api } = await session.scope();
  return typeof rules === "string" ? changeMode(api, session, rules) : addRules(api, session, toRules(rules));
}

/** Adds rules to the session's. An earlier rule that allows must not answer what a later one asks for, so both sides get them. */
async function addRules(api: AgentApi, session: SessionContext, rules: readonly PermissionRule[]): Promise<Changed> {
  const { sessionId, connection, defaults, inForce } = session;
  const before = defaults.permission === undefined ? [] : toRules(defaults.permission);
  const lower = [...(inForce.rules ?? []), ...before];
  const { handsOnRules } = api.capabilities;
  const addedRules = lastingRules(rules, { ...guardIn(connection, inForce), lower, handsOnRules });
  if (handsOnRules) await changeTree(session, api, { addedRules }, retryOptionsOf(connection, api));
  else await api.sessions.update(sessionId, { addedRules });
  const permission = [...before, ...rules];
  const isHeld = defaults.permission === inForce.permission;
  return {
    defaults: { ...defaults, permission },
    inForce: { ...inForce, isOwn: false, permission: isHeld ? permission : inForce.permission },
  };
}

/**
 * Puts a mode in the place of what was said to the session. Where its list can only grow, and where rules of the server's start are to
 * count no more, its agent's own rules come first: another agent's session is not to be given them.
 */
async function changeMode(api: AgentApi, session: SessionContext, permissionMode: PermissionMode): Promise<Changed> {
  const { sessionId, connection, defaults, inForce } = session;
  const mode = modeNamed(permissionMode);
  const { permissionContext, lifetime: signal } = connection;
  const atStart = permissionContext.inForce.permissionMode;
  const lifted = atStart === undefined ? [] : toRules(modeNamed(atStart).config);
  const agent = await agentRules(api, defaults.agent ?? mode.agent ?? session.ownAgent?.(), { signal });
  const handsOnRules = api.capabilities.handsOnRules && lifted.length === 0;
  const own = lastingRules(mode.sessionRules, { ...guardIn(connection, inForce), lower: inForce.rules, handsOnRules });
  if (handsOnRules) {
    const changes = { removedRules: "all", addedRules: own } as const;
    await changeTree(session, api, changes, retryOptionsOf(connection, api));
  } else {
    const addedRules = [...withoutRules(agent.rules, lifted), ...own];
    const { permission } = await api.sessions.update(sessionId, { addedRules });
    const length = permission?.length ?? addedRules.length;
    permissionContext.borrowed.set(sessionId, { agent: agent.name, own, lifted, length });
  }
  const { agent: named, permission: _replaced, ...others } = defaults;
  // An agent that came from the mode before goes with it.
  const kept = defaults.permissionMode === undefined && named !== undefined ? { agent: named } : {};
  return {
    defaults: { ...others, ...kept, permissionMode },
    inForce: { ...inForce, isOwn: false, permissionMode, permission: undefined },
  };
}

function retryOptionsOf({ lifetime, reconnectTimeout }: Connection, { liveness }: AgentApi): RetryOptions {
  return { signal: lifetime, retryTimeout: reconnectTimeout, liveness };
}

/** Whether the server was told to ask about everything: for this session, or from its start. */
function guardIn(
  { permissionContext }: Connection,
  { isGuarded }: EffectivePermissions,
): Pick<Lasting, "isGuarding" | "isGuarded"> {
  const { isGuarded: isAtStart } = permissionContext.inForce;
  return { isGuarding: isGuarded && !isAtStart, isGuarded: isAtStart };
}
