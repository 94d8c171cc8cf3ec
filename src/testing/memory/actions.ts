/** What a client makes the agent do with its sessions, in whatever protocol it says so. */
import { isRecord, type JsonRecord } from "../../util/json.js";
import { runCommand } from "./commands.js";
import { requestCompaction } from "./compaction.js";
import { submitPrompt } from "./prompt.js";
import type { Message, ModelName, PendingAsk, Rule, Session } from "./records.js";
import { internalError } from "./replies.js";
import { cleanUpRevert } from "./revert.js";
import { PromptFailure } from "./run-handle.js";
import type { MemoryServer } from "./server.js";
import { removeUsage } from "./usage.js";

/** Makes a session of the fields that a client may give. */
export function createSession(server: MemoryServer, directory: string, body: JsonRecord): Session {
  const names = ["title", "parentID", "permission", "metadata", "agent", "model"];
  const given = names.filter((name) => body[name] !== undefined).map((name) => [name, body[name]]);
  return server.createSession({ directory, ...Object.fromEntries(given) });
}

/** One event for each thing that changes, as the server does. */
export function changeSession(server: MemoryServer, session: Session, body: JsonRecord): void {
  const { title, metadata, permission, time } = body;
  if (typeof title === "string") {
    session.title = title;
    server.saved(session);
  }
  if (metadata !== undefined) {
    session.metadata = metadata;
    server.saved(session);
  }
  if (Array.isArray(permission)) {
    session.permission = [...(session.permission ?? []), ...(permission as Rule[])]; // appended, never replaced
    server.saved(session);
  }
  if (isRecord(time) && typeof time["archived"] === "number") {
    session.time.archived = time["archived"];
    server.saved(session);
  }
}

/** What runs in it goes on: so it does with the real one. */
export function removeSession(server: MemoryServer, session: Session): void {
  for (const child of server.sessions.values()) if (child.parentID === session.id) removeSession(server, child);
  server.sessions.delete(session.id);
  server.messages.delete(session.id);
  server.saved(session, false, "session.deleted");
}

/** Removes a message; one that is not there is told as removed all the same. */
export function removeMessage(server: MemoryServer, session: Session, messageID: string): void {
  const list = server.messagesOf(session);
  const at = list.findIndex(({ info }) => info.id === messageID);
  const [removed] = at < 0 ? [] : list.splice(at, 1);
  if (removed !== undefined) removeUsage(session, removed.info);
  server.tell(session, "message.removed", { sessionID: session.id, messageID }, session.id);
}

/** Stores a prompt and has the session run; resolves to the last answer. */
export async function prompt(server: MemoryServer, session: Session, body: JsonRecord): Promise<Message> {
  const message = submitPrompt(server, session, body);
  return body["noReply"] === true ? message : server.ensureRun(session);
}

/** The same for who does not wait: a prompt that cannot be run is told by an event. */
export function startPrompt(server: MemoryServer, session: Session, body: JsonRecord): void {
  const work = server.pause(server.life.signal).then(() => prompt(server, session, body));
  work.catch((error: unknown) => {
    if (!(error instanceof PromptFailure)) return; // crashed
    const failure = { name: "UnknownError", data: { message: error.trace } };
    server.tell(session, "session.error", { sessionID: session.id, error: failure });
  });
}

/** Ends the session's run; resolves when it has ended. */
export async function abortSession(server: MemoryServer, id: string): Promise<void> {
  const run = server.runs.get(id);
  if (run === undefined) {
    const session = server.sessions.get(id);
    if (session !== undefined) server.setStatus(session, { type: "idle" }); // told again
    return;
  }
  run.abort();
  await run.done.catch(() => {});
}

/** Has the session summarized, after what it is doing. */
export async function summarize(
  server: MemoryServer,
  session: Session,
  model: ModelName,
  { auto = false }: { readonly auto?: boolean } = {},
): Promise<void> {
  await server.runs.get(session.id)?.done.catch(() => {});
  cleanUpRevert(server, session);
  requestCompaction(server, session, { agent: session.agent ?? "build", model }, { auto });
  await answered(() => server.ensureRun(session));
}

/** Runs a command; resolves to its answer. */
export function command(server: MemoryServer, session: Session, body: JsonRecord): Promise<Message> {
  return answered(() => runCommand(server, session, body));
}

/** What the client did wrong is a 500 here; what the crash of the agent breaks is nobody's answer. */
export async function answered(work: () => Promise<Message>): Promise<Message> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof PromptFailure ? internalError() : error;
  }
}

/** The asks of a directory that wait. */
export function openAsks(asks: ReadonlyMap<string, PendingAsk>, directory: string): JsonRecord[] {
  const here = [...asks.values()].filter(({ session }) => session.directory === directory);
  return here.map(({ request }) => request);
}

/** The statuses of a directory's sessions; idle ones have none. */
export function statuses({ status }: MemoryServer, directory: string): JsonRecord {
  const here = [...status].filter(([, one]) => one.directory === directory);
  return Object.fromEntries(here.map(([id, one]) => [id, one.status]));
}
