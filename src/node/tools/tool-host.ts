/** The application's tools of one client: who has which, and that only those call them. */

import type { ToolHosting } from "../../connection-seed.js";
import { AbortedError } from "../../errors/index.js";
import type { Connection, DirectoryContext, ToolUse } from "../../session/context.js";
import type { Tool } from "../../types/tool.js";
import { linkSignals, raceAbort } from "../../util/abort.js";
import { contextNow, type InContext } from "../../util/async-context.js";
import { randomText } from "../../util/ids.js";
import { stringProperty } from "../../util/json.js";
import { CallCorrelator } from "./call-correlator.js";
import type { ToolOutcome } from "./content.js";
import type { CallHandler, IncomingCall } from "./endpoint.js";
import { ToolServer } from "./http-server.js";
import { McpTool } from "./mcp-tool.js";
import { offeredTools } from "./offered-tools.js";
import { failure, runTool } from "./run-tool.js";

/** Sub-agents can call sub-agents, but not without end. */
const deepest = 20;
/** Parents that are remembered. */
const remembered = 10_000;

export interface ToolHostOptions {
  readonly connection: Connection;
  /** For all sessions of the client. */
  readonly tools: readonly Tool[];
  /** Nobody else uses the server: what calls is ours. */
  readonly isOwnServer: boolean;
}

interface Directory {
  readonly scope: DirectoryContext;
  readonly finder: CallCorrelator;
}

export class ToolHost implements ToolHosting {
  readonly #options: ToolHostOptions;
  readonly #closing = new AbortController();
  readonly #common: McpTool | undefined;
  readonly #bySession = new Map<string, McpTool>();
  readonly #directories = new Map<string, Directory>();
  /** By session: the context of the turn that it is running. */
  readonly #contexts = new Map<string, InContext>();
  /** Sessions that had turns of this client. */
  readonly #used = new Set<string>();
  readonly #parents = new Map<string, string | undefined>();
  /** By session: entries whose tools it is not offered. */
  readonly #hidden = new Map<string, Set<McpTool>>();
  #server: Promise<ToolServer> | undefined;

  constructor(options: ToolHostOptions) {
    this.#options = options;
    // On a server of others the name must be nobody else's.
    const name = options.isOwnServer ? "app" : `app_${randomText(6)}`;
    if (options.tools.length > 0) this.#common = this.#entry(name, options.tools, undefined);
  }

  check(tools: unknown): Promise<readonly Tool[]> {
    return offeredTools(tools, "createSession()");
  }

  give(sessionId: string, tools: readonly Tool[]): void {
    if (tools.length === 0) return;
    this.#bySession.set(sessionId, this.#entry(`app_${sessionId.slice(-6)}`, tools, new Set([sessionId])));
  }

