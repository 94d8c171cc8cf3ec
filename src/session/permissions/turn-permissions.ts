/** The permissions of a turn: who decides about them, and what the server is told for the time of the turn. */

import { type RetryOptions, retryTransient } from "../../client/retry-transient.js";
import { ConfigError } from "../../errors/index.js";
import { normalize, resolve } from "../../permissions/paths/normalize.js";
import type { Decider } from "../../permissions/policy/deciders.js";
import type { AuditSink, PermissionRequest } from "../../types/index.js";
import { invalidOption } from "../../util/invalid-option.js";
import type { ParkedTurn } from "../approvals/park.js";
import type { Connection, DirectoryContext, SessionContext } from "../context.js";
import type { ResolvedTurnOptions } from "../turn-options.js";
import { restoreTimeout } from "./lent-rules.js";
import { limitsSubagents, SubagentLimits } from "./subagent-limits.js";
import { applyRules, rebase } from "./told-rules.js";
import { turnDeciders } from "./turn-deciders.js";

export interface TurnPermissions {
  readonly deciders: readonly Decider[];
  readonly audit: AuditSink | undefined;
  /** `undefined` without a limit of sub-agents. */
  readonly subagentLimits: SubagentLimits | undefined;
  /** With `onPermission: "park"`. */
  readonly parked: ParkedTurn | undefined;
  /** Takes back what the server was told. Never rejects. */
  readonly revert: () => Promise<void>;
}

/** Tells the server what it has to be told. Rejects with `ConfigError`, and when the server cannot be reached. */
export async function applyTurnPermissions(
  session: SessionContext,
  scope: DirectoryContext,
  options: ResolvedTurnOptions<unknown>,
  retryOptions: RetryOptions,
): Promise<TurnPermissions> {
  const audit = typeof options.audit === "string" ? openAudit(session.connection, options.audit) : options.audit;
  const parked = options.onPermission === "park" ? await openParked(session, scope, options) : undefined;
  const { confineTo } = options;
  const agent = options.agent ?? (await ownAgent(session, scope, retryOptions));
  const checked = { ...options, agent, confineTo: confineTo === undefined ? undefined : absolute(confineTo, scope) };
  await rebase(session, scope, agent, retryOptions);
  const { applied, end } = await applyRules(session, scope, checked, retryOptions);
  try {
    const deciders = turnDeciders(session, scope, checked, applied, parked);
    const subagentLimits = limitsSubagents(options) ? new SubagentLimits(options) : undefined;
    return {
      deciders: subagentLimits?.around(deciders) ?? deciders,
      audit,
      subagentLimits,
      parked,
      revert: () => takeBack(session, scope, end),
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** The rules of the turn, and what the server has kept of its prompt. Never rejects. */
async function takeBack(
  { connection, sessionId }: SessionContext,
  { api }: DirectoryContext,
  end: () => Promise<void>,
): Promise<void> {
  if (!api.capabilities.keepsTurnOptions) return end();
  const { lifetime: signal } = connection;
  const limits = { retryTimeout: restoreTimeout, answeredRetryTimeout: restoreTimeout };
  const restore = retryTransient((call) => api.prompts.restore(sessionId, call), {
    signal,
    ...limits,
    liveness: api.liveness,
  });
  const restored = restore.catch((error: unknown) => {
    // The next prompt through this server's clients sets it back, too.
    if (!signal.aborted) api.logger.debug(`${sessionId} keeps what its last prompt named: ${String(error)}`);
  });
  await Promise.all([restored, end()]);
}

/** The session's own agent, which runs the turns that name none; `undefined` for the server's first one. */
async function ownAgent(
  { sessionId, isFresh, ownAgent: known }: SessionContext,
  { api }: DirectoryContext,
  retryOptions: RetryOptions,
): Promise<string | undefined> {
  if (isFresh || !api.capabilities.keepsTurnOptions) return known?.();
  return (await retryTransient((call) => api.sessions.get(sessionId, call), retryOptions)).agent;
}

/** Rejects with `ConfigError` where there is no store. */
async function openParked(
  { connection }: SessionContext,
  { api }: DirectoryContext,
  { parkAfter = 0, approvalTimeout }: ResolvedTurnOptions<unknown>,
): Promise<ParkedTurn> {
  const { openApprovalStore, approvals } = connection.permissionContext;
  const remember = (request: PermissionRequest): void => approvals.remember(request);
  return { store: await openApprovalStore(), api, parkAfter, approvalTimeout, remember, past: undefined };
}

function openAudit({ permissionContext }: Connection, path: string): AuditSink {
  if (permissionContext.openAudit !== undefined) return permissionContext.openAudit(path);
  throw new ConfigError("audit: there is no file system here", { hint: "Give a function that takes the entries." });
}

/** Throws `ConfigError` where the directory of the session is not known. */
function absolute(confineTo: string, { api }: DirectoryContext): string {
  const path = resolve(api.directory, confineTo);
  if (/^(\/|[A-Za-z]:\/)/.test(path)) return normalize(path);
  throw invalidOption("confineTo", "an absolute path, because the server's directory is not known", confineTo);
}
