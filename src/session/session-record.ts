/** The server's record of a session: its description, title, state and publication, and its deletion. */
import type { SessionChanges } from "../api/inputs.js";
import { OpencodeError } from "../errors/index.js";
import type { SessionInfo, Todo } from "../types/answer.js";
import type { BudgetStatus } from "../types/budget.js";
import { recordProperty, stringProperty } from "../util/json.js";
import { readSpending } from "./budget/session-spending.js";
import { lesser, statusOf } from "./budget/spending.js";
import type { SessionContext } from "./context.js";
import { abortSession } from "./idle-session.js";

/** Reads the server's description of the session. */
export async function readInfo({ sessionId, scope }: SessionContext): Promise<SessionInfo> {
  return (await scope()).api.sessions.get(sessionId);
}

/** Reads what a session has used, and what it may still use: the lesser of what is left of its budget and of its client's. */
export async function readBudget(session: SessionContext): Promise<BudgetStatus> {
  const { record, spent } = await readSpending(session, (await session.scope()).api);
  const { left } = statusOf(record?.limits ?? {}, spent);
  return { spent, left: lesser(left, session.connection.budgets.client?.status.left ?? {}) };
}

/** Changes the description. */
export async function updateSession({ sessionId, scope }: SessionContext, changes: SessionChanges): Promise<void> {
  await (await scope()).api.sessions.update(sessionId, changes);
}

/** Reads the agent's todo list. */
export async function readTodos({ sessionId, scope }: SessionContext): Promise<Todo[]> {
  return (await scope()).api.sessions.todos(sessionId);
}

/** Lists the child sessions. */
export async function readChildSessions({ sessionId, scope }: SessionContext): Promise<SessionInfo[]> {
  return (await scope()).api.sessions.children(sessionId);
}

/** Reads the state. A session that the server does not list is idle. */
export async function readStatus({ sessionId, scope }: SessionContext): Promise<{ type: "idle" | "busy" | "retry" }> {
  const statuses = await (await scope()).api.sessions.statuses();
  const type = stringProperty(recordProperty(statuses, sessionId), "type");
  return { type: type === "busy" || type === "retry" ? type : "idle" };
}

/** Publishes the session, and resolves with its address. Rejects with `OpencodeError` when the server gives none. */
export async function shareSession({ sessionId, scope }: SessionContext): Promise<string> {
  const url = (await (await scope()).api.sessions.share(sessionId)).share?.url;
  if (url === undefined)
    throw new OpencodeError("the server did not share the session", {
      sessionId,
      hint: "Sharing may be disabled in its configuration.",
    });
  return url;
}

/** Ends the publication. */
export async function unshareSession({ sessionId, scope }: SessionContext): Promise<void> {
  await (await scope()).api.sessions.unshare(sessionId);
}

/** Aborts the run, which the server would not do, and deletes the session with all that is kept for it here. */
export async function deleteSession(session: SessionContext): Promise<void> {
  const { connection, sessionId } = session;
  const { api } = await session.scope();
  await abortSession(session);
  await api.sessions.delete(sessionId);
  connection.permissionContext.borrowed.forget(sessionId);
  await connection.tools?.forget(sessionId);
}
