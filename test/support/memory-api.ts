/**
 * A second implementation of `AgentApi`: the model of the agent in memory, called directly. No request is made and no route is
 * known, so that whatever runs on it needs nothing of the 1.x protocol but what the seam promises.
 */
import type { AgentApi } from "../../src/api/agent-api.js";
import { createEventReader } from "../../src/api/v1/event-reader.js";
import { openPermission, openQuestion } from "../../src/api/v1/request-shapes.js";
import { Liveness } from "../../src/client/liveness.js";
import { createOpencodeClient, type OpencodeClient } from "../../src/client.js";
import { NotFoundError, SessionNotFoundError } from "../../src/errors/index.js";
import { Opencode } from "../../src/opencode.js";
import type { TurnDefaults } from "../../src/session/turn-options.js";
import { replyPermission, replyQuestion } from "../../src/testing/memory/asks.js";
import { listCommands } from "../../src/testing/memory/commands.js";
import { shown } from "../../src/testing/memory/messages.js";
import { Model, modelName, provider } from "../../src/testing/memory/model.js";
import { submitPrompt } from "../../src/testing/memory/prompt.js";
import type { Message, PendingAsk, Rule, Session } from "../../src/testing/memory/records.js";
import { ensureRun } from "../../src/testing/memory/run.js";
import { type MemoryAgentOptions, MemoryServer } from "../../src/testing/memory/server.js";
import { toolIds } from "../../src/testing/memory/tool-list.js";
import type { Script } from "../../src/testing/script.js";
import type { Message as StoredMessage } from "../../src/types/answer.js";

/** An `Opencode` whose server is a model in this process. */
export function createMemoryOpencode(
  script: Script,
  { defaults = {}, ...options }: MemoryAgentOptions & { readonly defaults?: TurnDefaults } = {},
): { readonly opencode: Opencode; readonly server: MemoryServer } {
  const server = new MemoryServer(options, new Model(script, options));
  server.ensureRun = (session) => ensureRun(server, session);
  const client = clientWithoutRequests(server);
  const api = memoryApi(server, client);
  const seed = { client, server: undefined, defaults, reconnectTimeout: 60_000, apiOf: () => api };
  return { opencode: new Opencode(seed), server };
}

/** Fails at any request. Its event stream is the model's own. */
function clientWithoutRequests(server: MemoryServer): OpencodeClient {
  const fetch = (): Promise<never> => Promise.reject(new Error("a request was made"));
  const client = createOpencodeClient({ baseUrl: "http://memory.invalid", directory: server.directory, fetch });
  return { ...client, stream: async (_path, call) => server.hub.open(server.directory, call?.signal) };
}

