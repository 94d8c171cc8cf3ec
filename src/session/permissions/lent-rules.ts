/**
 * The rules of a turn on a server whose sub-agents have the rules of the session that calls them (`handsOnRules`). A sub-agent that is
 * called again keeps what it had, so the session and all below it are given the rules before the prompt, and lose them after the turn.
 */
import type { AgentApi } from "../../api/agent-api.js";
import type { SessionChanges } from "../../api/inputs.js";
import { type ReadOptions, type RetryOptions, retryTransient } from "../../client/retry-transient.js";
import type { PermissionRule, SessionInfo } from "../../types/answer.js";
import { mintId } from "../../util/ids.js";
import { settled, settledBefore } from "../../util/settled.js";
import type { SessionContext } from "../context.js";

/** What was told to the server is taken back within this time, in ms, also when the turn was aborted. */
export const restoreTimeout = 5_000;

/** The name of the rule in front of those of a turn. It is no permission's: the rule tells them from others that are alike. */
const markName = "opencode-ts";

/** What a session, and all below it, was given for a turn. */
export interface LentRules {
  readonly rules: readonly PermissionRule[];
  /** Takes them back. Never rejects. */
  readonly end: () => Promise<void>;
}

/** Gives them. Rejects when the server cannot be reached. */
export async function lendRules(
  session: SessionContext,
  api: AgentApi,
  wanted: readonly PermissionRule[],
  retryOptions: RetryOptions,
): Promise<LentRules> {
  const rules: PermissionRule[] = [{ permission: markName, pattern: mintId("msg"), action: "deny" }, ...wanted];
  const end = () => takeBack(session, api, rules);
  try {
    await changeTree(session, api, { addedRules: rules }, retryOptions, (child) => !hasRule(child, rules[0]));
  } catch (error) {
    await end(); // the server may have them all the same
    throw error;
  }
  return { rules, end };
}

/** Takes back what earlier turns of the session have left with sub-agents that went on. */
export async function takeBackLeft(session: SessionContext, api: AgentApi): Promise<void> {
  const { left } = session.connection.permissionContext.borrowed;
  const before = left.get(session.sessionId) ?? [];
  left.delete(session.sessionId);
  for (const rules of before) await takeBack(session, api, rules);
}

/** Changes a session and then those below it, so that one that is made meanwhile has the change as well. */
export async function changeTree(
  { connection, sessionId }: Tree,
  api: AgentApi,
  changes: SessionChanges,
  retryOptions: RetryOptions,
  isChanged: (child: SessionInfo) => boolean = () => true,
): Promise<void> {
  await retryTransient((call) => api.sessions.update(sessionId, changes, call), retryOptions);
  const below = (await childrenOf({ connection, sessionId }, api, retryOptions)).filter(isChanged);
  const changeBelow = ({ id }: SessionInfo) =>
    changeTree({ connection, sessionId: id }, api, changes, retryOptions, isChanged);
  await Promise.all(below.map(changeBelow));
}

type Tree = Pick<SessionContext, "connection" | "sessionId">;

/** Without those that the application has made. */
async function childrenOf({ connection, sessionId }: Tree, api: AgentApi, retryOptions: RetryOptions) {
  const children = await retryTransient((call) => api.sessions.children(sessionId, call), retryOptions);
  return children.filter(({ id }) => !connection.isSeparate(id));
}

function hasRule({ permission = [] }: SessionInfo, mark: PermissionRule | undefined): boolean {
  return permission.some((rule) => rule.permission === mark?.permission && rule.pattern === mark.pattern);
}

/** A sub-agent that works in the background keeps them, and so do those below it: they are taken back in the next turn. */
async function takeBack(
  { connection, sessionId }: SessionContext,
  api: AgentApi,
  rules: readonly PermissionRule[],
): Promise<void> {
  const { lifetime } = connection;
  const { left } = connection.permissionContext.borrowed;
  const retryOptions = { signal: lifetime, retryTimeout: restoreTimeout, liveness: api.liveness };
  let isLeft = false;
  const isChanged = async (child: SessionInfo): Promise<boolean> => {
    if (!hasRule(child, rules[0])) return false;
    const isOver = await hasEnded(api, child.id, retryOptions);
    isLeft ||= !isOver;
    return isOver;
  };
  const takeFrom = async (id: string): Promise<void> => {
    await retryTransient((call) => api.sessions.update(id, { removedRules: rules }, call), retryOptions);
    const below = await childrenOf({ connection, sessionId: id }, api, retryOptions);
    await Promise.all(below.map(async (child) => ((await isChanged(child)) ? takeFrom(child.id) : undefined)));
  };
  const work = settled(takeFrom(sessionId));
  const result = await settledBefore(work, 2 * restoreTimeout, lifetime).catch(() => undefined); // closed
  if (lifetime.aborted) return;
  if (result?.ok !== true || isLeft) left.set(sessionId, [...(left.get(sessionId) ?? []), rules]);
  if (result?.ok === true) return;
  api.logger.warn(`the rules of one turn could not be taken back from the session ${sessionId}: it stays as it is`);
}

/** Its newest message is an answer that is whole, or that has failed. */
async function hasEnded(api: AgentApi, sessionId: string, retryOptions: RetryOptions): Promise<boolean> {
  const read = (call: ReadOptions) => api.messages.newest(sessionId, 1, call);
  const info = (await retryTransient(read, retryOptions)).at(-1)?.info;
  if (info?.role !== "assistant") return false;
  return info.error !== undefined || (info.finish !== undefined && info.finish !== "tool-calls");
}
