/** Sessions of 1.x. */
import { nameOwnDirectory, type OpencodeClient } from "../../client/client.js";
import type { RequestBody } from "../../client/typed.js";
import type { SessionsApi } from "../agent-api.js";
import type { SessionChanges, SessionDraft } from "../inputs.js";
import { requireExact } from "./exact-directory.js";
import { given } from "./given-fields.js";

/** The sessions of the client's directory. */
export function sessionsV1(client: OpencodeClient): SessionsApi {
  return {
    create: async (draft, call) => {
      requireExact(call?.directory ?? client.directory);
      const { data } = await client.POST("/session", { ...call, body: createBody(draft) });
      if (call?.directory === undefined) nameOwnDirectory(client, data.directory);
      return data;
    },
    get: async (id, call) => (await client.GET("/session/{sessionID}", { ...call, ...place(id) })).data,
    list: async ({ limit, search, start }, call) => {
      const query = given({ start, limit, search });
      return (await client.GET("/session", { ...call, params: { query } })).data;
    },
    listEverywhere: async ({ limit, before }) => {
      const query = { limit, archived: true, ...given({ cursor: before }) };
      const unbound = client.withOptions({ directory: undefined }); // with a directory it lists the sessions of that one
      return (await unbound.GET("/experimental/session", { params: { query } })).data;
    },
    update: async (id, changes, call) => {
      return (await client.PATCH("/session/{sessionID}", { ...call, ...place(id), body: updateBody(changes) })).data;
    },
    delete: async (id, call) => void (await client.DELETE("/session/{sessionID}", { ...call, ...place(id) })),
    fork: async (id, messageId) => {
      const body = given({ messageID: messageId });
      return (await client.POST("/session/{sessionID}/fork", { ...place(id), body })).data;
    },
    restore: async (conversation, call) => (await import("./restore.js")).restoreV1(client, conversation, call),
    beginsWithText: async () => false, // also a text is a message at once
    children: async (id, call) => (await client.GET("/session/{sessionID}/children", { ...call, ...place(id) })).data,
    todos: async (id) => (await client.GET("/session/{sessionID}/todo", place(id))).data,
    share: async (id) => (await client.POST("/session/{sessionID}/share", place(id))).data,
    unshare: async (id) => void (await client.DELETE("/session/{sessionID}/share", place(id))),
    statuses: async (call) => (await client.GET("/session/status", call)).data,
  };
}

type CreateBody = NonNullable<RequestBody<"post", "/session">>;
type UpdateBody = NonNullable<RequestBody<"patch", "/session/{sessionID}">>;

function createBody({ title, agent, model, variant, permission, parentId, metadata }: SessionDraft): CreateBody {
  return given({
    title,
    agent,
    model: model && { providerID: model.providerID, id: model.modelID, ...(variant === undefined ? {} : { variant }) },
    permission: permission && [...permission],
    parentID: parentId,
    metadata: metadata && { ...metadata },
  });
}

/** The server appends the rules to those that the session has (1.18.33). */
function updateBody({ title, archivedAt, metadata, addedRules }: SessionChanges): UpdateBody {
  return given({
    title,
    time: archivedAt === undefined ? undefined : { archived: archivedAt },
    metadata: metadata && { ...metadata },
    permission: addedRules && [...addedRules],
  });
}

function place(sessionID: string): { params: { path: { sessionID: string } } } {
  return { params: { path: { sessionID } } };
}
