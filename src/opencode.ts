/** The agent, over a connected client: no child process, no file system, so that it works in a browser too. */
import type { AgentApi } from "./api/agent-api.js";
import { readHealth } from "./api/protocol.js";
import type { OpencodeClient } from "./client/client.js";
import { type Credential, type OpencodeSeed, ServerConnection } from "./connection.js";
import { ConfigError } from "./errors/index.js";
import { listen } from "./events/listen.js";
import { type ProviderKey, setProviderKey } from "./provider-auth.js";
import { AnswerStream, isDetached } from "./session/answer-stream.js";
import { newSession } from "./session/new-session.js";
import { replyTo } from "./session/permissions/reply.js";
import { inForceAfter } from "./session/permissions/turn-rules.js";
import { Session } from "./session/session.js";
import { askNewSession } from "./session/turn/ask-new.js";
import { overridden, resolveTurnOptions, type TurnDefaults } from "./session/turn-options.js";
import type { Mcp } from "./tools/mcp.js";
import { toolsNeedNode } from "./tools/tool-list.js";
import type { AgentInfo, Answer, CommandInfo, ModelInfo, ProviderInfo, SessionInfo } from "./types/answer.js";
import type { AgentEvent } from "./types/event.js";
import { optionNames, placesOfOptions } from "./types/option-names.js";
import type { CreateSessionOptions, TurnOptions } from "./types/options.js";
import type { Prompt } from "./types/prompt.js";
import type { RequestReply } from "./types/request.js";
import type { JsonSchema, StandardSchema } from "./types/schema.js";
import type { OpencodeServer } from "./types/server.js";
import type { EventsOptions, SessionOptions, SessionsOptions, StreamOptions } from "./types/session-options.js";
import type { Tool } from "./types/tool.js";
import { checkOptions } from "./util/check-options.js";

/** Sessions per page of `sessions()`. */
const sessionPage = 100;

/** Configuration that the server has loaded for a directory. */
export interface Loaded {
  /** Existing configuration files; `undefined` if they cannot be read (in a browser, or on a remote server). */
  readonly configFiles: readonly string[] | undefined;
  /** Names of the configured MCP servers. */
  readonly mcpServers: readonly string[];
  /** Names of the configured plugins. */
  readonly plugins: readonly string[];
  /** The user's configuration folder. */
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

  /** The typed REST client. `reconnect()` replaces it. */
  get client(): OpencodeClient {
    return this.#connection.client;
  }

  /** The server, for the command and the server of the web page; another one after `reconnect()`. @internal */
  get api(): AgentApi {
    return this.#connection.api;
  }

  /** Asks in a new session, and resolves with the answer. Rejects as `Session.ask()`. */
  ask<T>(prompt: Prompt, options: TurnOptions<T> & { readonly schema: StandardSchema<T> }): Promise<Answer<T>>;
  ask<T = unknown>(prompt: Prompt, options: TurnOptions<T> & { readonly schema: JsonSchema }): Promise<Answer<T>>;
  ask<T = undefined>(prompt: Prompt, options?: TurnOptions<T>): Promise<Answer<T>>;
  ask<T>(prompt: Prompt, options: TurnOptions<T> = {}): Promise<Answer<T>> {
    return this.askStream<T>(prompt, options).answer;
  }

