/** The server of the web page: the page's files, the login, and a proxy to the agent. Loopback only. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ConfigError, isOpencodeError, OpencodeError, type OpencodeServer, ServerStartupError } from "../index.js";
import { type Access, createAccess } from "./access.js";
import { type Agent, type AgentOptions, openAgent } from "./agent.js";
import { type PageFile, readPage } from "./files.js";
import { agentRefusalOf, cookieOf, refusalOf } from "./guard.js";
import { type AgentProxy, createProxy } from "./proxy.js";
import { sendError, sendFile, sendJson, sendNotice, sendRedirect } from "./responses.js";

/** The only listening address. */
const hostname = "127.0.0.1";
const defaultPort = 3000;
/** Prefix of the agent's routes. */
const agentPrefix = "/agent";
/** Maximum number of connections of all browsers. */
const maxConnections = 512;

/** Options of `startWeb`: those of `createOpencode` (`baseUrl` to use a running agent), and the page's own. */
export type WebOptions = AgentOptions & {
  /** Port of the page; 0 for any free port. Default 3000. */
  readonly port?: number | undefined;
  /** Models that take over, in this order, from a model that fails (`provider/model`). Default none. */
  readonly fallbackModels?: readonly string[] | undefined;
  /** Ends the page and its agent. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the next browser's address each time an address was used. */
  readonly onUrl?: ((url: string) => void) | undefined;
  /** Folder of the built page. */
  readonly page: string;
};

/** A running web page. */
export interface WebServer {
  /** The address for the next browser: `http://127.0.0.1:PORT/?token=…`. It works once; then the server creates another one. */
  readonly url: string;
  readonly port: number;
  /** The agent that was started for the page; `undefined` for a connected agent. */
  readonly agent: OpencodeServer | undefined;
  /** Resolves after `close()`; rejects with `ServerExitedError` when the agent has ended by itself for good. */
  readonly closed: Promise<void>;
  /** Ends the page, and the agent if the page started it. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts the agent (`restart: true` unless you say otherwise) or connects to it, and serves the page. Throws
 * `ServerStartupError` for a port in use, `ConfigError`, and the errors of `createOpencode`.
 */
export async function startWeb(options: WebOptions): Promise<WebServer> {
  const { port = defaultPort, signal, onUrl, page, model, fallbackModels = [], ...agentOptions } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new ConfigError(`Expected the \`port\` option to be a whole number from 0 to 65535, got ${port}`);
  }
  const files = await readPage(page);
  const server = createServer({ requestTimeout: 300_000, headersTimeout: 20_000 });
  server.maxConnections = maxConnections;
  server.on("request", starting);
  const bound = await listen(server, port); // before the agent: a port in use is found before the agent starts
  try {
    const agent = await openAgent("baseUrl" in agentOptions ? agentOptions : { ...agentOptions, signal });
    return new RunningWeb({ server, agent, files, port: bound, onUrl, signal, model, fallbackModels });
  } catch (error) {
    server.close();
    throw error;
  }
}

/** Response until the agent is ready: an open page of an earlier run sends requests at once. */
function starting(_request: IncomingMessage, response: ServerResponse): void {
  sendError(response, 503, "Starting", "The agent is starting.");
}

