/** The HTTP side of the tools: loopback only, a secret for each list of tools, bounded bodies. */
import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { randomText } from "../../util/ids.js";
import { parseJson } from "../../util/json.js";
import type { McpEndpoint } from "./endpoint.js";

/** Bytes of one request: the arguments of a call. */
const mostBytes = 64 * 1024 * 1024;

/** Where an endpoint is reached, and what it takes to be let in. */
export interface Address {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Door {
  readonly endpoint: McpEndpoint;
  readonly token: string;
}

/** Listens on a free port of 127.0.0.1. Does not keep the process alive. */
export class ToolServer {
  readonly #server: Server;
  readonly #port: number;
  readonly #doors = new Map<string, Door>();

  private constructor(server: Server) {
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port; // listening on TCP: never a path, never null
    server.on("request", (request, response) => {
      this.#handle(request, response).catch(() => response.destroy()); // the other side has gone, or sent no HTTP
    });
  }

  static async open(): Promise<ToolServer> {
    const server = createServer();
    // A connection that we ended just as the server used it again would look like a failing tool.
    server.keepAliveTimeout = 0;
    server.requestTimeout = 0; // 64 MiB may take their time; whoever has no token is not listened to
    server.on("connection", (socket) => socket.unref());
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    server.unref();
    return new ToolServer(server);
  }

  /** Lets in whoever has the token that it makes. */
  add(endpoint: McpEndpoint): Address {
    const path = `/mcp/${randomText(16)}`;
    const token = randomText(43); // 256 bits
    this.#doors.set(path, { endpoint, token });
    return { url: `http://127.0.0.1:${this.#port}${path}`, headers: { Authorization: `Bearer ${token}` } };
  }

  /** Nobody is let in any more. */
  remove(endpoint: McpEndpoint): void {
    for (const [path, door] of this.#doors) if (door.endpoint === endpoint) this.#doors.delete(path);
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    this.#doors.clear();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on("error", () => {}); // without listeners a client that goes away would end the process
    response.on("error", () => {});
    const { host, origin, authorization } = request.headers;
    // A web page whose name was made to point to this machine says its own name here (DNS rebinding).
    if (host !== `127.0.0.1:${this.#port}` || origin !== undefined) return refuse(response, 403);
    const door = this.#doors.get(request.url ?? "");
    if (door === undefined || !isSame(authorization, `Bearer ${door.token}`)) return refuse(response, 401);
    if (request.method !== "POST") return door.endpoint.handle(request, response, undefined);
    const text = await readBody(request);
    if (text === undefined) return refuse(response, 413);
    const body = jsonOf(text);
    if (body === undefined) return refuse(response, 400);
    await door.endpoint.handle(request, response, body);
  }
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { connection: "close" }).end();
}

function isSame(given: string | undefined, expected: string): boolean {
  const a = Buffer.from(given ?? "");
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** `undefined` when it is too long. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > mostBytes) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined; // refused by the caller
  }
}