  /** Asks in a new session, and streams the answer. The turn starts at once. */
  askStream<T>(prompt: Prompt, options: StreamOptions<T> & { readonly schema: StandardSchema<T> }): AnswerStream<T>;
  askStream<T = unknown>(prompt: Prompt, options: StreamOptions<T> & { readonly schema: JsonSchema }): AnswerStream<T>;
  askStream<T = undefined>(prompt: Prompt, options?: StreamOptions<T>): AnswerStream<T>;
  askStream<T>(prompt: Prompt, options: StreamOptions<T> = {}): AnswerStream<T> {
    const stream = new AnswerStream<T>((report) => askNewSession(this.#connection, prompt, options, report), options);
    if (!isDetached(options)) this.#connection.track(stream);
    return stream;
  }

  /**
   * Creates a session. With a title, the server makes no extra model call for one.
   * @throws {ModelNotFoundError} for an unknown `model`.
   * @throws {AgentNotFoundError} for an unknown `agent`.
   * @throws {ConfigError} for a wrong option.
   */
  async createSession(options: CreateSessionOptions = {}): Promise<Session> {
    checkOptions(options, optionNames.createSession, "createSession()", placesOfOptions);
    const connection = this.#connection;
    const tools = options.tools === undefined ? [] : await this.#checkTools(options.tools);
    const { agent, model, permission, permissionMode } = options;
    const given = { agent, model, permission, permissionMode };
    const defaults = overridden<TurnDefaults, TurnDefaults>(connection.defaults, given);
    const steered = resolveTurnOptions({}, defaults);
    const info = await newSession(connection, options, steered);
    connection.tools?.give(info.id, tools);
    const inForce = inForceAfter(steered, connection.permissionContext.inForce);
    return new Session({ connection, sessionId: info.id, defaults, inForce }, { known: info.directory });
  }

  /**
   * Returns an existing session, without a request. Its first use rejects with `SessionNotFoundError` for an unknown id, and with
   * `ConfigError` if `directory` is given and the session has another one.
   * @throws {ConfigError} for a text that is no session id.
   */
  session(id: string, options: SessionOptions = {}): Session {
    checkOptions(options, optionNames.session, "session()", placesOfOptions);
    if (typeof id !== "string" || !/^ses[A-Za-z0-9_-]+$/.test(id)) {
      throw new ConfigError(`a session id begins with "ses_"; got ${JSON.stringify(id)}`);
    }
    const connection = this.#connection;
    const { defaults } = connection;
    const { inForce } = connection.permissionContext;
    const expected = this.#placed(options.directory);
    return new Session({ connection, sessionId: id, defaults, inForce }, { expected });
  }

  /** Iterates the sessions of a directory, newest first. Leaves archived ones out, unless `archived` is true. */
  async *sessions(options: SessionsOptions = {}): AsyncGenerator<SessionInfo> {
    checkOptions(options, optionNames.sessions, "sessions()");
    const { search, archived = false, limit = Number.POSITIVE_INFINITY } = options;
    const directory = this.#placed(options.directory);
    const wanted = search?.toLowerCase() ?? "";
    const seen = new Set<string>();
    for (let size = sessionPage, grew = true; grew && seen.size < limit; size *= 2) {
      // The list has no cursor: it is read again, larger, until it is whole.
      const call = { directory: directory ?? this.client.directory };
      const page = await this.api.sessions.list({ limit: size, search }, call);
      grew = page.length >= size;
      for (const info of page) {
        if (seen.has(info.id) || seen.size >= limit) continue;
        if (!archived && (info.time.archived ?? 0) > 0) continue;
        // The server finds more: "_" and "%" are wildcards of its database (1.18.33).
        if (wanted !== "" && !String(info.title).toLowerCase().includes(wanted)) continue;
        seen.add(info.id);
        yield info;
      }
    }
  }

  /**
   * Iterates the events of all sessions of the directory, from now on. After a lost connection the iteration continues without
   * the missed events. It ends on `close()`, and rejects if the server ends by itself. A slow reader gets joined pieces of a text;
   * above 10,000 waiting events, `raw` and `status` events are dropped.
   */
  events(options: EventsOptions = {}): AsyncIterable<AgentEvent> {
    checkOptions(options, optionNames.events, "events()");
    return { [Symbol.asyncIterator]: () => this.#listen(options.strict === true) };
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
    return readHealth(this.client);
  }

  /** Reads the configuration that the server has loaded for the client's directory. */
  async loaded(): Promise<Loaded> {
    const { catalog } = this.api;
    const [paths, config] = await Promise.all([catalog.paths(), catalog.config()]);
    return {
      configFiles: await this.#configFiles?.(paths),
      mcpServers: Object.keys(config.mcp ?? {}),
      plugins: (config.plugin ?? []).map((plugin) => (typeof plugin === "string" ? plugin : String(plugin[0]))),
      configFolder: paths.config,
    };
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

  /** Calls {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #checkTools(tools: unknown): Promise<readonly Tool[]> {
    const host = this.#connection.tools;
    if (host !== undefined) return host.check(tools);
    throw toolsNeedNode();
  }

  #placed(directory: string | undefined): string | undefined {
    return directory === undefined ? undefined : this.#connection.resolveDirectory(directory);
  }

  #listen(strict: boolean): AsyncIterator<AgentEvent> {
    const { client, hub } = this.#connection.scope(undefined);
    return listen({ hub, lifetime: this.#connection.lifetime, strict, logger: client.logger });
  }
}
