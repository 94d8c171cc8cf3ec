/** Lists of a directory: empty with 200 until it has settled. */
import type { JsonRecord } from "../../../../src/util/json.js";
import { Failure } from "../http/failure.js";
import type { ApiRequest, Route } from "../http/router.js";
import { json, object, optional, text } from "../http/shape.js";
import { parseModel } from "../run/session-model.js";
import type { Agent } from "../state/agents.js";
import type { ModelEntry, ProviderEntry } from "../state/config.js";

export const listRoutes: readonly Route[] = [
  { method: "GET", path: "/model", location: true, handle: listOf(models) },
  {
    method: "GET",
    path: "/model/default",
    location: true,
    handle: (request) => {
      const { world, directory } = request;
      const wanted = parseModel(world.locations.config(directory).model);
      const model = models(request).find(
        ({ id, providerID }) => id === wanted?.id && providerID === wanted?.providerID,
      );
      return { location: { directory }, data: world.locations.isSettled(directory) ? (model ?? null) : null };
    },
  },
  { method: "GET", path: "/provider", location: true, handle: listOf(providers) },
  {
    method: "GET",
    path: "/provider/{id}",
    location: true,
    handle: (request) => one(request, providers(request), "ProviderNotFoundError", "providerID"),
  },
  { method: "GET", path: "/agent", location: true, handle: listOf(agents) },
  {
    method: "GET",
    path: "/agent/{id}",
    location: true,
    handle: (request) => one(request, agents(request), "AgentNotFoundError", "agentID"),
  },
  { method: "GET", path: "/command", location: true, handle: listOf(commands) },
  { method: "GET", path: "/skill", location: true, handle: listOf(() => []) },
  {
    // A bare list of documents, not merged.
    method: "GET",
    path: "/config",
    location: true,
    handle: ({ world, directory }) =>
      world.locations
        .documents(directory)
        .map(({ path, info }) => ({ type: "document", ...(path === undefined ? {} : { path }), info })),
  },
  {
    method: "POST",
    path: "/integration/{id}/connect/key",
    location: true,
    body: object({ key: text, answer: optional(json), label: optional(text) }),
    handle: ({ world, directory, params, body }) => {
      const isKnown = world.locations.config(directory).providers.some(({ id }) => id === params["id"]);
      if (isKnown) {
        world.keys.set(params["id"] ?? "", String(body["key"]));
        return undefined;
      }
      const fields = { integrationID: params["id"] };
      throw new Failure(404, "IntegrationNotFoundError", `Integration not found: ${params["id"]}`, fields);
    },
  },
];

function listOf(items: (request: ApiRequest) => readonly unknown[]): Route["handle"] {
  return (request) => {
    const { world, directory } = request;
    return { location: { directory }, data: world.locations.isSettled(directory) ? items(request) : [] };
  };
}

function one(request: ApiRequest, items: readonly JsonRecord[], tag: string, field: string): unknown {
  const { directory, params } = request;
  const found = items.find(({ id }) => id === params["id"]);
  if (found === undefined) throw new Failure(404, tag, `Not found: ${params["id"]}`, { [field]: params["id"] });
  return { location: { directory }, data: found };
}

function models({ world, directory }: ApiRequest): JsonRecord[] {
  return world.locations
    .config(directory)
    .providers.flatMap((provider) => provider.models.map((model) => wireModel(provider, model)));
}

function wireModel(provider: ProviderEntry, model: ModelEntry): JsonRecord {
  const { id, modelID, name, variants, limit, cost } = model;
  return {
    id,
    modelID,
    providerID: provider.id,
    name,
    capabilities: { tools: model.tools, input: model.input, output: ["text"] },
    variants,
    time: { released: 0 },
    cost: [cost],
    status: "active",
    enabled: true,
    limit,
  };
}

function providers({ world, directory }: ApiRequest): JsonRecord[] {
  const { providers } = world.locations.config(directory);
  return providers.map(({ id, name, package: module }) => ({ id, name, activation: "enabled", package: module }));
}

function agents({ world, directory }: ApiRequest): JsonRecord[] {
  return world.locations.agents(directory).map(wireAgent);
}

function wireAgent({ id, mode, hidden, description, system, steps, rules }: Agent): JsonRecord {
  const request = { settings: {}, headers: {}, body: {} };
  const known = Object.fromEntries(
    Object.entries({ description, system, steps }).filter(([, value]) => value !== undefined),
  );
  return { id, name: id, request, ...known, mode, hidden, permissions: rules };
}

function commands({ world, directory }: ApiRequest): JsonRecord[] {
  return Object.entries(world.locations.config(directory).commands).map(([name, { description }]) => ({
    name,
    ...(description === undefined ? {} : { description }),
  }));
}
