/**
 * A second implementation of `AgentApi`: the model of the agent in memory, called directly. No request is made and no route is
 * known, so that whatever runs on it needs nothing of the 1.x protocol but what the seam promises.
 */
import type { AgentApi } from "../../src/api/agent-api.js";
import { createEventReader } from "../../src/api/v1/event-reader.js";
import { openPermission, openQuestion } from "../../src/api/v1/request-shapes.js";
import { statusError } from "../../src/client/status-error.js";
import { createOpencodeClient, type OpencodeClient } from "../../src/client.js";
import { APIConnectionError, OpencodeError } from "../../src/errors/index.js";
import { Opencode } from "../../src/opencode.js";
import type { TurnDefaults } from "../../src/session/turn-options.js";
import * as actions from "../../src/testing/memory/actions.js";
import { replyPermission, replyQuestion } from "../../src/testing/memory/asks.js";
import { listCommands, runShell } from "../../src/testing/memory/commands.js";
import { configOf, providerOf } from "../../src/testing/memory/info-routes.js";
import { createMemoryServer } from "../../src/testing/memory/memory-agent.js";
import { forkSession, listSessions, shown } from "../../src/testing/memory/messages.js";
import type { Session } from "../../src/testing/memory/records.js";
import { busy, notFound, Refusal, tagged } from "../../src/testing/memory/replies.js";
import { revert, unrevert } from "../../src/testing/memory/revert.js";
import type { MemoryAgentOptions, MemoryServer } from "../../src/testing/memory/server.js";
import { toolIds } from "../../src/testing/memory/tool-list.js";
import type { Script } from "../../src/testing/script.js";
import type { ReadableMessage } from "../../src/types/answer.js";
import { raceAbort } from "../../src/util/abort.js";
import { type ApiGroups, type ApiMethodCall, callThrough, unavailable } from "./api-calls.js";

interface MemoryOpencodeOptions extends MemoryAgentOptions {
  readonly defaults?: TurnDefaults;
  /** Puts another `AgentApi` in the place of the model's. */
  readonly change?: (api: AgentApi) => AgentApi;
}

/** An `Opencode` whose server is a model in this process. */
export function createMemoryOpencode(
  script: Script,
  { defaults = {}, change = (api) => api, ...options }: MemoryOpencodeOptions = {},
): { readonly opencode: Opencode; readonly server: MemoryServer } {
  const server = createMemoryServer(script, options);
  const fetch = (): Promise<never> => Promise.reject(new Error("a request was made"));
  const client = createOpencodeClient({ baseUrl: "http://memory.invalid", directory: server.directory, fetch });
  const api = change(memoryApi(server, client));
  const seed = { client, server: undefined, defaults, reconnectTimeout: 60_000, apiOf: () => api };
  return { opencode: new Opencode(seed), server };
}

/** The server as an `AgentApi`. Of the client it has the address, the logger and the signs of life. */
export function memoryApi(
  server: MemoryServer,
  { baseUrl: address, logger, liveness }: Pick<OpencodeClient, "baseUrl" | "logger" | "liveness">,
): AgentApi {
  return { ...atAgent(server), address, logger, liveness };
}

/** All of an `AgentApi` that is the agent's own. */
export type AtAgent = Omit<AgentApi, "address" | "logger" | "liveness">;

