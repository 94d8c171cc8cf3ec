/**
 * Which `fetch` a request is made with. A server on this machine is never asked through a proxy: the proxy could not
 * reach it, and would be handed its password and the prompts in the clear.
 */
import { isRecord } from "../util/json.js";
import { environment } from "../util/logger.js";
import { isLoopback } from "../util/loopback.js";

/**
 * The global `fetch`, looked up late so that a replaced one is used. For a loopback address, where the runtime would go
 * through a proxy (`NODE_USE_ENV_PROXY`, a dispatcher that the application has installed, Bun and Deno with `HTTP_PROXY`):
 * one of our own on the runtime's `http` module, which can be told not to.
 */
export function fetchFor(origin: string): typeof globalThis.fetch {
  if (!isLoopback(origin) || !mayUseProxy()) return globalThis.fetch;
  return directFetch(origin) ?? globalThis.fetch;
}

/** Where undici, which is Node's `fetch`, keeps the dispatcher of all requests (5 to 7, and 8). */
const dispatcherKeys = [Symbol.for("undici.globalDispatcher.1"), Symbol.for("undici.globalDispatcher.2")];
/** Those that connect to where they are told. Any other may be a proxy, or hold one. */
const directDispatchers = new Set(["Agent", "MockAgent", "Dispatcher1Wrapper"]);

function mayUseProxy(): boolean {
  if ("Bun" in globalThis || "Deno" in globalThis) {
    return ["http_proxy", "https_proxy", "all_proxy"].some(
      (name) => environment(name) || environment(name.toUpperCase()),
    );
  }
  return dispatcherKeys.some((key) => {
    const dispatcher: unknown = Reflect.get(globalThis, key);
    return isRecord(dispatcher) && !directDispatchers.has(dispatcher.constructor.name);
  });
}

/** A `fetch` for what this client does with one; `undefined` where there is no `http` module (a browser, an old runtime). */
function directFetch(origin: string): typeof globalThis.fetch | undefined {
  // Not by an import: the module must load in a browser, and a bundler must find nothing to object to.
  const builtin = typeof process === "undefined" ? undefined : process.getBuiltinModule?.bind(process);
  const http = origin.startsWith("https:") ? builtin?.("https") : builtin?.("http");
  if (http === undefined) return undefined;
  return (url, { method = "GET", headers, body, signal } = {}) =>
    new Promise((resolve, reject) => {
      // An agent without settings of a proxy has none, on Node, Bun and Deno alike; the default one has the environment's.
      const settings: object = { proxyEnv: {} };
      const request = http.request(String(url), {
        method,
        agent: new http.Agent(settings),
        ...(signal ? { signal } : {}),
      });
      // Not once: an error after the answer has begun is its reader's to find.
      request.on("error", (error) => {
        Reflect.deleteProperty(error, "rawPacket"); // what the server has sent, which may be what it was sent
        reject(error);
      });
      request.once("response", (message) => {
        try {
          resolve(toResponse(message, method));
        } catch (error) {
          message.destroy();
          reject(error);
        }
      });
      for (const [name, value] of new Headers(headers)) request.setHeader(name, value);
      const bytes = new TextEncoder().encode(typeof body === "string" ? body : "");
      // Without a length the body of a DELETE would be sent without an end, and be read as another request.
      if (bytes.length > 0) request.setHeader("content-length", bytes.length);
      request.end(bytes);
    });
}

/** What is used of Node's `IncomingMessage`. */
interface IncomingAnswer extends AsyncIterable<Uint8Array> {
  readonly statusCode?: number | undefined;
  readonly rawHeaders: readonly string[];
  on(event: "error", listener: () => void): unknown;
  destroy(): void;
  resume(): void;
}

function toResponse(message: IncomingAnswer, method: string): Response {
  const status = message.statusCode ?? 0;
  const headers = new Headers();
  for (let index = 0; index + 1 < message.rawHeaders.length; index += 2) {
    headers.append(message.rawHeaders[index] ?? "", message.rawHeaders[index + 1] ?? "");
  }
  message.on("error", () => {}); // the reader is told; without a listener it may end the process
  const hasBody = method !== "HEAD" && ![204, 205, 304].includes(status);
  if (!hasBody) message.resume();
  return new Response(hasBody ? bodyOf(message) : null, { status, headers });
}

/** The message as it is read: nothing is taken from the connection before it is asked for. */
function bodyOf(message: IncomingAnswer): ReadableStream<Uint8Array> {
  const pieces = message[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: () => message.destroy(),
    },
    { highWaterMark: 0 },
  );
}