  async leave(directory: string): Promise<void> {
    this.#directories.delete(directory);
    await Promise.all(this.#all().map((entry) => entry.leave(directory)));
  }

  share(sessionId: string, copyId: string): void {
    const entry = this.#bySession.get(sessionId);
    if (entry === undefined) return;
    entry.owners?.add(copyId);
    this.#bySession.set(copyId, entry);
  }

  async forget(sessionId: string): Promise<void> {
    const entry = this.#bySession.get(sessionId);
    this.#bySession.delete(sessionId);
    this.#hidden.delete(sessionId);
    this.#used.delete(sessionId);
    this.#contexts.delete(sessionId);
    entry?.owners?.delete(sessionId);
    if (entry?.owners?.size === 0) await entry.close(false);
  }

  use(scope: DirectoryContext, sessionId: string): ToolUse | undefined {
    if (this.#common === undefined && this.#bySession.size === 0) return undefined;
    this.#used.add(sessionId);
    const context = contextNow();
    this.#contexts.set(sessionId, context);
    const entries = [this.#common, this.#bySession.get(sessionId)].filter((entry) => entry !== undefined);
    const name = scope.api.directory ?? "";
    const leave = entries.length === 0 ? () => {} : this.#directory(name, scope).finder.listen();
    const release = (): void => {
      leave();
      if (this.#contexts.get(sessionId) === context) this.#contexts.delete(sessionId);
    };
    return { ready: (signal) => raceAbort(this.#ready(scope, sessionId, entries), signal), release };
  }

  async close(): Promise<void> {
    this.#closing.abort(new AbortedError("the client was closed"));
    const entries = new Set([...this.#bySession.values(), ...(this.#common === undefined ? [] : [this.#common])]);
    await Promise.all([...entries].map((entry) => entry.close(this.#options.isOwnServer)));
    this.#bySession.clear();
    const server = await this.#server?.catch(() => undefined); // it never listened
    await server?.close();
  }

  #entry(name: string, tools: readonly Tool[], owners: Set<string> | undefined): McpTool {
    const { connection } = this.#options;
    return new McpTool({
      name,
      tools,
      owners,
      server: () => this.#listen(),
      onCall: (entry, directory) => this.#handler(entry, directory),
      lifetime: connection.lifetime,
      reconnectTimeout: connection.reconnectTimeout,
      logger: connection.api.logger,
    });
  }

  #listen(): Promise<ToolServer> {
    this.#server ??= ToolServer.open();
    return this.#server;
  }

  /** The events of a directory; another connection to it after `reconnect()`. */
  #directory(name: string, scope: DirectoryContext): Directory {
    const known = this.#directories.get(name);
    if (known?.scope === scope) return known;
    const isOurs = (tool: string): boolean => this.#all().some((entry) => entry.has(tool));
    const directory = { scope, finder: new CallCorrelator(scope, isOurs) };
    this.#directories.set(name, directory);
    return directory;
  }

  #all(): McpTool[] {
    return [...new Set([...(this.#common === undefined ? [] : [this.#common]), ...this.#bySession.values()])];
  }

  async #ready(scope: DirectoryContext, sessionId: string, entries: readonly McpTool[]): Promise<void> {
    const directory = scope.api.directory ?? "";
    await Promise.all(entries.map((entry) => entry.ready(scope, directory)));
    await this.#hide(scope, sessionId, directory, entries);
  }

  /** Every session of a directory is offered every tool of it: those of other sessions are denied by a rule. */
  async #hide(scope: DirectoryContext, sessionId: string, directory: string, own: readonly McpTool[]): Promise<void> {
    const hidden = this.#hidden.get(sessionId) ?? new Set();
    const foreign = this.#all().filter((entry) => entry.isIn(directory) && !own.includes(entry) && !hidden.has(entry));
    if (foreign.length === 0) return;
    const rule = ({ name }: McpTool) => ({ permission: `${name}_*`, pattern: "*", action: "deny" as const });
    try {
      await scope.api.sessions.update(sessionId, { addedRules: foreign.map(rule) });
      this.#hidden.set(sessionId, new Set([...hidden, ...foreign]));
    } catch (error) {
      // They are refused anyway when they are called: that is what counts.
      scope.api.logger.debug(`the tools of other sessions are visible in ${sessionId}: ${String(error)}`);
    }
  }

  #handler(entry: McpTool, directory: string): CallHandler {
    return async (call) => {
      const stop = linkSignals(call.signal, this.#closing.signal);
      try {
        return await this.#call(entry, directory, { ...call, signal: stop.signal });
      } finally {
        stop.release();
      }
    };
  }

  async #call(entry: McpTool, directory: string, call: IncomingCall): Promise<ToolOutcome> {
    const { tool, args, order, signal, report, sessionId: caller } = call;
    const place = this.#directories.get(directory);
    const found = await place?.finder.find(entry.fullName(tool), { args, order, sessionId: caller }, signal);
    if (place === undefined || found === undefined) {
      return failure(`The tool "${tool.name}" was not run: no session of the application seems to be calling it.`);
    }
    const { sessionId, messageId, callId } = found;
    const { logger } = place.scope.api;
    if (!(await this.#mayCall(entry, sessionId, place.scope))) {
      logger.warn(`the session ${sessionId} was refused the tool ${tool.name}, which is not its own`);
      return failure(`The tool "${tool.name}" is not available in this session.`);
    }
    const context = await this.#contextOf(sessionId, place.scope);
    const facts = { sessionId, messageId, callId, directory };
    return context(() => runTool({ tool, args, facts, signal, report, logger }));
  }

  /** Of the turn that the call belongs to: it may come from a sub-agent. */
  async #contextOf(sessionId: string, scope: DirectoryContext): Promise<InContext> {
    for (let id: string | undefined = sessionId, depth = 0; id !== undefined && depth < deepest; depth += 1) {
      const known = this.#contexts.get(id);
      if (known !== undefined) return known;
      id = await this.#parentOf(id, scope).catch(() => undefined); // deleted, or out of reach
    }
    return (work) => work();
  }

  async #mayCall(entry: McpTool, sessionId: string, scope: DirectoryContext): Promise<boolean> {
    const { connection, isOwnServer } = this.#options;
    if (entry.owners === undefined && isOwnServer) return true;
    const roots = entry.owners ?? this.#used;
    for (let id: string | undefined = sessionId, depth = 0; id !== undefined && depth < deepest; depth += 1) {
      if (roots.has(id)) return true;
      if (connection.isSeparate(id)) return false;
      id = await this.#parentOf(id, scope).catch(() => undefined); // deleted, or out of reach: nobody's
    }
    return false;
  }

  async #parentOf(id: string, scope: DirectoryContext): Promise<string | undefined> {
    if (this.#parents.has(id)) return this.#parents.get(id);
    const parent = stringProperty(await scope.api.sessions.get(id), "parentID");
    this.#parents.set(id, parent);
    const [oldest] = this.#parents.keys();
    if (this.#parents.size > remembered && oldest !== undefined) this.#parents.delete(oldest);
    return parent;
  }
}
