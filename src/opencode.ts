/** The agent, over a connected client: no child process, no file system, so that it works in a browser too. */
import type { AgentApi } from "./api/agent-api.js";
import type { SessionDraft } from "./api/inputs.js";
import { readHealth, requireSupported } from "./api/protocol.js";
import { apiV1 } from "./api/v1/api.js";
import type { OpencodeClient } from "./client/client.js";
import { sharedRead } from "./client/shared-read.js";
import {
  AbortedError,
  ConfigError,
  InternalServerError,
  type OpencodeError,
  ProviderAuthError,
  SessionBusyError,
} from "./errors/index.js";
import { EventHub } from "./events/event-hub.js";
import { listen } from "./events/listen.js";
import { isAbsolute } from "./permissions/paths/normalize.js";
import { ApprovalCache } from "./permissions/policy/approvals.js";
import { LeftRuns } from "./session/abandoned-runs.js";
import { AnswerStream, isDetached, type TurnReport } from "./session/answer-stream.js";
import { Catalog } from "./session/catalog.js";
import type {
  Connection,
  DirectoryContext,
  PermissionContext,
  ResponsivenessWatch,
  SessionTools,
} from "./session/context.js";
import { createOnce } from "./session/create-session.js";
import type { IdleDirectories } from "./session/idle-directories.js";
import { modelReview } from "./session/model-reviewer.js";
import { replyTo } from "./session/permissions/reply.js";
import { ReplyDesk } from "./session/permissions/reply-registry.js";
import { SessionRuleLedger } from "./session/permissions/rule-ledger.js";
import { creationRules, inForceAfter } from "./session/permissions/turn-rules.js";
import { Session } from "./session/session.js";
import { toAbortError } from "./session/turn/abort-error.js";
import { RunningTurns } from "./session/turn/active-turns.js";
import { answerPrompt } from "./session/turn/ask.js";
import { mentionedAgents, parseModel, titleOf } from "./session/turn/prompt.js";
import { type PromptPlan, planPrompt } from "./session/turn/prompt-plan.js";
import { clockOf } from "./session/turn/turn-clock.js";
import { tellSessionStart, withTurnHooks } from "./session/turn/turn-hooks.js";
import {
  overridden,
  type ResolvedTurnOptions,
  resolveTurnOptions,
  type TurnDefaults,
  turnSignal,
} from "./session/turn-options.js";
import { whileResponsive } from "./session/while-responsive.js";
import { Mcp } from "./tools/mcp.js";
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
import { linkSignals } from "./util/abort.js";
import { checkOptions } from "./util/check-options.js";
import { environment } from "./util/logger.js";

/** Sessions per page of `sessions()`. */
const sessionPage = 100;
/** How long `close()` waits for open turns to end, in ms. */
const closeTimeout = 5_000;

/** What an `Opencode` is made from. Not for callers: use `createOpencode()`. */
export interface OpencodeSeed {
  readonly client: OpencodeClient;
  readonly server: OpencodeServer | undefined;
  readonly defaults: TurnDefaults;
  readonly reconnectTimeout: number;
  /** What holds on the server from its start, and what only the Node entry can do. */
  readonly permissionContext?: Omit<Partial<PermissionContext>, "approvals" | "borrowed" | "review"> | undefined;
  /** Watches a server of ours. */
  readonly responsiveness?: ResponsivenessWatch | undefined;
  /** Settles with the reason when the server has ended; nobody wants to know any more when `lifetime` aborts. */
  readonly ended?: ((lifetime: AbortSignal) => Promise<OpencodeError>) | undefined;
  /** For a server of ours: the real path of an existing directory, relative to this process's. Throws `ConfigError`. */
  readonly resolveDirectory?: ((directory: string) => string) | undefined;
  /** For a server of ours: which of its directories are used, and a client that is none of their uses. */
  readonly directories?: { readonly idle: IdleDirectories; readonly client: OpencodeClient } | undefined;
  /** Only the Node entry can offer tools. */
  readonly hostTools?: ((connection: Connection) => ToolHosting) | undefined;
  /** What only the Node entry can find out. */
  readonly configFiles?: ((paths: LoadedPaths) => Promise<string[]>) | undefined;
}

/** Offers the application's tools. Not for callers. */
export interface ToolHosting extends SessionTools {
  /** Resolves to the tools that can be given to a session; rejects with `ConfigError`. */
  check(tools: unknown): Promise<readonly Tool[]>;
  give(sessionId: string, tools: readonly Tool[]): void;
  /** The server has let go of the directory. */
  leave(directory: string): Promise<void>;
  close(): Promise<void>;
}

