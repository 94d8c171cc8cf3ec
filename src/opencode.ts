/** The agent, over a connected client: no child process, no file system, so that it works in a browser too. */
import type { AgentApi } from "./api/agent-api.js";
import { readHealth } from "./api/protocol.js";
import type { OpencodeClient } from "./client/client.js";
import { ServerConnection } from "./connection.js";
import type { OpencodeSeed } from "./connection-seed.js";
import type { Credential } from "./credential.js";
import { type ProviderKey, setProviderKey } from "./provider-auth.js";
import { AnswerStream, isDetached } from "./session/answer-stream.js";
import { directoryEvents } from "./session/directory-events.js";
import { loadOperations } from "./session/load-operations.js";
import { replyTo } from "./session/permissions/reply.js";
import type { Session } from "./session/session.js";
import { createSession, existingSession, importedSession, listSessions } from "./session/session-list.js";
import type { Mcp } from "./tools/mcp.js";
import type {
  AgentEvent,
  AgentInfo,
  Answer,
  Approvals,
  BudgetStatus,
  CommandInfo,
  CreateSessionOptions,
  EventsOptions,
  ImportOptions,
  JsonSchema,
  ModelInfo,
  OpencodeServer,
  Prompt,
  ProviderInfo,
  ReloadOptions,
  RequestReply,
  ServerProtocol,
  SessionDocument,
  SessionInfo,
  SessionOptions,
  SessionsOptions,
  StandardSchema,
  StreamOptions,
  TurnOptions,
} from "./types/index.js";

type EventHub = ReturnType<ServerConnection["scope"]>["hub"];

/** Configuration that the server has loaded for a directory. */
export interface Loaded {
  /** Existing configuration files; `undefined` if they cannot be read (in a browser, or on a remote server). */
  readonly configFiles: readonly string[] | undefined;
  /** Names of the configured MCP servers. */
  readonly mcpServers: readonly string[];
  /** Names of the configured plugins. */
  readonly plugins: readonly string[];
  /** The user's configuration folder; empty if the server does not tell it (2.x). */
  readonly configFolder: string;
}

/** A connection to one agent server. `createOpencode()` makes it. Methods reject also as requests of {@link OpencodeClient}. */
export class Opencode {
  /** The server that `createOpencode()` started; `undefined` if it connected to a running one. */
  readonly server: OpencodeServer | undefined;
  readonly #connection: ServerConnection;
  readonly #configFiles: OpencodeSeed["configFiles"];

  /** @internal */
  constructor(seed: OpencodeSeed) {
    this.server = seed.server;
    this.#connection = new ServerConnection(seed);
    this.#configFiles = seed.configFiles;
  }

  /** The MCP servers of the agent. */
  get mcp(): Mcp {
    return this.#connection.mcp;
  }

  /** Permission requests that wait in the `approvalStore` for a decision (`onPermission: "park"`), of all processes that use it. */
  get approvals(): Approvals {
    return this.#connection.permissionContext.stored;
  }

  /** The typed REST client. `reconnect()` replaces it. */
  get client(): OpencodeClient {
    return this.#connection.client;
  }

  /** The protocol of the server, and its release. */
  get protocol(): ServerProtocol {
    return this.#connection.protocol;
  }

  /** The server, for the command and the server of the web page; another one after `reconnect()`. @internal */
  get api(): AgentApi {
    return this.#connection.api;
  }

  /** Listens to the directory's events in the terms of `api`, for the web page; the connection is that of the turns. @internal */
  listen(listener: Parameters<EventHub["subscribe"]>[0]): ReturnType<EventHub["subscribe"]> {
    return this.#connection.scope(undefined).hub.subscribe(listener);
  }

  /** Asks in a new session, and resolves with the answer. Rejects as `Session.ask()`. */
  ask<T>(prompt: Prompt, options: TurnOptions<T> & { readonly schema: StandardSchema<T> }): Promise<Answer<T>>;
  ask<T = unknown>(prompt: Prompt, options: TurnOptions<T> & { readonly schema: JsonSchema }): Promise<Answer<T>>;
  ask<T = undefined>(prompt: Prompt, options?: TurnOptions<T>): Promise<Answer<T>>;
  ask<T>(prompt: Prompt, options: TurnOptions<T> = {}): Promise<Answer<T>> {
    return this.askStream<T>(prompt, options).answerOnly();
  }

