/** The MCP side of one list of tools: sessions of the protocol, each with a server of the official library. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { AbortedError } from "../../errors/index.js";
import type { Tool, ToolProgress } from "../../types/tool.js";
import { linkSignals } from "../../util/abort.js";
import { property, stringProperty } from "../../util/json.js";
import { LruMap } from "../../util/lru-map.js";
import type { ToolOutcome } from "./content.js";
import type { McpLibrary } from "./mcp-sdk.js";
import { failure } from "./run-tool.js";

/** Sessions that are kept: the server makes one for each registration and does not end the former (1.18.33). */
const mostSessions = 8;

/** A call as it comes in. */
export interface IncomingCall {
  readonly tool: Tool;
  readonly args: unknown;
  /** Ascends with the calls of one connection of the server. */
  readonly order: number;
  /** The session that calls, where the server says it (stand-in of 2.1). */
  readonly sessionId?: string | undefined;
  readonly signal: AbortSignal;
  readonly report: (update: ToolProgress) => void;
}

export type CallHandler = (call: IncomingCall) => Promise<ToolOutcome>;

interface Session {
  readonly transport: InstanceType<McpLibrary["Transport"]>;
  readonly close: () => Promise<void>;
}

/** Offers `tools`; every call goes to `onCall`. */
export class McpEndpoint {
  readonly #library: McpLibrary;
  readonly #tools: readonly Tool[];
  readonly #onCall: CallHandler;
  readonly #sessions = new LruMap<string, Session>(mostSessions);
  /** By request: aborts when its connection is gone. The server that has made it cannot ask for the answer again. */
  readonly #cuts = new Map<string, AbortController>();
  readonly #closing = new AbortController();

  constructor(library: McpLibrary, tools: readonly Tool[], onCall: CallHandler) {
    this.#library = library;
    this.#tools = tools;
    this.#onCall = onCall;
  }

  /** Answers a request that was let in. `body` is its JSON. */
  async handle(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> {
    const { "mcp-session-id": header } = request.headers;
    const id = typeof header === "string" ? header : undefined;
    const known = id === undefined ? undefined : this.#sessions.get(id);
    if (id !== undefined && known === undefined) {
      response.writeHead(404).end(); // by the protocol: the client is to begin anew
      return;
    }
    const session = known ?? (await this.#begin());
    this.#watch(session, response, body);
    await session.transport.handleRequest(request, response, body);
    // Only `initialize` begins a session; anything else was refused by the library.
    if (session.transport.sessionId === undefined) await session.close();
  }

  /** Ends all sessions; calls that run are aborted. */
  async close(): Promise<void> {
    this.#closing.abort(new AbortedError("the client was closed"));
    await Promise.all([...this.#sessions.values()].map((session) => session.close()));
    this.#sessions.clear();
  }

  async #begin(): Promise<Session> {
    const { Server, Transport: HttpTransport, ListTools, CallTool } = this.#library;
    const server = new Server({ name: "opencode-ts", version: "1" }, { capabilities: { tools: {} } });
    const transport = new HttpTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id: string) => this.#keep(id, session),
      onsessionclosed: (id: string) => void this.#sessions.delete(id),
    });
    const session: Session = { transport, close: () => server.close() };
    server.setRequestHandler(ListTools, () => ({ tools: this.#tools.map(describe) }));
    server.setRequestHandler(CallTool, async ({ params }, extra) => {
      const token = params._meta?.progressToken;
      let step = 0;
      const report = ({ message, done, total }: ToolProgress): void => {
        if (token === undefined) return;
        step = Math.max(step + 1, done ?? 0); // the protocol: each larger than the one before
        const more = { ...(message === undefined ? {} : { message }), ...(total === undefined ? {} : { total }) };
        const sent = {
          method: "notifications/progress" as const,
          params: { progressToken: token, progress: step, ...more },
        };
        extra.sendNotification(sent).catch(() => {}); // whoever is gone need not know
      };
      const order = Number(extra.requestId);
      const cut = this.#cuts.get(keyOf(transport.sessionId, extra.requestId));
      const stop = linkSignals(this.#closing.signal, cut?.signal, this.#cancelled(extra.signal));
      try {
        const outcome = await this.#call({
          name: params.name,
          args: params.arguments ?? {},
          order,
          sessionId: stringProperty(params._meta, "ai.opencode/sessionID"),
          signal: stop.signal,
          report,
        });
        return { content: [...outcome.content], ...(outcome.isError === true ? { isError: true } : {}) };
      } finally {
        stop.release();
      }
    });
    // The library's own class; its optional properties do not fit `exactOptionalPropertyTypes`.
    await server.connect(transport as Transport);
    return session;
  }

  async #call({ name, ...call }: Omit<IncomingCall, "tool"> & { readonly name: string }): Promise<ToolOutcome> {
    const tool = this.#tools.find((one) => one.name === name);
    return tool === undefined ? failure(`There is no tool "${name}".`) : this.#onCall({ tool, ...call });
  }

  #keep(id: string, session: Session): void {
    void this.#sessions.set(id, session)?.close();
  }

  /** A lost connection ends the call: nobody waits for it, and the agent may call the tool again. */
  #watch({ transport }: Session, response: ServerResponse, body: unknown): void {
    if (stringProperty(body, "method") !== "tools/call") return;
    const key = keyOf(transport.sessionId, property(body, "id"));
    const cut = new AbortController();
    this.#cuts.set(key, cut);
    response.once("close", () => {
      this.#cuts.delete(key);
      if (!response.writableFinished) cut.abort(new AbortedError("the server has hung up"));
    });
  }

  /** The library's reason is a text of the protocol. */
  #cancelled(signal: AbortSignal): AbortSignal {
    const controller = new AbortController();
    const cancel = (): void => controller.abort(new AbortedError("the turn was aborted"));
    if (signal.aborted) cancel();
    else signal.addEventListener("abort", cancel, { once: true });
    return controller.signal;
  }
}

function keyOf(sessionId: string | undefined, requestId: unknown): string {
  return `${sessionId} ${String(requestId)}`;
}

function describe({ name, description, inputSchema }: Tool): {
  name: string;
  description: string;
  inputSchema: { type: "object" };
} {
  return { name, description, inputSchema: { ...inputSchema, type: "object" } };
}