/** Where the server looks for configuration. */
export interface LoadedPaths {
  readonly config: string;
  readonly directory: string;
  readonly worktree: string;
}

/** What the server has loaded for a directory. */
export interface Loaded {
  /** Configuration files that exist; `undefined` where they cannot be looked at (a browser, a remote server). */
  readonly configFiles: readonly string[] | undefined;
  readonly mcpServers: readonly string[];
  readonly plugins: readonly string[];
  /** The user's configuration folder. */
  readonly configFolder: string;
}

/** A new password, or a new token as in `ConnectOptions`. */
export interface Credential {
  readonly password?: string | undefined;
  readonly token?: string | (() => string | Promise<string>) | undefined;
}

const credentialNames = { password: true, token: true } satisfies Record<keyof Credential, true>;

/** An API key, or the name of the environment variable that has it. */
export type ProviderKey = { readonly key: string } | { readonly env: string };

/** One agent server. Made by `createOpencode()`. Methods throw the errors of `OpencodeClient` calls. */
export class Opencode {
  /** The server that `createOpencode()` started; `undefined` when it connected to one. */
  readonly server: OpencodeServer | undefined;
  /** The MCP servers that the agent takes tools from. */
  readonly mcp: Mcp;
  readonly #tools: ToolHosting | undefined;
  #client: OpencodeClient;
  #api: AgentApi;
  #reconnecting: Promise<void> | undefined;
  readonly #seed: OpencodeSeed;
  readonly #life = new AbortController();
  readonly #connection: Connection;
  readonly #scopes = new Map<string | undefined, DirectoryContext>();
  /** Of connections before `reconnect()`: they end with their last listeners, or with `close()`. */
  readonly #former: DirectoryContext[] = [];
  /** Sessions made with a parent: no turn of the parent's is to take them for a sub-agent. */
  readonly #separate = new Set<string>();
  readonly #turns = new Set<{ abort(): Promise<void> }>();
  #closing: Promise<void> | undefined;

  /** @internal */
  constructor(seed: OpencodeSeed) {
    this.#client = seed.client;
    this.#api = apiV1(seed.client);
    this.server = seed.server;
    this.#seed = seed;
    const inForce = seed.permissionContext?.inForce ?? { isGuarded: false };
    const approvals = new ApprovalCache({ realpath: seed.permissionContext?.realpath });
    const clientNow = (): OpencodeClient => this.#client;
    const apiNow = (): AgentApi => this.#api;
    const toolsNow = (): ToolHosting | undefined => this.#tools;
    this.mcp = new Mcp(apiNow);
    this.#connection = {
      get client() {
        return clientNow();
      },
      get api() {
        return apiNow();
      },
      lifetime: this.#life.signal,
      permissionContext: {
        ...seed.permissionContext,
        inForce,
        approvals,
        borrowed: new SessionRuleLedger(),
        review: (scope, spec) => modelReview(this.#connection, scope, spec),
      },
      reconnectTimeout: seed.reconnectTimeout,
      get tools() {
        return toolsNow();
      },
      responsiveness: seed.responsiveness,
      running: new RunningTurns(),
      desk: new ReplyDesk(),
      left: new LeftRuns(this.#life.signal),
      track: (turn) => this.#track(turn),
      isSeparate: (id) => this.#separate.has(id),
      scope: (directory) => this.#scope(directory),
    };
    this.#tools = seed.hostTools?.(this.#connection);
    this.#careFor(seed.directories);
    void seed.ended?.(this.#life.signal).then((reason) => {
      // Of a server of our own `server.exited` tells it, and a call is refused as the system refuses it.
      if (this.server === undefined) this.client.liveness.end(reason);
      this.#end(reason);
    });
  }

  /** The typed REST client; another one after `reconnect()`. */
  get client(): OpencodeClient {
    return this.#client;
  }