function memoryApi(server: MemoryServer, client: OpencodeClient): AgentApi {
  const { directory } = server;
  const { logger } = client;
  const session = (id: string): Session => {
    const found = server.sessions.get(id);
    if (found === undefined) throw new SessionNotFoundError(`no session ${id}`, { status: 404 });
    return found;
  };
  const stored = (id: string): StoredMessage[] => server.messagesOf(session(id)).map(message);
  const found = (isFound: boolean): void => {
    if (!isFound) throw new NotFoundError("no such request", { status: 404 });
  };
  return {
    capabilities: {
      canRepeatPrompt: false,
      continuesRepeatedPrompt: true,
      choosesSessionIds: false,
      hasDurableLog: false,
      rulesAreAppendOnly: true,
      modelSticks: false,
    },
    address: "memory",
    directory,
    logger,
    liveness: new Liveness(async () => {}),
    readEvents: createEventReader(client),
    sessions: {
      ...without<AgentApi["sessions"]>(["listEverywhere", "fork", "share", "unshare"]),
      create: async ({ title, agent, permission, parentId, metadata }) => {
        const given = { title, agent, permission, parentID: parentId, metadata };
        const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
        return copy(server.createSession({ directory, ...present }));
      },
      get: async (id) => copy(session(id)),
      list: async () => copy([...server.sessions.values()].reverse()),
      update: async (id, { title, addedRules = [] }) => {
        const changed = session(id);
        if (title !== undefined) changed.title = title;
        changed.permission = [...(changed.permission ?? []), ...(addedRules as readonly Rule[])];
        server.saved(changed);
        return copy(changed);
      },
      delete: async (id) => {
        server.sessions.delete(id);
        server.messages.delete(id);
      },
      children: async (id) => copy([...server.sessions.values()].filter(({ parentID }) => parentID === id)),
      todos: async (id) => copy(server.todos.get(id) ?? []),
      statuses: async () => copy(Object.fromEntries([...server.status].map(([id, { status }]) => [id, status]))),
    },
    prompts: {
      ...without<AgentApi["prompts"]>(["command", "shell", "compact"]),
      submit: async (id, prompt) => {
        submitPrompt(server, session(id), copy(prompt));
        server.ensureRun(session(id)).catch(() => {}); // its events tell
      },
      abort: async (id) => {
        const run = server.runs.get(id);
        run?.abort();
        await run?.done.catch(() => {});
      },
    },
    messages: {
      ...without<AgentApi["messages"]>(["before", "putPart", "deletePart"]),
      newest: async (id, limit) => readable(stored(id).slice(-limit)),
      find: async (id, messageId) => readable(stored(id)).find(({ info }) => info.id === messageId),
      get: async (id, messageId) => {
        const one = readable(stored(id)).find(({ info }) => info.id === messageId);
        if (one === undefined) throw new NotFoundError(`no message ${messageId}`, { status: 404 });
        return one;
      },
      ofTurn: async (id, messageId) => {
        const all = readable(stored(id));
        return all.slice(
          Math.max(
            0,
            all.findIndex(({ info }) => info.id === messageId),
          ),
        );
      },
      newestFirst: async function* (id) {
        yield* stored(id).reverse();
      },
      oldestFirst: async function* (id) {
        yield* stored(id);
      },
      delete: async (id, messageId) => {
        const list = server.messagesOf(session(id));
        server.messages.set(
          id,
          list.filter(({ info }) => info.id !== messageId),
        );
      },
    },
    changes: without(["diff", "revert", "unrevert", "clearRevert"]),
    requests: {
      permissions: async () => listed<unknown>(server.permissions).flatMap((one) => openPermission(one) ?? []),
      questions: async () => listed<unknown>(server.questions).flatMap((one) => openQuestion(one) ?? []),
      answerPermission: async (id, answer) => {
        const text = answer.reply === "reject" ? answer.message : undefined;
        found(replyPermission(server, id, answer.reply, text));
      },
      answerQuestion: async (id, answers) =>
        found(
          replyQuestion(
            server,
            id,
            answers.map((one) => [...one]),
          ),
        ),
      rejectQuestion: async (id) => found(replyQuestion(server, id, undefined)),
    },
    catalog: {
      ...without<AgentApi["catalog"]>(["paths"]),
      agents: async () => copy([...server.agents.values()]),
      providers: async () => copy([{ id: provider, models: { [modelName]: { id: modelName } } }]),
      commands: async () => copy(listCommands(server)),
      toolNames: async () => [...toolIds],
      config: async () => copy(server.config),
      hasVersionControl: async () => false,
    },
    mcp: { ...without<AgentApi["mcp"]>(["add", "connect", "disconnect"]), statuses: async () => ({}) },
    files: { list: async () => {}, text: async () => undefined },
    server: {
      ...without<AgentApi["server"]>(["setProviderKey", "disposeDirectory"]),
      isDirectoryInUse: async () => server.status.size > 0,
    },
  };
}

/** As another process would have it. The caller says the type: the model stores what its checks let pass. */
function copy<T>(value: unknown): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function message(stored: Message): StoredMessage {
  return copy(shown(stored));
}

function readable(messages: readonly StoredMessage[]): Exclude<StoredMessage, { info: { role: "unreadable" } }>[] {
  return messages.filter((one) => one.info.role !== "unreadable") as Exclude<
    StoredMessage,
    { info: { role: "unreadable" } }
  >[];
}

function listed<T>(asks: ReadonlyMap<string, PendingAsk>): T[] {
  return copy([...asks.values()].map(({ request }) => request));
}

/** Methods that this implementation does not have. */
function without<T, K extends keyof T = keyof T>(names: readonly K[]): Pick<T, K> {
  const refuse = (name: K) => (): Promise<never> => Promise.reject(new Error(`not in memory: ${String(name)}`));
  return Object.fromEntries(names.map((name) => [name, refuse(name)])) as Pick<T, K>;
}
