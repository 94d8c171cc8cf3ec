/** The sessions of a server: a new one, an existing one, and their list. */
import { ConfigError } from "../errors/index.js";
import { toolsNeedNode } from "../tools/tool-list.js";
import type {
  CreateSessionOptions,
  ImportOptions,
  SessionInfo,
  SessionOptions,
  SessionsOptions,
  Tool,
} from "../types/index.js";
import { optionNames, placesOfOptions } from "../types/option-names.js";
import { checkOptions } from "../util/check-options.js";
import { checkBudget } from "./budget/check-budget.js";
import type { Connection } from "./context.js";
import { newSession } from "./new-session.js";
import { inForceAfter } from "./permissions/turn-rules.js";
import { Session } from "./session.js";
import { hintOf } from "./session-directory.js";
import { checkTurnOptions } from "./turn-option-checks.js";
import { overridden, resolveTurnOptions, type TurnDefaults } from "./turn-options.js";

/** Sessions in the first page of the list. */
const firstPage = 100;

/** Creates a session on the server. */
export async function createSession(connection: Connection, options: CreateSessionOptions): Promise<Session> {
  checkOptions(options, optionNames.createSession, "createSession()", placesOfOptions);
  const tools = options.tools === undefined ? [] : await checkTools(connection, options.tools);
  const { agent, model, permission, permissionMode } = options;
  const given = { agent, model, permission, permissionMode };
  checkTurnOptions(given);
  checkBudget(options.budget);
  const defaults: TurnDefaults = overridden(connection.defaults, given);
  const steered = resolveTurnOptions({}, defaults);
  const info = await newSession(connection, options, steered);
  connection.tools?.give(info.id, tools);
  const inForce = inForceAfter(steered, connection.permissionContext.inForce, connection.api.capabilities);
  return new Session({ connection, sessionId: info.id, defaults, inForce }, hintOf(info));
}

/** An existing session, without a request. */
export function existingSession(connection: Connection, id: string, options: SessionOptions): Session {
  checkOptions(options, optionNames.session, "session()", placesOfOptions);
  if (typeof id !== "string" || !/^ses[A-Za-z0-9_-]+$/.test(id)) {
    throw new ConfigError(`a session id begins with "ses_"; got ${JSON.stringify(id)}`);
  }
  const { defaults } = connection;
  const { inForce } = connection.permissionContext;
  const expected = givenDirectory(connection, options.directory);
  return new Session({ connection, sessionId: id, defaults, inForce }, { expected });
}

/** A session that is made of a document. */
export async function importedSession(
  connection: Connection,
  document: unknown,
  options: ImportOptions,
): Promise<Session> {
  const { importSession } = await import("./transfer/import-session.js");
  const info = await importSession(connection, document, options);
  const { agent, model } = options;
  const defaults: TurnDefaults = overridden(connection.defaults, { agent, model });
  const seed = { connection, sessionId: info.id, defaults, inForce: connection.permissionContext.inForce };
  return new Session(seed, hintOf(info));
}

/** Iterates the sessions of a directory, newest first. */
export async function* listSessions(connection: Connection, options: SessionsOptions): AsyncGenerator<SessionInfo> {
  checkOptions(options, optionNames.sessions, "sessions()");
  const { search, archived = false, limit = Number.POSITIVE_INFINITY } = options;
  const directory = givenDirectory(connection, options.directory);
  const wanted = search?.toLowerCase() ?? "";
  const seen = new Set<string>();
  for (let size = firstPage, grew = true; grew && seen.size < limit; size *= 2) {
    // The list has no cursor: it is read again, larger, until it is whole.
    const call = { directory: directory ?? connection.client.directory };
    const page = await connection.api.sessions.list({ limit: size, search }, call);
    grew = page.length >= size;
    for (const info of page) {
      if (seen.has(info.id) || seen.size >= limit) continue;
      if (!archived && (info.time.archived ?? 0) > 0) continue;
      // The server finds more: "_" and "%" are wildcards of its database (1.18.33).
      if (wanted !== "" && !String(info.title).toLowerCase().includes(wanted)) continue;
      seen.add(info.id);
      yield info;
    }
  }
}

function checkTools({ tools: host }: Connection, tools: unknown): Promise<readonly Tool[]> {
  if (host !== undefined) return host.check(tools);
  throw toolsNeedNode();
}

function givenDirectory(connection: Connection, directory: string | undefined): string | undefined {
  return directory === undefined ? undefined : connection.resolveDirectory(directory);
}
