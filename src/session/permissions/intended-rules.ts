/** The rules that hold in a session, as they are meant: they decide what the server asks about only because it was told to. */

import { type ReadOptions, retryTransient } from "../../client/retry-transient.js";
import type { Baseline } from "../../permissions/policy/deciders.js";
import { isGuard, pathPermissions } from "../../permissions/policy/server-rules.js";
import {
  decideStanding,
  type StandingRule,
  sessionRule,
  standingRules,
} from "../../permissions/policy/standing-rules.js";
import type { PermissionRule } from "../../types/answer.js";
import type { PermissionRequest } from "../../types/request.js";
import { matchesWildcard } from "../../util/wildcard.js";
import type { DirectoryContext, SessionContext } from "../context.js";
import type { ResolvedTurnOptions } from "../turn-options.js";
import { agentRules, sessionRules } from "./effective-rules.js";
import { limitsSubagents } from "./subagent-limits.js";
import { creationRules, needsGuard, statedRules } from "./turn-rules.js";

/** A session during one turn. */
export interface Steered extends SessionContext {
  /** Its own rules before the turn; `undefined` when they were not read. */
  readonly before: readonly PermissionRule[] | undefined;
  /** What it was told for the turn. */
  readonly temporary: readonly PermissionRule[];
}

interface Rules {
  readonly standing: readonly StandingRule[];
  readonly guards: readonly PermissionRule[];
}

/** Read once for each session and agent. */
export function baselineOf(steered: Steered, scope: DirectoryContext, options: ResolvedTurnOptions<unknown>): Baseline {
  const { permissionContext } = steered.connection;
  const { hasSessionRules } = scope.api.capabilities;
  // Where sessions have no rules, the server may have been told to ask by another process.
  const isGuarded = needsGuard(options) || steered.inForce.isGuarded || !hasSessionRules;
  const known = new Map<string, Promise<Rules>>();
  return async (request) => {
    const { permission } = request;
    // Nobody else makes it ask about all paths; a session that was told so by another process has to be looked at.
    const isLimited = permission === "task" && limitsSubagents(options);
    if (!isGuarded && !isLimited && !pathPermissions.has(permission)) return undefined;
    const key = `${request.sessionId} ${request.agent}`;
    const reading = known.get(key) ?? readRules(steered, scope, options, request);
    known.set(key, reading);
    reading.catch(() => known.delete(key));
    const { standing, guards } = await reading;
    if (!isGuarded && !guards.some((guard) => matchesWildcard(permission, guard.permission))) return undefined;
    return decideStanding(standing, request, { ...permissionContext, hasWholeLines: !hasSessionRules });
  };
}

async function readRules(
  { connection, sessionId, inForce, before, temporary }: Steered,
  { api }: DirectoryContext,
  options: ResolvedTurnOptions<unknown>,
  request: PermissionRequest,
): Promise<Rules> {
  const atStart = connection.permissionContext.inForce;
  const isRoot = request.sessionId === sessionId;
  // The session was made with what this turn states, and has no other rules.
  const isAsMade = inForce.isOwn === true && statedRules(options, inForce).length === 0;
  const known = !api.capabilities.hasSessionRules ? [] : isRoot ? (before ?? (isAsMade ? [] : undefined)) : undefined;
  const ofSession = (call: ReadOptions) =>
    known === undefined ? sessionRules(api, request.sessionId, call) : Promise.resolve(known);
  const { lifetime: signal, reconnectTimeout } = connection;
  const retryOptions = { signal, retryTimeout: reconnectTimeout, liveness: api.liveness };
  const [ofAgent, ofItself] = await retryTransient(
    (call) => Promise.all([agentRules(api, request.agent ?? options.agent, call), ofSession(call)]),
    retryOptions,
  );
  const own = isRoot ? statedRules(options, atStart) : [];
  const told = [
    ...ofAgent.rules,
    ...ofItself,
    ...temporary,
    ...(isAsMade ? creationRules(options, atStart, api.capabilities) : []),
  ];
  return {
    standing: [...standingRules(ofAgent.rules, ofItself, atStart.told ?? []), ...own.map(sessionRule)],
    guards: told.filter(isGuard),
  };
}