async function listen(server: Server, port: number): Promise<number> {
  try {
    server.listen({ port, host: hostname });
    await once(server, "listening");
  } catch (cause) {
    const message = `cannot serve the page on ${hostname}:${port}: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new ServerStartupError(message, { cause, hint: "Choose another port; 0 takes any free one." });
  }
  return (server.address() as AddressInfo).port; // a listening TCP server has one
}

interface WebParts {
  readonly server: Server;
  readonly agent: Agent;
  readonly files: ReadonlyMap<string, PageFile>;
  readonly port: number;
  readonly onUrl: WebOptions["onUrl"];
  readonly signal: AbortSignal | undefined;
  readonly model: string | undefined;
  readonly fallbackModels: readonly string[];
}

class RunningWeb implements WebServer {
  readonly port: number;
  readonly agent: OpencodeServer | undefined;
  readonly closed: Promise<void>;
  readonly #parts: WebParts;
  readonly #access: Access = createAccess();
  readonly #proxy: AgentProxy;
  #closing: Promise<void> | undefined;
  #end: (error?: Error) => void = () => {};

  constructor(parts: WebParts) {
    this.#parts = parts;
    this.port = parts.port;
    this.agent = parts.agent.server;
    this.#proxy = createProxy(parts.agent);
    this.closed = new Promise((resolve, reject) => {
      this.#end = (error) => (error === undefined ? resolve() : reject(error));
    });
    this.closed.catch(() => {}); // reported to its awaiters
    parts.server.off("request", starting);
    parts.server.on("request", (request, response) => this.#handle(request, response));
    parts.server.on("clientError", (_error, socket) => socket.destroy());
    const stop = (): void => {
      this.close().catch(() => {}); // reported by `closed`
    };
    if (parts.signal?.aborted === true) stop();
    parts.signal?.addEventListener("abort", stop, { once: true });
    void parts.agent.ended.then((error) => {
      if (this.#closing !== undefined) return;
      this.#end(error);
      stop();
    });
  }

  get url(): string {
    return `http://${hostname}:${this.port}/?token=${this.#access.token}`;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const { server, agent } = this.#parts;
    try {
      const ended = once(server, "close");
      server.close();
      server.closeAllConnections();
      this.#proxy.close();
      await Promise.all([ended, agent.close()]);
      this.#end();
    } catch (error) {
      this.#end(error instanceof Error ? error : new OpencodeError(String(error)));
      throw error;
    }
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    response.on("error", () => response.destroy());
    this.#route(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendError(response, 500, "WebError", isOpencodeError(error) ? error.message : "The page's server failed.");
    });
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "", headers, rawHeaders } = request;
    const guarded = { method, url, headers, rawHeaders };
    const refusal = refusalOf(guarded, this.port);
    if (refusal !== undefined) return sendNotice(response, refusal.status, refusal.message);
    const [path = "", query = ""] = split(url);
    const isRead = method === "GET" || method === "HEAD";
    const token = path === "/" && method === "GET" ? new URLSearchParams(query).get("token") : null;
    if (token !== null && this.#logIn(token, response)) return;
    if (!this.#access.isGranted(cookieOf(headers.cookie, this.#cookie))) return this.#askForToken(path, response);
    if (token !== null) return sendRedirect(response); // a reload of a used address
    if (path.startsWith(`${agentPrefix}/`)) {
      const other = agentRefusalOf(guarded);
      if (other !== undefined) return sendError(response, other.status, "Forbidden", other.message);
      return this.#proxy.handle(request, response, url.slice(agentPrefix.length));
    }
    if (!isRead) return sendError(response, 405, "MethodNotAllowed", "This address can only be read.");
    if (path === "/start.json") return sendJson(response, 200, this.#start());
    const file = this.#parts.files.get(path);
    if (file === undefined) return sendNotice(response, 404, "There is nothing here.");
    sendFile(response, file.type, file.body, method === "HEAD");
  }

  /** The page's start data. */
  #start(): unknown {
    const { agent, model, fallbackModels } = this.#parts;
    return { directory: agent.directory, version: agent.version, model, fallbackModels };
  }

  /** Returns true if the token was valid; the response is then sent. */
  #logIn(token: string, response: ServerResponse): boolean {
    if (!this.#access.redeem(token)) return false;
    const attributes = "HttpOnly; SameSite=Strict; Path=/";
    sendRedirect(response, `${this.#cookie}=${this.#access.grant()}; ${attributes}`);
    this.#parts.onUrl?.(this.url);
    return true;
  }

  #askForToken(path: string, response: ServerResponse): void {
    if (path.startsWith(`${agentPrefix}/`) || path === "/start.json") {
      sendError(response, 401, "LoginRequired", "This browser is not logged in.");
      return;
    }
    sendNotice(
      response,
      401,
      "This browser is not logged in. Open the latest address printed by opencode-ts web. Each address works once.",
    );
  }

  /** Cookies are not separated by port: two of these servers need different names. */
  get #cookie(): string {
    return `opencode-ts-${this.port}`;
  }
}

function split(url: string): [path: string, query: string] {
  const mark = url.indexOf("?");
  return mark < 0 ? [url, ""] : [url.slice(0, mark), url.slice(mark + 1)];
}
