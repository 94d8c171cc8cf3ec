/** Permission requests and saved rules. */
import type { JsonRecord } from "../../../../src/util/json.js";
import type { Route } from "../http/router.js";
import { anyRecord, list, object, oneOf, optional, startsWith, text } from "../http/shape.js";
import type { Ask, Decision } from "../run/asks.js";
import { recordOf } from "./sessions.js";

export const askRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/permission/request",
    location: true,
    handle: ({ world, directory }) => ({
      location: { directory },
      data: world.asks.of(({ info }) => info.location.directory === directory),
    }),
  },
  {
    method: "GET",
    path: "/session/{s}/permission",
    handle: (request) => {
      const { info } = recordOf(request);
      return { data: request.world.asks.of((record) => record.info.id === info.id) };
    },
  },
  {
    method: "GET",
    path: "/session/{s}/permission/{per}",
    handle: (request) => ({
      data: request.world.asks.find(recordOf(request).info.id, request.params["per"] ?? "").ask,
    }),
  },
  {
    method: "POST",
    path: "/session/{s}/permission",
    body: object({
      id: optional(startsWith("per")),
      action: text,
      resources: list(text),
      save: optional(list(text)),
      metadata: optional(anyRecord),
      source: optional(object({ type: oneOf("tool"), messageID: text, id: text })),
      agent: optional(text),
    }),
    handle: (request) => {
      const { id, agent: _, ...draft } = request.body as JsonRecord & Omit<Ask, "sessionID">;
      return { data: request.world.asks.create(recordOf(request), draft, id) };
    },
  },
  {
    method: "POST",
    path: "/session/{s}/permission/{per}/reply",
    body: object({ decision: oneOf("once", "always", "reject"), message: optional(text) }),
    handle: (request) => {
      const { decision, message } = request.body as { decision: Decision; message?: string };
      request.world.asks.answer(recordOf(request).info.id, request.params["per"] ?? "", decision, message);
    },
  },
  {
    method: "GET",
    path: "/permission/saved",
    query: ["projectID"],
    handle: ({ world, query }) => {
      const project = query.get("projectID");
      return { data: world.store.saved.filter(({ projectID }) => project === null || projectID === project) };
    },
  },
  {
    method: "DELETE",
    path: "/permission/saved/{id}",
    handle: ({ world, params }) => world.store.setSaved(world.store.saved.filter(({ id }) => id !== params["id"])),
  },
];
