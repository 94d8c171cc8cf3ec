/** One connection to a server: its lifetime, its directories, its open turns, and its credential. */
import type { AgentApi } from "./api/agent-api.js";
import { requireSupported } from "./api/protocol.js";
import { apiV1 } from "./api/v1/api.js";
import type { OpencodeClient } from "./client/client.js";
import { sharedRead } from "./client/shared-read.js";
import { AbortedError, ConfigError, type OpencodeError } from "./errors/index.js";
import { EventHub } from "./events/event-hub.js";
import { isAbsolute } from "./permissions/paths/normalize.js";
import { ApprovalCache } from "./permissions/policy/approvals.js";
import { LeftRuns } from "./session/abandoned-runs.js";
import { Catalog } from "./session/catalog.js";
import type {
  Connection,
  DirectoryContext,
  PermissionContext,
  ResponsivenessWatch,
  SessionTools,
} from "./session/context.js";
import type { IdleDirectories } from "./session/idle-directories.js";
import { modelReview } from "./session/model-reviewer.js";
import { ReplyDesk } from "./session/permissions/reply-registry.js";
import { SessionRuleLedger } from "./session/permissions/rule-ledger.js";
import { RunningTurns } from "./session/turn/active-turns.js";
import type { TurnDefaults } from "./session/turn-options.js";
import { Mcp } from "./tools/mcp.js";
import type { OpencodeServer } from "./types/server.js";
import type { Tool } from "./types/tool.js";
import { checkOptions } from "./util/check-options.js";

/** How long `close()` waits for open turns to end, in ms. */
const closeTimeout = 5_000;

/** What an `Opencode` is made from. Not for callers: use `createOpencode()`. */
export interface OpencodeSeed {
  readonly client: OpencodeClient;
  readonly server: OpencodeServer | undefined;
  /** Makes the implementation of the server's protocol. @default that of 1.x */
  readonly apiOf?: ((client: OpencodeClient) => AgentApi) | undefined;
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

/** A new credential: either a password or a token. */
export interface Credential {
  /** Password for Basic authentication. */
  readonly password?: string | undefined;
  /** Bearer token for a gateway in front of the server, as in `ConnectOptions`. */
  readonly token?: string | (() => string | Promise<string>) | undefined;
}

const credentialNames = { password: true, token: true } satisfies Record<keyof Credential, true>;

/** The connection of one `Opencode`. */
export class ServerConnection implements Connection {
  /** The MCP servers that the agent takes tools from. */
  readonly mcp: Mcp;
  readonly permissionContext: PermissionContext;
  readonly running: RunningTurns = new RunningTurns();
  readonly desk: ReplyDesk = new ReplyDesk();
  readonly left: LeftRuns;
  readonly tools: ToolHosting | undefined;
  readonly #seed: OpencodeSeed;
  readonly #life = new AbortController();
  readonly #scopes = new Map<string | undefined, DirectoryContext>();
  /** Of connections before `reconnect()`: they end with their last listeners, or with `close()`. */
  readonly #former: DirectoryContext[] = [];
  /** Sessions made with a parent: no turn of the parent's is to take them for a sub-agent. */
  readonly #separate = new Set<string>();
  readonly #turns = new Set<{ abort(): Promise<void> }>();
  #client: OpencodeClient;
  readonly #apiOf: (client: OpencodeClient) => AgentApi;
  #api: AgentApi;
  #reconnecting: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(seed: OpencodeSeed) {
    this.#seed = seed;
    this.#client = seed.client;
    this.#apiOf = seed.apiOf ?? apiV1;
    this.#api = this.#apiOf(seed.client);
    this.mcp = new Mcp(() => this.#api);
    this.left = new LeftRuns(this.#life.signal);
    this.permissionContext = {
      ...seed.permissionContext,
      inForce: seed.permissionContext?.inForce ?? { isGuarded: false },
      approvals: new ApprovalCache({ realpath: seed.permissionContext?.realpath }),
      borrowed: new SessionRuleLedger(),
      review: (scope, spec) => modelReview(this, scope, spec),
    };
    this.tools = seed.hostTools?.(this);
    this.#careFor(seed.directories);
    void seed.ended?.(this.#life.signal).then((reason) => {
      // Of a server of our own `server.exited` tells it, and a call is refused as the system refuses it.
      if (seed.server === undefined) this.#client.liveness.end(reason);
      this.#end(reason);
    });
  }

