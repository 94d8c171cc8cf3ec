/** Sessions: made, listed, changed, copied, deleted. */
import { invalidRequest, messageNotFound } from "../http/failure.js";
import { isAscending, limitOf, pageOf, readCursor } from "../http/page.js";
import type { ApiRequest, Route } from "../http/router.js";
import { list, object, optionalOrNull, startsWith, text } from "../http/shape.js";
import { metadata, modelRef, rule } from "../http/shapes.js";
import { newId } from "../ids.js";
import { createSession, type SessionDraft } from "../run/create-session.js";
import { oldActions } from "../state/config.js";
import type { ModelRef, Rule, SessionInfo, SessionRecord, StoredMessage } from "../types.js";
import type { World } from "../world.js";

const filterNames = ["search", "parentID", "directory", "project", "subpath", "order"] as const;

export const sessionRoutes: readonly Route[] = [
  { method: "GET", path: "/session", query: ["limit", "cursor", ...filterNames], handle: listSessions },
  {
    method: "POST",
    path: "/session",
    body: object({
      id: optionalOrNull(startsWith("ses")),
      title: optionalOrNull(text),
      agent: optionalOrNull(text),
      model: optionalOrNull(modelRef),
      location: optionalOrNull(object({ directory: text })),
      metadata: optionalOrNull(metadata),
      permissions: optionalOrNull(list(rule)),
      parentID: optionalOrNull(startsWith("ses")),
    }),
    handle: create,
  },
  { method: "GET", path: "/session/{s}", handle: (request) => ({ data: recordOf(request).info }) },
  {
    method: "PATCH",
    path: "/session/{s}",
    body: object({
      title: optionalOrNull(text),
      metadata: optionalOrNull(metadata),
      permissions: optionalOrNull(list(rule)),
    }),
    handle: change,
  },
  { method: "DELETE", path: "/session/{s}", handle: (request) => remove(request.world, recordOf(request)) },
  {
    method: "POST",
    path: "/session/{s}/fork",
    body: object({ before: optionalOrNull(startsWith("msg_")) }),
    handle: fork,
  },
  { method: "POST", path: "/session/{s}/agent", body: object({ agent: text }), handle: switchAgent },
  { method: "POST", path: "/session/{s}/model", body: object({ model: modelRef }), handle: switchModel },
];

/** @throws {Failure} 404 */
export function recordOf({ world, params }: ApiRequest): SessionRecord {
  return world.store.get(params["s"] ?? "");
}

/** The directory is the body's, or the server's own: neither a query nor a header counts. */
function create({ world, body, incoming }: ApiRequest): unknown {
  const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null)) as Partial<SessionDraft>;
  const known = given.id === undefined ? undefined : world.store.find(given.id);
  if (known !== undefined) return { data: known.info };
  const parent = given.parentID === undefined ? undefined : world.store.get(given.parentID);
  if (given.location === undefined && parent === undefined && incoming.headers["x-opencode-directory"] !== undefined) {
    world.violate("POST /session: names its directory in a header only");
  }
  checkRules(world, given.permissions);
  const location = parent?.info.location ?? given.location ?? { directory: world.options.directory };
  if (!location.directory.startsWith("/")) throw invalidRequest(`The directory is relative: ${location.directory}`);
  return { data: createSession(world, { ...given, location: { ...location } }).info };
}

function listSessions({ world, query }: ApiRequest): unknown {
  const cursor = query.get("cursor");
  const place = cursor === null ? undefined : readCursor(cursor);
  const given = Object.fromEntries(
    filterNames.flatMap((name) => (query.has(name) ? [[name, query.get(name) ?? ""]] : [])),
  );
  const filters: Readonly<Record<string, string>> = place?.filters ?? given;
  const wanted = world.store
    .all()
    .map(({ info }) => info)
    .filter((info) => matches(info, filters));
  // The newest of the same millisecond is the one that was made last.
  const newestFirst = wanted.reverse().sort((a, b) => b.time.updated - a.time.updated);
  const items = isAscending(filters["order"]) ? newestFirst.reverse() : newestFirst;
  return pageOf(items, ({ id }) => id, limitOf(query, 1000), place, filters);
}