  /** @internal The server, for the command and the web page's server; another one after `reconnect()`. */
  get api(): AgentApi {
    return this.#api;
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
    const stream = new AnswerStream<T>((report) => this.#askFresh(prompt, options, report), options);
    if (!isDetached(options)) this.#track(stream);
    return stream;
  }

  /** A new session. With a title no model is asked for one. Throws `ModelNotFoundError` and `AgentNotFoundError`. */
  async createSession(options: CreateSessionOptions = {}): Promise<Session> {
    checkOptions(options, optionNames.createSession, "createSession()", placesOfOptions);
    const tools = options.tools === undefined ? [] : await this.#checkTools(options.tools);
    const { agent, model, permission, permissionMode } = options;
    const given = { agent, model, permission, permissionMode };
    const defaults = overridden<TurnDefaults, TurnDefaults>(this.#seed.defaults, given);
    const steered = resolveTurnOptions({}, defaults);
    const info = await this.#create(options, steered);
    this.#tools?.give(info.id, tools);
    const inForce = inForceAfter(steered, this.#connection.permissionContext.inForce);
    const seed = { connection: this.#connection, sessionId: info.id, defaults, inForce };
    return new Session(seed, { known: info.directory });
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
    const { defaults } = this.#seed;
    const { inForce } = this.#connection.permissionContext;
    const expected = this.#placed(options.directory);
    return new Session({ connection: this.#connection, sessionId: id, defaults, inForce }, { expected });
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
      const page = await this.#api.sessions.list({ limit: size, search }, call);
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
    const apis = new Set([this.#api, ...[...this.#scopes.values()].map(({ api }) => api)]);
    return replyTo(this.#connection.desk, [...apis], requestId, reply);
  }

  /** Every model the server can use, as `"provider/model"` with its description. */
  async models(): Promise<ModelInfo[]> {
    return (await this.providers()).flatMap((provider) =>
      Object.entries(provider.models).map(([id, model]) => ({ ...model, fullName: `${provider.id}/${id}` })),
    );
  }

  async agents(): Promise<AgentInfo[]> {
    return this.#api.catalog.agents();
  }

  /** Names of the tools that the agent can be offered. */
  async tools(): Promise<string[]> {
    return this.#api.catalog.toolNames();
  }

  /** The commands of `Session.command`. */
  async commands(): Promise<CommandInfo[]> {
    return this.#api.catalog.commands();
  }

  async providers(): Promise<ProviderInfo[]> {
    return this.#api.catalog.providers();
  }

  health(): Promise<{ healthy: boolean; version: string }> {
    return readHealth(this.client);
  }

  /** What the server has loaded for the client's directory: configuration files, MCP servers, plugins. */
  async loaded(): Promise<Loaded> {
    const { catalog } = this.#api;
    const [paths, config] = await Promise.all([catalog.paths(), catalog.config()]);
    return {
      configFiles: await this.#seed.configFiles?.(paths),
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
    const value = "env" in key ? environment(key.env) : key.key;
    if (value === undefined || value === "") {
      const source = "env" in key ? `the environment variable ${key.env} is not set` : "the key is empty";
      throw new ProviderAuthError(`no key for the provider "${providerId}": ${source}`, {
        hint: "env" in key ? `Set ${key.env}, or log in with \`opencode auth login\`.` : "Give the provider's API key.",
      });
    }
    const running = await this.#api.sessions.statuses();
    const [sessionId] = Object.entries(running).find(([, { type }]) => type !== "idle") ?? [];
    if (sessionId !== undefined) {
      throw new SessionBusyError("a key cannot be set while a turn is running: it would be aborted", {
        status: 409,
        sessionId,
        hint: "Set keys before the first turn, or wait: session(id).waitUntilIdle().",
      });
    }
    await this.#api.server.setProviderKey(providerId, value);
    // Providers are loaded once per directory (1.18.33): without this the key would count from the next start on.
    await this.#api.server.disposeDirectory();
    for (const { names } of this.#scopes.values()) names.forget();
  }

  /**
   * Goes on with a new credential: checks it with a connection of its own first, then uses it for everything that begins
   * afterwards. What is under way ends on the old one. Throws `AuthenticationError` for a credential that is refused;
   * nothing has changed then. Calls at the same time follow each other.
   */
  reconnect(credential: Credential): Promise<void> {
    const before = this.#reconnecting ?? Promise.resolve();
    this.#reconnecting = before.catch(() => {}).then(() => this.#reconnect(credential)); // its failure was told to its caller
    return this.#reconnecting;
  }

  /** Aborts open turns, ends the connection, and the server if `createOpencode()` started it. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #reconnect(credential: Credential): Promise<void> {
    checkOptions(credential, credentialNames, "reconnect()");
    const { password, token } = credential;
    if ((password === undefined) === (token === undefined)) {
      throw new ConfigError("reconnect() needs a new `password` or a new `token`, and not both");
    }
    const client = this.#client.withOptions(token === undefined ? { password } : { token });
    await requireSupported(client);
    this.#client = client;
    this.#api = apiV1(client);
    this.#former.push(...this.#scopes.values());
    this.#scopes.clear();
  }

  async #close(): Promise<void> {
    const turns = Promise.all([...[...this.#turns].map((turn) => turn.abort()), this.#connection.left.abort()]);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, closeTimeout);
    });
    await Promise.race([turns, late]);
    clearTimeout(timer);
    await this.#tools?.close();
    this.#end(new AbortedError("the connection was closed"));
    await this.server?.close();
  }

  #end(reason: Error): void {
    this.#life.abort(reason);
    this.client.liveness.close();
    for (const { hub } of [...this.#scopes.values(), ...this.#former.splice(0)]) hub.close();
    this.#scopes.clear();
  }

  #track(turn: { abort(): Promise<void>; readonly answer: Promise<unknown> }): void {
    this.#turns.add(turn);
    const forget = (): void => {
      this.#turns.delete(turn);
    };
    turn.answer.then(forget, forget);
  }

  /** What a server of ours has loaded for directories that nobody uses goes; what we have of them, too. */
  #careFor(directories: OpencodeSeed["directories"]): void {
    if (directories === undefined) return;
    const api = apiV1(directories.client);
    directories.idle.attach({
      api,
      lifetime: this.#life.signal,
      forget: (directory) => {
        this.#scopes.get(directory)?.hub.close();
        this.#scopes.delete(directory);
        this.#tools?.leave(directory).catch((error: unknown) => {
          api.logger.debug(`the tools have not left ${directory}: ${String(error)}`);
        });
      },
      revive: async (directory) => {
        if (directory === api.directory) await this.mcp.repeat(api);
      },
    });
  }

  #scope(directory: string | undefined): DirectoryContext {
    const key = directory ?? this.client.directory;
    const known = this.#scopes.get(key);
    if (known !== undefined) return known;
    const isOwn = key === this.client.directory;
    const client = isOwn ? this.client : this.client.withOptions({ directory: key });
    const api = isOwn ? this.#api : apiV1(client);
    const { signal } = this.#life;
    const scope: DirectoryContext = {
      client,
      api,
      hub: new EventHub(client),
      names: new Catalog(api, signal),
      status: sharedRead((call) => api.sessions.statuses(call), signal, client.liveness),
      permissions: sharedRead((call) => api.requests.permissions(call), signal, client.liveness),
      questions: sharedRead((call) => api.requests.questions(call), signal, client.liveness),
    };
    this.#scopes.set(key, scope);
    return scope;
  }

  async #askFresh<T>(prompt: Prompt, given: TurnOptions<T>, report: TurnReport): Promise<Answer<T>> {
    const options = resolveTurnOptions(given, this.#seed.defaults);
    return withTurnHooks(options, this.client.logger, this.#askPlanned(prompt, options, report));
  }

  async #askPlanned<T>(prompt: Prompt, given: ResolvedTurnOptions<T>, report: TurnReport): Promise<Answer<T>> {
    const plan = await planPrompt(prompt, given); // a wrong prompt must not leave an empty session behind
    const { timeout, signal, ...options } = given;
    const stop = turnSignal(timeout, clockOf(signal), report.signal, signal); // for all of it, the new session included
    try {
      return await this.#askNew(prompt, plan, options, stop.signal, report);
    } finally {
      stop.release();
    }
  }

  #checkTools(tools: unknown): Promise<readonly Tool[]> {
    if (this.#tools !== undefined) return this.#tools.check(tools);
    throw new ConfigError("tools need Node: they run in the process that offers them", {
      hint: 'Use createOpencode() of "opencode-ts", not of "opencode-ts/client".',
    });
  }

  async #askNew<T>(
    prompt: Prompt,
    plan: PromptPlan<T>,
    options: ResolvedTurnOptions<T>,
    signal: AbortSignal,
    report: TurnReport,
  ): Promise<Answer<T>> {
    const connection = this.#connection;
    const { defaults } = this.#seed;
    const { model, agent } = options; // looked up first: an unknown name must not leave an empty session behind
    const create = async (): Promise<SessionInfo> => {
      const { names } = this.#scope(undefined);
      const needed = { model, agent, mentioned: mentionedAgents(plan.body) };
      await whileResponsive(connection.responsiveness, signal, (patient) => names.validate(needed, patient));
      return this.#create({ title: titleOf(prompt) }, options, signal);
    };
    const { id: sessionId, directory } = await create().catch((error: unknown) => {
      throw signal.aborted ? toAbortError(signal.reason, {}) : error;
    });
    const scope = async (): Promise<DirectoryContext> => connection.scope(directory);
    const inForce = inForceAfter(options, connection.permissionContext.inForce);
    const session = { connection, sessionId, defaults, scope, isFresh: true, inForce };
    const limited = { ...options, signal };
    const planned = Promise.resolve(plan);
    const shared = connection.running.share(sessionId, limited, planned, report);
    return shared.settle(answerPrompt(session, limited, plan, shared.report));
  }

  /** With the rules of the options; those of `tools` are left to the turn. */
  async #create(
    options: CreateSessionOptions,
    steered: ResolvedTurnOptions<unknown>,
    signal?: AbortSignal,
  ): Promise<SessionInfo> {
    if (this.#life.signal.aborted) throw this.#life.signal.reason;
    const rules = creationRules(steered, this.#connection.permissionContext.inForce);
    const draft: SessionDraft = {
      title: options.title ?? new Date().toISOString(),
      agent: options.agent,
      model: options.model === undefined ? undefined : parseModel(options.model),
      permission: rules.length === 0 ? undefined : rules,
      parentId: options.parentId,
      metadata: options.metadata,
    };
    const directory = this.#placed(options.directory) ?? this.client.directory;
    requireExact(directory);
    if (directory !== this.client.directory) await this.#requireDirectory(directory);
    const { names } = this.#scope(directory);
    const stop = linkSignals(signal, this.#life.signal);
    try {
      const info = await whileResponsive(this.#seed.responsiveness, stop.signal, async (patient) => {
        await names.validate(options, patient);
        const { liveness } = this.client;
        const retryOptions = { signal: patient, retryTimeout: this.#seed.reconnectTimeout, liveness };
        return createOnce(this.#api, draft, directory, retryOptions);
      });
      if (options.parentId !== undefined) this.#separate.add(info.id);
      await tellSessionStart(steered, this.client.logger, { sessionId: info.id, directory: info.directory });
      return info;
    } finally {
      stop.release();
    }
  }

  /** A directory that was given for one call, as an absolute path. Throws `ConfigError`. */
  #placed(directory: string | undefined): string | undefined {
    if (directory === undefined) return undefined;
    if (this.#seed.resolveDirectory !== undefined) return this.#seed.resolveDirectory(directory);
    if (typeof directory === "string" && isAbsolute(directory)) return directory;
    throw new ConfigError(
      `directory must be an absolute path of the server's machine; got ${JSON.stringify(directory)}`,
      {
        hint: "A relative one would count from the server's own folder.",
      },
    );
  }

  /** The server makes sessions in directories that do not exist (1.18.33); their first turn fails. */
  async #requireDirectory(directory: string | undefined): Promise<void> {
    if (directory === undefined || this.#seed.resolveDirectory !== undefined) return;
    await this.#api.files.list("", { directory }).catch((cause: unknown) => {
      if (!(cause instanceof InternalServerError)) throw cause;
      throw new ConfigError(`the server cannot list the directory ${JSON.stringify(directory)}`, {
        cause,
        hint: "It must be an existing directory of the server's machine.",
      });
    });
  }

  #listen(strict: boolean): AsyncIterator<AgentEvent> {
    const { client, hub } = this.#scope(undefined);
    return listen({ hub, lifetime: this.#life.signal, strict, logger: client.logger });
  }
}

/**
 * The server decodes a session's directory once more when it runs a turn (1.18.33): in a directory named `a%41b` the agent
 * would work in `aAb`. A `%` that is not an escape is harmless.
 */
function requireExact(directory: string | undefined): void {
  if (directory === undefined || !/%[0-9a-f]{2}/i.test(directory)) return;
  try {
    if (decodeURIComponent(directory) === directory) return;
  } catch {
    return; // no valid escapes: the server leaves it as it is
  }
  throw new ConfigError(
    `directory ${JSON.stringify(directory)}: opencode would run its turns in ${JSON.stringify(decodeURIComponent(directory))}`,
    {
      hint: "Use a path without percent escapes, for example a symbolic link to it.",
    },
  );
}