  /** The typed REST client; another one after `reconnect()`. */
  get client(): OpencodeClient {
    return this.#client;
  }

  /** The server; another one after `reconnect()`. */
  get api(): AgentApi {
    return this.#api;
  }

  get lifetime(): AbortSignal {
    return this.#life.signal;
  }

  get defaults(): TurnDefaults {
    return this.#seed.defaults;
  }

  get reconnectTimeout(): number {
    return this.#seed.reconnectTimeout;
  }

  get responsiveness(): ResponsivenessWatch | undefined {
    return this.#seed.responsiveness;
  }

  /** A server of ours: its directories are this machine's. */
  get isLocal(): boolean {
    return this.#seed.resolveDirectory !== undefined;
  }

  /** The directories in use. */
  get scopes(): readonly DirectoryContext[] {
    return [...this.#scopes.values()];
  }

  isSeparate(sessionId: string): boolean {
    return this.#separate.has(sessionId);
  }

  markSeparate(sessionId: string): void {
    this.#separate.add(sessionId);
  }

  track(turn: { abort(): Promise<void>; readonly answer: Promise<unknown> }): void {
    this.#turns.add(turn);
    const forget = (): void => {
      this.#turns.delete(turn);
    };
    turn.answer.then(forget, forget);
  }

  scope(directory: string | undefined): DirectoryContext {
    const key = directory ?? this.#client.directory;
    const known = this.#scopes.get(key);
    if (known !== undefined) return known;
    const isOwn = key === this.#client.directory;
    const client = isOwn ? this.#client : this.#client.withOptions({ directory: key });
    const api = isOwn ? this.#api : this.#apiOf(client);
    const { signal } = this.#life;
    const scope: DirectoryContext = {
      client,
      api,
      hub: new EventHub(api),
      names: new Catalog(api, signal),
      status: sharedRead((call) => api.sessions.statuses(call), signal, client.liveness),
      permissions: sharedRead((call) => api.requests.permissions(call), signal, client.liveness),
      questions: sharedRead((call) => api.requests.questions(call), signal, client.liveness),
    };
    this.#scopes.set(key, scope);
    return scope;
  }

  /** A directory that was given for one call, as an absolute path. Throws `ConfigError`. */
  resolveDirectory(directory: string): string {
    if (this.#seed.resolveDirectory !== undefined) return this.#seed.resolveDirectory(directory);
    if (typeof directory === "string" && isAbsolute(directory)) return directory;
    throw new ConfigError(
      `directory must be an absolute path of the server's machine; got ${JSON.stringify(directory)}`,
      {
        hint: "A relative one would count from the server's own folder.",
      },
    );
  }

  /** Goes on with a new credential, once it was checked. Calls at the same time follow each other. */
  reconnect(credential: Credential): Promise<void> {
    const before = this.#reconnecting ?? Promise.resolve();
    this.#reconnecting = before.catch(() => {}).then(() => this.#reconnect(credential)); // its failure was told to its caller
    return this.#reconnecting;
  }

  /** Aborts open turns, ends the connection, and the server if it is ours. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
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
    this.#api = this.#apiOf(client);
    this.#former.push(...this.#scopes.values());
    this.#scopes.clear();
  }

  async #close(): Promise<void> {
    const turns = Promise.all([...[...this.#turns].map((turn) => turn.abort()), this.left.abort()]);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, closeTimeout);
    });
    await Promise.race([turns, late]);
    clearTimeout(timer);
    await this.tools?.close();
    this.#end(new AbortedError("the connection was closed"));
    await this.#seed.server?.close();
  }

  #end(reason: Error): void {
    this.#life.abort(reason);
    this.#client.liveness.close();
    for (const { hub } of [...this.#scopes.values(), ...this.#former.splice(0)]) hub.close();
    this.#scopes.clear();
  }

  /** What a server of ours has loaded for directories that nobody uses goes; what we have of them, too. */
  #careFor(directories: OpencodeSeed["directories"]): void {
    if (directories === undefined) return;
    const api = this.#apiOf(directories.client);
    directories.idle.attach({
      api,
      lifetime: this.#life.signal,
      forget: (directory) => {
        this.#scopes.get(directory)?.hub.close();
        this.#scopes.delete(directory);
        this.tools?.leave(directory).catch((error: unknown) => {
          api.logger.debug(`the tools have not left ${directory}: ${String(error)}`);
        });
      },
      revive: async (directory) => {
        if (directory === api.directory) await this.mcp.repeat(api);
      },
    });
  }
}
