/** Forms. Their session may be any text, for example `global`. */
import { invalidRequest } from "../http/failure.js";
import type { ApiRequest, Route } from "../http/router.js";
import { anyRecord, json, object, optional, startsWith, text } from "../http/shape.js";
import { areFields } from "../run/forms.js";

export const formRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/form",
    location: true,
    handle: ({ world, directory }) => ({
      location: { directory },
      data: world.forms.pending((entry) => entry.directory === directory),
    }),
  },
  {
    method: "GET",
    path: "/session/{s}/form",
    handle: ({ world, params }) => ({ data: world.forms.pending(({ form }) => form.sessionID === params["s"]) }),
  },
  {
    method: "POST",
    path: "/session/{s}/form",
    body: object({ id: optional(startsWith("frm_")), title: text, metadata: optional(anyRecord), fields: json }),
    handle: create,
  },
  {
    method: "GET",
    path: "/session/{s}/form/{frm}",
    handle: ({ world, params }) => {
      const { form, state } = world.forms.find(params["s"] ?? "", params["frm"] ?? "");
      return { data: { ...form, state } };
    },
  },
  {
    method: "POST",
    path: "/session/{s}/form/{frm}/reply",
    body: object({ answer: anyRecord }),
    handle: ({ world, params, body }) =>
      world.forms.answer(params["s"] ?? "", params["frm"] ?? "", body["answer"] as Record<string, unknown>),
  },
  {
    method: "DELETE",
    path: "/session/{s}/form/{frm}",
    query: ["message"],
    handle: ({ world, params, query }) =>
      world.forms.cancel(params["s"] ?? "", params["frm"] ?? "", query.get("message") ?? undefined),
  },
];

function create({ world, params, body, directory }: ApiRequest): unknown {
  const { id, title, metadata, fields } = body;
  if (!areFields(fields)) throw invalidRequest("Expected at least one field, each with key and type");
  const sessionID = params["s"] ?? "";
  const draft = {
    sessionID,
    title: String(title),
    fields,
    ...(metadata === undefined ? {} : { metadata: metadata as Record<string, unknown> }),
  };
  const known = world.store.find(sessionID)?.info.location.directory ?? directory;
  return { data: world.forms.create({ ...draft, ...(typeof id === "string" ? { id } : {}) }, known) };
}