/** The part of it that the model itself answers. */
export function atAgent(server: MemoryServer): AtAgent {
  const groups: ApiGroups = {
    sessions: sessionsOf(server),
    prompts: promptsOf(server),
    messages: messagesOf(server),
    changes: {
      ...unavailable<AgentApi["changes"]>(["clearRevert"]),
      diff: async () => [],
      revert: async (id, { messageId }) => {
        revert(server, idle(server, id), messageId);
        return copy(session(server, id));
      },
      unrevert: async (id) => unrevert(server, idle(server, id)),
    },
    requests: requestsOf(server),
    catalog: {
      ...unavailable<AgentApi["catalog"]>(["paths"]),
      agents: async () => copy([...server.agents.values()]),
      providers: async () => copy([providerOf(server)]),
      commands: async () => copy(listCommands(server)),
      toolNames: async () => [...toolIds],
      config: async () => copy(configOf(server)),
      hasVersionControl: async () => server.options.git === true,
    },
    mcp: { ...unavailable<AgentApi["mcp"]>(["add", "connect", "disconnect", "remove"]), statuses: async () => ({}) },
    files: { list: async () => {}, text: async () => undefined },
    server: {
      ...unavailable<AgentApi["server"]>(["setProviderKey", "disposeDirectory"]),
      isDirectoryInUse: async () => server.status.size > 0,
    },
  };
  const stream: OpencodeClient["stream"] = async (_path, call) => server.hub.open(server.directory, call?.signal);
  const readEvents = createEventReader({ stream });
  const through = <T>(call: ApiMethodCall<T>): Promise<T> => answered(server, call);
  return {
    capabilities: {
      canRepeatPrompt: false,
      continuesRepeatedPrompt: true,
      takesSessionIds: false,
      keepsPromptParts: true,
      hasSessionRules: true,
      queuesPrompts: false,
      withdrawsPrompts: false,
      handsOnRules: false,
      tellsDenials: true,
      hasNativeOutput: true,
      expandsCommands: true,
      compactsByUsage: true,
      restoresWithRevert: false,
      disposesDirectories: true,
      reloadsDirectories: true,
      reloadsForKeys: true,
      keepsTurnOptions: false,
      storesTitles: true,
      changesMetadata: true,
      deletesMessages: true,
      deletesSessions: true,
      keepsTodos: true,
      attachable: undefined,
    },
    directory: server.directory,
    readEvents: (reading) => through({ name: "readEvents", args: [], work: () => readEvents(reading) }),
    ...callThrough(groups, through),
  };
}

function sessionsOf(server: MemoryServer): AgentApi["sessions"] {
  const { directory } = server;
  const named = (id: string): Session => session(server, id);
  return {
    ...unavailable<AgentApi["sessions"]>(["listEverywhere", "share", "unshare"]),
    create: async ({ parentId: parentID, model, ...draft }) => {
      const used = model && { providerID: model.providerID, id: model.modelID };
      return copy(actions.createSession(server, directory, copy({ ...draft, parentID, model: used })));
    },
    get: async (id) => copy(named(id)),
    list: async (filter) => copy(listSessions(server, directory, new URLSearchParams(copy({ ...filter })))),
    update: async (id, { title, archivedAt, addedRules }) => {
      const time = archivedAt === undefined ? undefined : { archived: archivedAt };
      actions.changeSession(server, named(id), copy({ title, time, permission: addedRules }));
      return copy(named(id));
    },
    delete: async (id) => actions.removeSession(server, named(id)),
    fork: async (id, messageId) => copy(forkSession(server, named(id), messageId)),
    children: async (id) => copy([...server.sessions.values()].filter(({ parentID }) => parentID === named(id).id)),
    todos: async (id) => copy(server.todos.get(named(id).id) ?? []),
    statuses: async () => copy(actions.statuses(server, directory)),
  };
}

function promptsOf(server: MemoryServer): AgentApi["prompts"] {
  return {
    submit: async (id, prompt) => actions.startPrompt(server, session(server, id), copy(prompt)),
    steer: async (id, prompt) => actions.startPrompt(server, session(server, id), copy(prompt)),
    dropSteer: async (id, { messageID }) => actions.removeMessage(server, idle(server, id), messageID),
    command: async (id, { messageId, name, ...given }) => {
      await actions.command(server, session(server, id), copy({ messageID: messageId, command: name, ...given }));
    },
    shell: async (id, { messageId, command, agent }) => {
      await runShell(server, idle(server, id), { messageID: messageId, command, agent });
    },
    compact: async (id, model) => actions.summarize(server, session(server, id), model),
    abort: async (id) => actions.abortSession(server, id),
    isStored: async (id, { messageID }) =>
      server.messagesOf(session(server, id)).some(({ info }) => info.id === messageID),
    settings: async (_id, wanted) => wanted,
    mayQueue: async () => false,
    withdraw: async () => "begun",
    restore: async () => {},
    clearFailure: async (id, messageId) => {
      const messages = server.messagesOf(session(server, id));
      const last = messages.at(-1)?.info;
      const isFiltered = last?.role === "assistant" && last.id !== messageId && last.finish === "content-filter";
      if (!isFiltered) return [];
      actions.removeMessage(server, idle(server, id), last.id);
      return [last.id];
    },
  };
}

