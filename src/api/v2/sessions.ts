/** Sessions of 2.x. */
import type { SessionInfo, Todo } from "../../types/answer.js";
import { isRecord, property, stringProperty } from "../../util/json.js";
import type { SessionStatuses, SessionsApi } from "../agent-api.js";
import type { ApiCall, SessionChanges } from "../inputs.js";
import { given } from "../v1/given-fields.js";
import { createSession } from "./create-session.js";
import type { Dialect } from "./dialects.js";
import { ledgerOf } from "./ledger.js";
import { missingError, requireThing } from "./missing.js";
import { serverRules, withoutRun } from "./names.js";
import { listSessions } from "./session-list.js";
import { toSessionInfo } from "./session-shape.js";
import { newestTodos } from "./todos.js";
import { below, dataOf, plainDirectory, requestRoute, type Wire } from "./wire.js";

/** Sessions of a list without a limit, as many as 1.x gives. */
const usualLimit = 100;

/** The sessions of the client's directory. */
export function sessionsV2(wire: Wire): SessionsApi {
  const { client, dialect } = wire;
  const get = async (id: string, call?: ApiCall): Promise<SessionInfo> => {
    const path = below(id);
    return toSessionInfo(dialect, dataOf((await client.request("GET", path, call)).data, path), `GET ${path}`);
  };
  return {
    create: (draft, call) => createSession(wire, draft, call),
    get,
    list: async ({ limit = usualLimit, search, start }, call) => {
      const directory = await ownDirectory(wire, call);
      const isWanted = start === undefined || !dialect.updatesTimes ? undefined : changedSince(start);
      return listSessions(wire, { limit, directory, search, isWanted }, withoutDirectory(call));
    },
    listEverywhere: ({ limit, before }) => {
      const unbound = { dialect, client: client.withOptions({ directory: undefined }) };
      const isWanted = before === undefined ? undefined : (info: SessionInfo) => info.time.updated < before;
      return listSessions(unbound, { limit, isWanted });
    },
    update: async (id, changes, call) => {
      await update(wire, id, changes, get, call);
      return get(id, call);
    },
    delete: async (id, call) => {
      requireThing(dialect, "deleteSession");
      await client.request("DELETE", below(id), call);
    },
    fork: async (id, messageId) => {
      requireThing(dialect, "fork");
      const path = below(id, "/fork");
      const { data } = await client.request("POST", path, { body: forkBody(dialect, messageId) });
      return toSessionInfo(dialect, dataOf(data, path), `POST ${path}`);
    },
    restore: async (conversation, call) => (await import("./restore.js")).restoreV2(wire, conversation, call),
    beginsWithText: async (id) => (await import("./restore.js")).beginsWithText(id),
    children: async (id, call) => {
      if (!dialect.hasSubAgents) return [];
      const unbound = { dialect, client: client.withOptions({ directory: undefined }) };
      const filter = { limit: Number.POSITIVE_INFINITY, parentID: id };
      const children = await listSessions(unbound, filter, withoutDirectory(call));
      return children.filter(({ parentID }) => parentID === id);
    },
    todos: async (id): Promise<Todo[]> => {
      requireThing(dialect, "todos");
      return newestTodos(wire, id);
    },
    share: () => Promise.reject(missingError(dialect, "share")),
    unshare: () => Promise.reject(missingError(dialect, "share")),
    statuses: (call) => statuses(wire, call),
  };
}

/** Those that run, of all directories: the server keeps no list by directory. */
export async function statuses({ client }: Wire, call?: ApiCall): Promise<SessionStatuses> {
  const path = "/api/session/active";
  const active = dataOf((await client.request("GET", path, call)).data, path);
  return Object.fromEntries(Object.keys(active).map((id) => [id, { type: "busy" as const }]));
}

function changedSince(start: number): (info: SessionInfo) => boolean {
  return ({ time }) => time.updated >= start;
}

/** A list without a directory would be that of all. */
async function ownDirectory(wire: Wire, call: ApiCall | undefined): Promise<string | undefined> {
  const directory = call?.directory ?? wire.client.directory;
  if (directory !== undefined) return plainDirectory(directory);
  const { data } = await wire.client.request("GET", "/api/location", call);
  return stringProperty(data, "directory");
}

function withoutDirectory(call: ApiCall | undefined): ApiCall | undefined {
  if (call === undefined) return undefined;
  const { directory: _named, ...others } = call;
  return others;
}

function forkBody({ fork }: Dialect, messageId: string | undefined): object {
  if (messageId === undefined) return {};
  return fork === "before" ? { before: messageId } : { boundary: { type: "before", messageID: messageId } };
}

/** The server replaces the whole list of rules: changes of one session go one after the other. */
async function update(
  wire: Wire,
  id: string,
  changes: SessionChanges,
  get: SessionsApi["get"],
  call: ApiCall | undefined,
): Promise<void> {
  const { dialect } = wire;
  const { title, archivedAt, metadata, addedRules = [], removedRules = [] } = changes;
  const hasRules = addedRules.length + removedRules.length > 0;
  if (archivedAt !== undefined) throw missingError(dialect, "archive");
  if (title !== undefined) requireThing(dialect, "title");
  if (hasRules) requireThing(dialect, "addedRules");
  if (metadata !== undefined) requireThing(dialect, "changedMetadata");
  const route = dialect.update;
  if (route === undefined || (title === undefined && metadata === undefined && !hasRules)) return;
  await ledgerOf(wire.client).inOrder(`fields of ${id}`, async () => {
    const before = hasRules && removedRules !== "all" ? ((await get(id, call)).permission ?? []) : [];
    const kept = removedRules === "all" ? [] : withoutRun(before, removedRules);
    const permissions = hasRules ? serverRules(dialect, [...kept, ...addedRules]) : undefined;
    await requestRoute(wire, route, id, given({ title, metadata, permissions }), call);
  });
}

/** The sessions that run, with the directory of each that can be read. */
export async function activeIn(wire: Wire, directory: string, call: ApiCall | undefined): Promise<boolean> {
  const ids = Object.keys(await statuses(wire, call));
  for (const id of ids.slice(0, mostLooks)) {
    const path = below(id);
    const { data } = await wire.client.request("GET", path, call);
    const location = property(property(data, "data"), "location");
    if (isRecord(location) && stringProperty(location, "directory") === directory) return true;
  }
  return ids.length > mostLooks;
}

const mostLooks = 50;