  /** Asks in a new session, and streams the answer. The turn starts at once. */
  askStream<T>(prompt: Prompt, options: StreamOptions<T> & { readonly schema: StandardSchema<T> }): AnswerStream<T>;
  askStream<T = unknown>(prompt: Prompt, options: StreamOptions<T> & { readonly schema: JsonSchema }): AnswerStream<T>;
  askStream<T = undefined>(prompt: Prompt, options?: StreamOptions<T>): AnswerStream<T>;
  askStream<T>(prompt: Prompt, options: StreamOptions<T> = {}): AnswerStream<T> {
    const stream = new AnswerStream<T>(async (report) => {
      const { askNewSession } = await loadOperations();
      return askNewSession(this.#connection, prompt, options, report);
    }, options);
    if (!isDetached(options)) this.#connection.track(stream);
    return stream;
  }

  /**
   * Creates a session. With a title, the server makes no extra model call for one.
   * @throws {ModelNotFoundError} for an unknown `model`.
   * @throws {AgentNotFoundError} for an unknown `agent`.
   * @throws {ConfigError} for a wrong option.
   */
  createSession(options: CreateSessionOptions = {}): Promise<Session> {
    return createSession(this.#connection, options);
  }

  /**
   * Returns an existing session, without a request. Its first use rejects with `SessionNotFoundError` for an unknown id, and with
   * `ConfigError` if `directory` is given and the session has another one.
   * @throws {ConfigError} for a text that is no session id.
   */
  session(id: string, options: SessionOptions = {}): Session {
    return existingSession(this.#connection, id, options);
  }

  /**
   * Makes a session of a document of {@link Session.export}, with the same context for the model. Calls no model. A server of 2.x gets the
   * conversation as one text; docs/moving.md says which things no server restores. A failed import leaves no session behind.
   * @throws {ConfigError} for a document that is not whole, with the path of the wrong field, and for a document of a newer release.
   * @throws {ModelNotFoundError} if the server lacks the document's model: the option `model` gives another one.
   * @throws {AgentNotFoundError} if the server lacks the document's agent: the option `agent` gives another one.
   * @throws {UnsupportedEndpointError} if the document has denials and the server's sessions have no rules (the preview of 2.0), or if it
   * has a budget and the server cannot change metadata (2.0).
   */
  importSession(document: SessionDocument, options: ImportOptions = {}): Promise<Session> {
    return importedSession(this.#connection, document, options);
  }

  /** Iterates the sessions of a directory, newest first. Leaves archived ones out, unless `archived` is true. */
  sessions(options: SessionsOptions = {}): AsyncGenerator<SessionInfo> {
    return listSessions(this.#connection, options);
  }

  /**
   * Iterates the events of all sessions of the directory, from now on. After a lost connection the iteration continues without
   * the missed events. It ends on `close()`, and rejects if the server ends by itself. A slow reader gets joined pieces of a text;
   * above 10,000 waiting events, `raw` and `status` events are dropped.
   */
  events(options: EventsOptions = {}): AsyncIterable<AgentEvent> {
    return directoryEvents(this.#connection, options);
  }

  /**
   * Answers a request of the agent by the `id` of its event `permission-request` or `question`, from anywhere in the process. The
   * first answer counts, also while a callback of the turn runs. Resolves when the server has the answer; a refusal resolves when
   * it is final. For a request of another connection's turn, `"always"` is the server's own: it holds for all sessions of the
   * directory.
   * @throws {ConfigError} for a reply of the wrong kind.
   * @throws {ConflictError} for an answered request.
   * @throws {NotFoundError} for a request that is not open.
   */
  reply(requestId: string, reply: RequestReply): Promise<void> {
    const apis = new Set([this.api, ...this.#connection.scopes.map(({ api }) => api)]);
    return replyTo(this.#connection.desk, [...apis], requestId, reply);
  }

  /** Lists the models that the server can use, with their full names (`"provider/model"`). */
  async models(): Promise<ModelInfo[]> {
    return (await this.providers()).flatMap((provider) =>
      Object.entries(provider.models).map(([id, model]) => ({ ...model, fullName: `${provider.id}/${id}` })),
    );
  }

  /** Lists the agents of the server: `build`, `plan` … */
  async agents(): Promise<AgentInfo[]> {
    return this.api.catalog.agents();
  }

  /** Lists the names of the tools that an agent can have. */
  async tools(): Promise<string[]> {
    return this.api.catalog.toolNames();
  }

  /** Lists the commands for `Session.command()`. */
  async commands(): Promise<CommandInfo[]> {
    return this.api.catalog.commands();
  }

  /** Lists the model providers with their models. The result may hold keys: do not log it. */
  async providers(): Promise<ProviderInfo[]> {
    return this.api.catalog.providers();
  }

  /** Reads the health and the release of the server. */
  health(): Promise<{ healthy: boolean; version: string }> {
    return readHealth(this.client, this.#connection.identity.protocol);
  }

  /** Reads the configuration that the server has loaded for the client's directory. */
  async loaded(): Promise<Loaded> {
    const { catalog } = this.api;
    const [paths, config] = await Promise.all([catalog.paths(), catalog.config()]);
    return {
      configFiles: paths.config === "" ? undefined : await this.#configFiles?.(paths), // 2.x does not tell its folders
      mcpServers: Object.keys(config.mcp ?? {}),
      plugins: (config.plugin ?? []).map((plugin) => (typeof plugin === "string" ? plugin : String(plugin[0]))),
      configFolder: paths.config,
    };
  }

  /**
   * Makes the server take up changed agents, skills, MCP servers and configuration files of a directory. It waits until all runs in the
   * directory have ended, of all clients. Turns that are asked meanwhile wait and then run with the new configuration. Resolves when the
   * directory is loaded again.
   * @throws {AbortedError} if the `signal` aborts while a run goes on. Nothing is reloaded then.
   * @throws {ConfigError} if the server cannot read the new configuration. 1.18.33 then refuses every request about the directory until it is restarted.
   * @throws {UnsupportedEndpointError} on the preview of 2.0, which reads its configuration once.
   */
  async reload(options: ReloadOptions = {}): Promise<void> {
    const { reloadDirectory } = await loadOperations();
    await reloadDirectory(this.#connection, options);
  }

  /**
   * Stores a key for a model provider with the server's logins. The client's directory uses it from then on. `{ env }` reads the key
   * from this process's environment.
   * @throws {ProviderAuthError} for an empty key, or for a variable that is not set.
   * @throws {SessionBusyError} while a turn runs in the directory: the server aborts turns when it reloads its providers (1.18.33).
   */
  async setAuth(providerId: string, key: ProviderKey): Promise<void> {
    await setProviderKey(this.api, providerId, key);
    for (const { names } of this.#connection.scopes) names.forget();
  }

  /**
   * Replaces the credential. A new connection checks it first; then all new requests and turns use it, and running ones end with the
   * old one. After a rejection nothing has changed. Simultaneous calls run one after the other.
   * @throws {AuthenticationError} if the server refuses the credential.
   * @throws {ConfigError} for a credential with neither or both of `password` and `token`.
   */
  reconnect(credential: Credential): Promise<void> {
    return this.#connection.reconnect(credential);
  }

  /** Aborts open turns, closes the connection, and ends the server if `createOpencode()` started it. Idempotent. */
  close(): Promise<void> {
    return this.#connection.close();
  }

  /** Reads what the turns of this client have used of its `budget`, and what is left of each limit. */
  async budget(): Promise<BudgetStatus> {
    return this.#connection.budgets.client?.status ?? { spent: { cost: 0, tokens: 0, steps: 0 }, left: {} };
  }

  /** Calls {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
