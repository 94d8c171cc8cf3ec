/** One connection to a server: its lifetime, its directories, its open turns, and its credential. */
import type { AgentApi } from "./api/agent-api.js";
import { type ApiOf, apiV1, type ServerIdentity, selectApi } from "./api/select-api.js";
import type { OpencodeClient } from "./client/client.js";
import type { OpencodeSeed, ToolHosting } from "./connection-seed.js";
import { type Credential, withCredential } from "./credential.js";
import { AbortedError } from "./errors/index.js";
import { LeftRuns } from "./session/abandoned-runs.js";
import { ConnectionBudgets } from "./session/budget/connection-budgets.js";
import type { Connection, DirectoryContext, PermissionContext, ResponsivenessWatch } from "./session/context.js";
import { directoryContext, requireAbsolute } from "./session/directory-context.js";
import { permissionContext } from "./session/permissions/permission-context.js";
import { ReplyDesk } from "./session/permissions/reply-registry.js";
import { RunningTurns } from "./session/turn/active-turns.js";
import { Mcp } from "./tools/mcp.js";

/** How long `close()` waits for open turns to end, in ms. */
const closeTimeout = 5_000;

/** The connection of one `Opencode`. */
export class ServerConnection implements Connection {
  /** The MCP servers that the agent takes tools from. */
  readonly mcp: Mcp;
  readonly permissionContext: PermissionContext;
  readonly running: RunningTurns = new RunningTurns(this);
  readonly desk: ReplyDesk = new ReplyDesk();
  readonly budgets: ConnectionBudgets;
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
  readonly #apiOf: ApiOf;
  #api: AgentApi;
  #reconnecting: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(seed: OpencodeSeed) {
    this.#seed = seed;
    this.#client = seed.client;
    this.#apiOf = seed.apiOf ?? apiV1;
    this.#api = this.#apiOf(seed.client);
    this.mcp = new Mcp(() => this.#api);
    this.budgets = new ConnectionBudgets(seed.budget);
    this.left = new LeftRuns(this.#life.signal);
    this.permissionContext = permissionContext(this, seed.permissionContext, seed.approvalStore);
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

  /** Which server it is, as far as its protocol goes. */
  get identity(): ServerIdentity {
    return this.#seed.identity ?? { protocol: "v1", version: "unknown" };
  }

  get protocol(): Connection["protocol"] {
    const { protocol, dialect, version } = this.identity;
    return { name: dialect === "preview" ? "v2-preview" : protocol, version };
  }

  get lifetime(): AbortSignal {
    return this.#life.signal;
  }

  get defaults(): Connection["defaults"] {
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
    const scope = directoryContext(client, api, this.#life.signal);
    this.#scopes.set(key, scope);
    return scope;
  }

  /** A directory that was given for one call, as an absolute path. Throws `ConfigError`. */
  resolveDirectory(directory: string): string {
    return (this.#seed.resolveDirectory ?? requireAbsolute)(directory);
  }

  /** Goes on with a new credential, once it was checked. Calls at the same time follow each other. */
  reconnect(credential: Credential): Promise<void> {
    const before = this.#reconnecting ?? Promise.resolve();
    this.#reconnecting = before.catch(() => {}).then(() => this.#reconnect(credential)); // its failure was told to its caller
    return this.#reconnecting;
  }

  async renew(directory: string): Promise<void> {
    const isLoadedAnew = (api: AgentApi): boolean =>
      !api.capabilities.disposesDirectories || (api.directory ?? directory) === directory;
    for (const { api, names } of this.#scopes.values()) if (isLoadedAnew(api)) names.forget();
    this.#leave(directory);
    if (isLoadedAnew(this.#api)) await this.mcp.repeat(this.#api);
  }

  /** Aborts open turns, ends the connection, and the server if it is ours. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #reconnect(credential: Credential): Promise<void> {
    const client = withCredential(this.#client, credential);
    await selectApi(client, this.identity.protocol);
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
    await Promise.all([this.#seed.server?.close(), this.running.notices.close()]);
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
        this.#leave(directory);
      },
      revive: async (directory) => {
        if (directory === api.directory) await this.mcp.repeat(api);
      },
    });
  }

  /** The application's tools are gone from a directory that the server has let go of; its next turn brings them back. */
  #leave(directory: string): void {
    this.tools?.leave(directory).catch((error: unknown) => {
      this.#api.logger.debug(`the tools have not left ${directory}: ${String(error)}`);
    });
  }
}