function matches(info: SessionInfo, filters: Readonly<Record<string, string>>): boolean {
  const { search, parentID, directory, project, subpath } = filters;
  if (search !== undefined && !(info.title ?? "").toLowerCase().includes(search.toLowerCase())) return false;
  if (parentID !== undefined && (info.parentID ?? "null") !== parentID) return false;
  if (directory !== undefined && info.location.directory !== directory) return false;
  if (subpath !== undefined && info.subpath !== subpath) return false;
  return project === undefined || info.projectID === project;
}

function change(request: ApiRequest): undefined {
  const { world, body } = request;
  const record = recordOf(request);
  const { title, metadata, permissions } = body as Partial<SessionInfo>;
  if (title != null) {
    record.info.title = title;
    world.hub.durable(record, "session.renamed", { title });
  }
  if (metadata != null) {
    record.info.metadata = metadata;
    world.hub.durable(record, "session.metadata.updated", { metadata });
  }
  if (permissions != null) {
    checkRules(world, permissions);
    record.info.permissions = permissions; // replaces the list
    world.hub.durable(record, "session.permissions", { permissions });
  }
}

/** Ends the run, and takes the children along. */
function remove(world: World, record: SessionRecord): undefined {
  for (const child of world.store.childrenOf(record.info.id)) remove(world, child);
  world.runs.interrupt(record, false);
  world.hub.durable(record, "session.deleted");
  world.store.remove(record.info.id);
}

/** A root session with the messages before the boundary, under new ids. */
function fork(request: ApiRequest): unknown {
  const { world, body } = request;
  const source = recordOf(request);
  const before = body["before"];
  const end =
    typeof before === "string" ? source.messages.findIndex(({ id }) => id === before) : source.messages.length;
  if (end < 0) throw messageNotFound(source.info.id, String(before));
  const { title, agent, model, metadata, permissions, location, id } = source.info;
  const last = source.messages.at(-1)?.id ?? "";
  const boundary = {
    type: typeof before === "string" ? "before" : "through",
    messageID: String(before ?? last),
  } as const;
  const copy = createSession(world, {
    location: { ...location },
    fork: { sessionID: id, boundary },
    ...Object.fromEntries(
      Object.entries({ title, agent, model, metadata, permissions }).filter(([, value]) => value !== undefined),
    ),
  });
  copy.messages = source.messages
    .slice(0, end)
    .map((message): StoredMessage => ({ ...structuredClone(message), id: newId("msg") }));
  copy.entries = structuredClone(source.entries);
  copy.told = structuredClone(source.told);
  world.hub.durable(copy, "session.forked", { parentID: id, boundary });
  return { data: copy.info };
}

/** Also to the same agent, and to one that does not exist. */
function switchAgent(request: ApiRequest): undefined {
  const record = recordOf(request);
  const agent = String(request.body["agent"]);
  const previous = record.info.agent === undefined ? {} : { previous: record.info.agent };
  record.info.agent = agent;
  record.messages.push({ id: newId("msg"), type: "agent-switched", agent, ...previous, time: { created: Date.now() } });
  request.world.hub.durable(record, "session.agent.selected", { agent, ...previous });
}

function switchModel(request: ApiRequest): undefined {
  const record = recordOf(request);
  const model = request.body["model"] as ModelRef;
  const previous = record.info.model === undefined ? {} : { previous: record.info.model };
  record.info.model = model;
  record.messages.push({ id: newId("msg"), type: "model-switched", model, ...previous, time: { created: Date.now() } });
  request.world.hub.durable(record, "session.model.selected", { model, ...previous });
}

/** Actions of 1.x mean nothing in rules of 2.x. */
function checkRules(world: World, rules: readonly Rule[] | null | undefined): void {
  for (const { action } of rules ?? []) {
    if (Object.hasOwn(oldActions, action))
      world.violate(`a rule names the 1.x action ${action}: ${oldActions[action]} is meant`);
  }
}