function messagesOf(server: MemoryServer): AgentApi["messages"] {
  const all = (id: string): ReadableMessage[] => copy(server.messagesOf(session(server, id)).map(shown));
  const one = (id: string, messageId: string): ReadableMessage | undefined =>
    all(id).find(({ info }) => info.id === messageId);
  const stored = (id: string, messageId: string): ReadableMessage => {
    const found = one(id, messageId);
    if (found === undefined) throw notFound("Message", messageId);
    return found;
  };
  return {
    ...unavailable<AgentApi["messages"]>(["putPart", "deletePart"]),
    newest: async (id, limit) => all(id).slice(-limit),
    find: async (id, messageId) => one(id, messageId),
    get: async (id, messageId) => stored(id, messageId),
    ofTurn: async (id, messageId) => {
      const first = all(id).findIndex(({ info }) => info.id === messageId);
      return all(id).slice(Math.max(0, first));
    },
    newestFirst: async function* (id, { before } = {}) {
      const end = all(id).findIndex(({ info }) => info.id === before);
      yield* all(id)
        .slice(0, end < 0 ? undefined : end)
        .reverse();
    },
    oldestFirst: async function* (id) {
      yield* all(id);
    },
    before: async (id, messageId) => ({ before: stored(id, messageId).info.id }),
    delete: async (id, messageId) => actions.removeMessage(server, idle(server, id), messageId),
  };
}

function requestsOf(server: MemoryServer): AgentApi["requests"] {
  const { directory, permissions, questions } = server;
  const reply = (kind: string, wasFound: boolean): void => {
    if (!wasFound) throw tagged(404, `${kind}NotFoundError`);
  };
  return {
    permissions: async () => actions.openAsks(permissions, directory).flatMap((ask) => openPermission(copy(ask)) ?? []),
    questions: async () => actions.openAsks(questions, directory).flatMap((ask) => openQuestion(copy(ask)) ?? []),
    answerPermission: async (id, answer) => {
      const text = answer.reply === "reject" ? answer.message : undefined;
      reply("Permission", replyPermission(server, id, answer.reply, text));
    },
    answerQuestion: async (id, answers) => reply("Question", replyQuestion(server, id, copy(answers))),
    rejectQuestion: async (id) => reply("Question", replyQuestion(server, id, undefined)),
  };
}

/** The call's result, unless the agent crashes before. What the model refuses has the class that the seam promises. */
async function answered<T>({ life }: MemoryServer, { name, work }: ApiMethodCall<T>): Promise<T> {
  const { signal } = life;
  try {
    signal.throwIfAborted();
    return await raceAbort(work(), signal);
  } catch (error) {
    if (error instanceof Refusal) throw await typed(error, name);
    if (signal.aborted && !(error instanceof OpencodeError))
      throw new APIConnectionError(`${name}: the agent is gone`, { cause: error });
    throw error;
  }
}

async function typed(refusal: Refusal, name: string): Promise<OpencodeError> {
  const response = refusal.response();
  const { status, headers } = response;
  return statusError({ status, headers, bodyText: await response.text(), method: "call", path: name });
}

function session(server: MemoryServer, id: string): Session {
  const found = server.sessions.get(id);
  if (found === undefined) throw notFound("Session", id);
  return found;
}

function idle(server: MemoryServer, id: string): Session {
  if (server.runs.has(id)) throw busy(id);
  return session(server, id);
}

/** As another process would have it. The caller says the type: the model stores what its checks let pass. */
function copy<T>(value: unknown): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
