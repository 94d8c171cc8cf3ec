/** The rules that a session is told for the time of one turn, and how they are taken back. */
import { type ReadOptions, type RetryOptions, retryTransient } from "../../client/retry-transient.js";
import { restoring, sinceReset, withoutRules } from "../../permissions/policy/server-rules.js";
import { filterRules } from "../../permissions/policy/tool-filter.js";
import type { PermissionRule } from "../../types/index.js";
import { settled, settledBefore } from "../../util/settled.js";
import type { DirectoryContext, SessionContext } from "../context.js";
import type { ResolvedTurnOptions } from "../turn-options.js";
import { requireAsked } from "./asked-rules.js";
import { type AgentRules, agentRules, sessionRules } from "./effective-rules.js";
import { lendRules, restoreTimeout, takeBackLeft } from "./lent-rules.js";
import { agentsWithLooserRules, hasRules, noLooserAgents, openedSubAgents } from "./looser-agents.js";
import { subagentGuards } from "./subagent-limits.js";
import type { AppliedRules } from "./turn-deciders.js";
import { temporaryRules } from "./turn-rules.js";

/** Tells the session the rules of the turn. `end` takes them back and never rejects. */
export async function applyRules(
  session: SessionContext,
  scope: DirectoryContext,
  options: ResolvedTurnOptions<unknown>,
  retryOptions: RetryOptions,
): Promise<{ applied: AppliedRules; end: () => Promise<void> }> {
  const { sessionId } = session;
  const atStart = session.connection.permissionContext.inForce;
  const look = (call: ReadOptions) => agentsWithLooserRules(scope.api, options.agent, atStart, call);
  const loose = hasRules(atStart) ? await retryTransient(look, retryOptions) : noLooserAgents;
  const { isTurn, subAgents } = loose;
  // What the server should hold is put to the session then, and so are the sub-agents for whom it does not hold.
  const inForce = isTurn ? { isGuarded: false, tools: session.inForce.tools } : session.inForce;
  const { capabilities } = scope.api;
  const guards = capabilities.hasSessionRules ? subagentGuards(options) : [];
  const rules = [...guards, ...temporaryRules(options, inForce, capabilities), ...subAgents.map(notCalled)];
  await takeBackLeft(session, scope.api);
  const filter = options.tools === inForce.tools ? undefined : options.tools;
  const none = { applied: { before: undefined, temporary: [] }, end: async () => {} };
  if (rules.length === 0 && filter === undefined) return none;
  if (!capabilities.hasSessionRules) {
    await retryTransient((call) => requireAsked(scope.api, options, inForce, call), retryOptions);
    return none;
  }
  const [agent, before] = await retryTransient(
    (call) => Promise.all([agentRules(scope.api, options.agent, call), sessionRules(scope.api, sessionId, call)]),
    retryOptions,
  );
  const known = [...agent.rules, ...before, ...rules];
  const temporary = [...rules, ...(filter === undefined ? [] : filterRules(filter, known))];
  if (capabilities.handsOnRules) {
    const opened = await retryTransient((call) => openedSubAgents(scope.api, temporary, call), retryOptions);
    const lent = await lendRules(session, scope.api, [...temporary, ...opened.map(notCalled)], retryOptions);
    return { applied: { before, temporary: lent.rules }, end: lent.end };
  }
  const told = { temporary, agent, before };
  try {
    const { length } = await append(scope, sessionId, temporary, retryOptions);
    return { applied: { before, temporary }, end: () => restore(session, scope, { ...told, length }) };
  } catch (error) {
    // The server may have them all the same.
    await restore(session, scope, { ...told, length: before.length + temporary.length });
    throw error;
  }
}

/** A sub-agent that is not to be given work. */
function notCalled(pattern: string): PermissionRule {
  return { permission: "task", pattern, action: "deny" };
}

/** Resolves to all rules that the session has then. When an answer is lost it is told twice, which decides as once does. */
async function append(
  { api }: DirectoryContext,
  sessionId: string,
  addedRules: readonly PermissionRule[],
  retryOptions: RetryOptions,
): Promise<readonly PermissionRule[]> {
  const update = (call: ReadOptions) => api.sessions.update(sessionId, { addedRules }, call);
  return (await retryTransient(update, retryOptions)).permission ?? [];
}

/** Rules of another agent that the session has been told are not this one's. */
export async function rebase(
  { connection, sessionId }: SessionContext,
  scope: DirectoryContext,
  agent: string | undefined,
  retryOptions: RetryOptions,
): Promise<void> {
  const { borrowed } = connection.permissionContext;
  const known = borrowed.get(sessionId);
  if (known === undefined || known.agent === agent) return;
  const { name, rules } = await retryTransient((call) => agentRules(scope.api, agent, call), retryOptions);
  if (known.agent === name) return;
  const now = await retryTransient((call) => sessionRules(scope.api, sessionId, call), retryOptions);
  const own = borrowed.ownOf(sessionId, now);
  const all = sinceReset([everythingAsked, ...withoutRules(rules, known.lifted), ...own]);
  const { length } = await append(scope, sessionId, all, retryOptions);
  borrowed.set(sessionId, { ...known, agent: name, own, length });
}

/** As the server decides where no rule matches. */
const everythingAsked: PermissionRule = { permission: "*", pattern: "*", action: "ask" };

interface Told {
  readonly temporary: readonly PermissionRule[];
  readonly agent: AgentRules;
  /** The session's rules before. */
  readonly before: readonly PermissionRule[];
  /** How many it had with the temporary ones. */
  readonly length: number;
}

async function restore(
  { connection, sessionId }: SessionContext,
  scope: DirectoryContext,
  { temporary, agent, before, length }: Told,
): Promise<void> {
  const retryOptions = { signal: connection.lifetime, retryTimeout: restoreTimeout, liveness: scope.api.liveness };
  const { borrowed } = connection.permissionContext;
  const work = retryTransient((call) => sessionRules(scope.api, sessionId, call), retryOptions).then(async (now) => {
    const later = now.slice(length); // what was said to the session during the turn stays
    const all = [...agent.rules, ...before];
    const after = await append(scope, sessionId, [...restoring(temporary, all), ...later], retryOptions);
    const own = [...borrowed.ownOf(sessionId, before), ...later];
    const lifted = borrowed.get(sessionId)?.lifted ?? [];
    borrowed.set(sessionId, { agent: agent.name, own, lifted, length: after.length });
  });
  const result = await settledBefore(settled(work), 2 * restoreTimeout, connection.lifetime).catch(() => undefined); // closed
  if (result?.ok === true || connection.lifetime.aborted) return;
  scope.api.logger.warn(
    `the rules of one turn could not be taken back from the session ${sessionId}: it stays as it is`,
  );
}
