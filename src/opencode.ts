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

/** What the server has loaded for a directory. */
export interface Loaded {
  /** Configuration files that exist; `undefined` where they cannot be looked at (a browser, a remote server). */
  readonly configFiles: readonly string[] | undefined;
  readonly mcpServers: readonly string[];
  readonly plugins: readonly string[];
  /** The user's configuration folder. */
  readonly configFolder: string;
}

/** One agent server. Made by `createOpencode()`. Methods throw the errors of `OpencodeClient` calls. */
export class Opencode {
  /** The server that `createOpencode()` started; `undefined` when it connected to one. */
  readonly server: OpencodeServer | undefined;
  readonly #connection: ServerConnection;
  readonly #configFiles: OpencodeSeed["configFiles"];

  /** @internal */
  constructor(seed: OpencodeSeed) {
    this.server = seed.server;
    this.#connection = new ServerConnection(seed);
    this.#configFiles = seed.configFiles;
  }

  /** The MCP servers that the agent takes tools from. */
  get mcp(): Mcp {
    return this.#connection.mcp;
  }

  /** The typed REST client; another one after `reconnect()`. */
  get client(): OpencodeClient {
    return this.#connection.client;
  }

  /** @internal The server, for the command and the web page's server; another one after `reconnect()`. */
  get api(): AgentApi {
    return this.#connection.api;
  }

  /** Asks in a new session and resolves to the answer. Rejects as `Session.ask` does. */
  ask<T>(prompt: Prompt, options: TurnOptions<T> & { readonly schema: StandardSchema<T> }): Promise<Answer<T>>;
  ask<T = unknown>(prompt: Prompt, options: TurnOptions<T> & { readonly schema: JsonSchema }): Promise<Answer<T>>;
  ask<T = undefined>(prompt: Prompt, options?: TurnOptions<T>): Promise<Answer<T>>;
  ask<T>(prompt: Prompt, options: TurnOptions<T> = {}): Promise<Answer<T>> {
    return this.askStream<T>(prompt, options).answer;
  }

  /** Asks in a new session, with the text as it comes. Starts at once. */
  askStream<T>(prompt: Prompt, options: StreamOptions<T> & { readonly schema: StandardSchema<T> }): AnswerStream<T>;
  askStream<T = unknown>(prompt: Prompt, options: StreamOptions<T> & { readonly schema: JsonSchema }): AnswerStream<T>;
  askStream<T = undefined>(prompt: Prompt, options?: StreamOptions<T>): AnswerStream<T>;
  askStream<T>(prompt: Prompt, options: StreamOptions<T> = {}): AnswerStream<T> {
    const stream = new AnswerStream<T>((report) => askNewSession(this.#connection, prompt, options, report), options);
    if (!isDetached(options)) this.#connection.track(stream);
    return stream;
  }

  /** A new session. With a title no model is asked for one. Throws `ModelNotFoundError` and `AgentNotFoundError`. */
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
   * A session that exists. No request is made: the id is checked on first use (`SessionNotFoundError`), and so is `directory`, if it
   * is given: the first use throws `ConfigError` when the session's is another one.
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

  /** The sessions of a directory, newest first. Archived ones are left out unless `archived` is true. */
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
   * The events of the directory, of all sessions, from now on. After a cut it goes on; what was missed is missing. With
   * `strict` an event of an unknown type throws. Ends when `close()` is called; throws when the server ends by itself. To a
   * reader that is behind, the pieces of a text come joined; if 10,000 events wait, `raw` and `status` events are dropped.
   */
  events(options: EventsOptions = {}): AsyncIterable<AgentEvent> {
    checkOptions(options, optionNames.events, "events()");
    return { [Symbol.asyncIterator]: () => this.#listen(options.strict === true) };
  }

  /**
   * Answers what the agent asks: the `id` of an event `permission-request` or `question`, from anywhere in the process, whatever the turn's
   * callbacks are at; the first answer counts. Resolves when the server has it, a refusal when it stands. Throws
   * `ConfigError` for a reply of the wrong kind, `ConflictError` for a request that has its answer, and `NotFoundError` for one that
   * is not open. To a request of a turn that is not this connection's the server's own `"always"` is given, which is for all sessions of the directory.
   */
  reply(requestId: string, reply: RequestReply): Promise<void> {
    const apis = new Set([this.api, ...this.#connection.scopes.map(({ api }) => api)]);
    return replyTo(this.#connection.desk, [...apis], requestId, reply);
  }

  /** Every model the server can use, as `"provider/model"` with its description. */
  async models(): Promise<ModelInfo[]> {
    return (await this.providers()).flatMap((provider) =>
      Object.entries(provider.models).map(([id, model]) => ({ ...model, fullName: `${provider.id}/${id}` })),
    );
  }

  async agents(): Promise<AgentInfo[]> {
    return this.api.catalog.agents();
  }

  /** Names of the tools that the agent can be offered. */
  async tools(): Promise<string[]> {
    return this.api.catalog.toolNames();
  }

  /** The commands of `Session.command`. */
  async commands(): Promise<CommandInfo[]> {
    return this.api.catalog.commands();
  }

  async providers(): Promise<ProviderInfo[]> {
    return this.api.catalog.providers();
  }

  health(): Promise<{ healthy: boolean; version: string }> {
    return readHealth(this.client);
  }

  /** What the server has loaded for the client's directory: configuration files, MCP servers, plugins. */
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
   * Gives the server a key for a model provider; it stores it with its logins, and uses it in the client's directory from
   * then on. `{ env }` reads it from this process's environment and throws `ProviderAuthError` when the variable is not
   * set. Throws `SessionBusyError` while a turn runs in the directory: the server reloads its providers by ending all of them.
   */
  async setAuth(providerId: string, key: ProviderKey): Promise<void> {
    await setProviderKey(this.api, providerId, key);
    for (const { names } of this.#connection.scopes) names.forget();
  }

  /**
   * Goes on with a new credential: checks it with a connection of its own first, then uses it for everything that begins
   * afterwards. What is under way ends on the old one. Throws `AuthenticationError` for a credential that is refused;
   * nothing has changed then. Calls at the same time follow each other.
   */
  reconnect(credential: Credential): Promise<void> {
    return this.#connection.reconnect(credential);
  }

  /** Aborts open turns, ends the connection, and the server if `createOpencode()` started it. Idempotent. */
  close(): Promise<void> {
    return this.#connection.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #checkTools(tools: unknown): Promise<readonly Tool[]> {
    const host = this.#connection.tools;
    if (host !== undefined) return host.check(tools);
    throw new ConfigError("tools need Node: they run in the process that offers them", {
      hint: 'Use createOpencode() of "opencode-ts", not of "opencode-ts/client".',
    });
  }

  #placed(directory: string | undefined): string | undefined {
    return directory === undefined ? undefined : this.#connection.resolveDirectory(directory);
  }

  #listen(strict: boolean): AsyncIterator<AgentEvent> {
    const { client, hub } = this.#connection.scope(undefined);
    return listen({ hub, lifetime: this.#connection.lifetime, strict, logger: client.logger });
  }
}
