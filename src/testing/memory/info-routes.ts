/** Routes that tell what the agent is and has, and those that end its instances. */
import { home } from "./agents.js";
import type { Routes } from "./call.js";
import { listCommands } from "./commands.js";
import { type Model, modelName, provider } from "./model.js";
import { replay } from "./replay.js";
import { json } from "./replies.js";
import { type MemoryServer, release } from "./server.js";
import { toolIds } from "./tool-list.js";

/** By method and path. */
export const infoRoutes: Routes = {
  "GET /global/health": () => json({ healthy: true, version: release }),
  "GET /event": ({ server, directory, signal }) => server.hub.open(directory, signal),
  "GET /global/event": ({ server, signal }) => server.hub.open(undefined, signal),
  "GET /agent": ({ server }) => json([...server.agents.values()]),
  "GET /command": ({ server }) => json(listCommands(server)),
  "GET /config": ({ server }) => json(configOf(server)),
  "GET /config/providers": ({ server }) => json({ providers: [providerOf(server)], default: defaultsOf(server) }),
  "GET /provider": ({ server }) => {
    return json({ all: [providerOf(server)], default: defaultsOf(server), connected: [provider] });
  },
  "GET /experimental/tool/ids": () => json(toolIds),
  "GET /path": ({ server, directory }) => {
    const worktree = server.root(directory);
    return json({
      home,
      state: `${home}/.local/state/opencode`,
      config: `${home}/.config/opencode`,
      worktree,
      directory,
    });
  },
  "GET /project/current": ({ server, directory }) => json(projectOf(server, directory)),
  "GET /project": ({ server, directory }) => json([projectOf(server, directory)]),
  "GET /mcp": () => json({}),
  "GET /pty": () => json([]), // none can be opened here
  "PUT /auth/{providerID}": () => json(true),
  "GET /lsp": () => json([]),
  "GET /formatter": () => json([]),
  "GET /file/status": () => json([]),
  "POST /sync/replay": ({ server, body }) => json(replay(server, body)),
  "POST /instance/dispose": async ({ server, directory }) => {
    await dispose(server, directory);
    return json(true);
  },
  "POST /global/dispose": async ({ server }) => {
    const directories = new Set([...server.sessions.values()].map(({ directory }) => directory));
    for (const directory of directories) await dispose(server, directory);
    server.hub.publish(undefined, "global.disposed", {});
    return json(true);
  },
};

async function dispose(server: MemoryServer, directory: string): Promise<void> {
  const running = [...server.runs].filter(([id]) => server.sessions.get(id)?.directory === directory);
  for (const [, run] of running) run.abort();
  for (const [, { done }] of running) await done.catch(() => {});
  for (const asks of [server.permissions, server.questions]) {
    for (const [id, { session }] of asks) if (session.directory === directory) asks.delete(id);
  }
  server.approved.delete(directory);
  server.hub.publish({ directory, project: server.project }, "server.instance.disposed", { directory });
  server.hub.end(directory);
}

/** The configuration, with what the agent adds to it. */
export function configOf({ config, model }: MemoryServer): object {
  const name = `${provider}/${modelName}`;
  const { [provider]: own, ...others } = config.provider ?? {};
  const models = Object.fromEntries(model.entries);
  return {
    command: {},
    plugin: [],
    agent: {},
    mode: {},
    username: "unknown",
    model: name,
    small_model: name,
    enabled_providers: [provider],
    ...config,
    provider: { ...others, [provider]: { npm: wireProtocol, name: "Scripted", ...own, models } },
  };
}

const wireProtocol = "@ai-sdk/openai-compatible";

/** The provider of the scripted models: no other one is enabled. */
export function providerOf({ config, model }: MemoryServer): object {
  const { name = "Scripted" } = config.provider?.[provider] ?? {};
  const models = Object.fromEntries([...model.entries.keys()].map((id) => [id, modelInfo(model, id)]));
  return { id: provider, name, source: "config", env: [], options: {}, models };
}

/** The names of its models are sorted backwards, and the first is the default (1.18.33). A prompt has that of the configuration. */
function defaultsOf({ model }: MemoryServer): object {
  return { [provider]: [...model.entries.keys()].sort().at(-1) };
}

function modelInfo(model: Model, id: string): object {
  const { name = id, limit, cost, attachment = false, variants = {}, ...rest } = model.entry(id);
  const { temperature = false, reasoning = false, tool_call: toolcall = true } = rest;
  const media = { text: true, audio: false, image: false, video: false, pdf: false };
  const capabilities = {
    temperature,
    reasoning,
    attachment,
    toolcall,
    input: media,
    output: media,
    interleaved: false,
  };
  return {
    id,
    providerID: provider,
    api: { id: model.wireName(id), url: "", npm: wireProtocol },
    name,
    family: "",
    capabilities,
    cost: {
      input: cost?.input ?? 0,
      output: cost?.output ?? 0,
      cache: { read: cost?.cache_read ?? 0, write: cost?.cache_write ?? 0 },
    },
    limit: limit ?? { context: 0, output: 0 },
    status: "active",
    options: {},
    headers: {},
    release_date: "",
    variants,
  };
}

function projectOf(server: MemoryServer, directory: string): object {
  const time = { created: server.projectTime, updated: server.projectTime };
  const git = server.options.git === true ? { vcs: "git" } : {};
  return { id: server.project, worktree: server.root(directory), ...git, time, sandboxes: [] };
}
