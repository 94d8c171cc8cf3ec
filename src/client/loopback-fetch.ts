/**
 * The transport of a request. A server on this machine is never asked through a proxy: the proxy could not reach the server,
 * and would receive its password and the prompts in the clear.
 */
import { onAbort } from "../util/abort.js";
import { isRecord } from "../util/json.js";
import { environment } from "../util/logger.js";
import { isLoopback } from "../util/loopback.js";
import type { HttpAnswer } from "./http-answer.js";
import { type NodeMessage, type NodeReadable, nodeAnswer } from "./node-answer.js";

/** Sends one request, as `fetch` does. */
export type Transport = (url: string, init: TransportInit) => Promise<HttpAnswer>;

/** The used part of a `RequestInit`. */
type TransportInit = Pick<RequestInit, "method" | "body" | "signal" | "redirect"> & {
  readonly headers?: Readonly<Record<string, string>>;
};

/**
 * The global `fetch`, looked up late so that a replaced one is used. For a loopback address Node's `http` module, in two cases: the
 * runtime would go through a proxy (`NODE_USE_ENV_PROXY`, a dispatcher that the application has installed, Bun and Deno with
 * `HTTP_PROXY`); and Node's own `fetch` is in place, which takes several times the processor time.
 */
export function fetchFor(origin: string): Transport {
  if (origin !== nearest?.origin) nearest = { origin, node: isLoopback(origin) ? nodeTransport(origin) : undefined };
  const { node } = nearest;
  if (node === undefined) return globalThis.fetch;
  return mayUseProxy() || (origin.startsWith("http:") && isNodeFetch()) ? node : globalThis.fetch;
}

/** The origin that was asked last; `node` is its transport if it is a loopback address. */
let nearest: { readonly origin: string; readonly node: Transport | undefined } | undefined;

/** Where undici, which is Node's `fetch`, keeps the dispatcher of all requests (5 to 7, and 8). */
const dispatcherKeys = [Symbol.for("undici.globalDispatcher.1"), Symbol.for("undici.globalDispatcher.2")];
/** Those that connect to where they are told. Any other may be a proxy, or hold one. */
const directDispatchers = new Set(["Agent", "MockAgent", "Dispatcher1Wrapper"]);

/** Whether each dispatcher in use has one of these names. Asked for each request: it makes no list. */
function areDispatchers(named: (name: string) => boolean): boolean {
  for (const key of dispatcherKeys) {
    const dispatcher: unknown = Reflect.get(globalThis, key);
    if (isRecord(dispatcher) && !named(dispatcher.constructor.name)) return false;
  }
  return true;
}

const isDirect = (name: string): boolean => directDispatchers.has(name);
const isAgent = (name: string): boolean => name === "Agent";

function mayUseProxy(): boolean {
  if ("Bun" in globalThis || "Deno" in globalThis) {
    return ["http_proxy", "https_proxy", "all_proxy"].some(
      (name) => environment(name) || environment(name.toUpperCase()),
    );
  }
  return !areDispatchers(isDirect);
}

let judged: { readonly fetch: typeof globalThis.fetch; readonly isNodes: boolean } | undefined;

/** Node's own, which no test and no instrumentation has replaced. It loads undici by its name. */
function isNodeFetch(): boolean {
  if ("Bun" in globalThis || "Deno" in globalThis) return false;
  const { fetch } = globalThis;
  if (judged?.fetch !== fetch) {
    judged = { fetch, isNodes: /internal\/deps\/undici|lazyUndici/.test(Function.prototype.toString.call(fetch)) };
  }
  return judged.isNodes && areDispatchers(isAgent); // a mock agent wants to be asked
}

/** ms that an idle connection is kept: the same as of Node's `fetch`. */
const keepAlive = 4_000;

/** Connections that wait for their next request, for each protocol. */
const agents = new Map<string, object>();

/** A transport on the runtime's `http` module; `undefined` if there is none (a browser, an old runtime). */
function nodeTransport(origin: string): Transport | undefined {
  // Not by an import: the module must load in a browser, and a bundler must find nothing to object to.
  const builtin = typeof process === "undefined" ? undefined : process.getBuiltinModule?.bind(process);
  const { protocol, hostname, port } = new URL(origin);
  const http = protocol === "https:" ? builtin?.("https") : builtin?.("http");
  if (builtin === undefined || http === undefined) return undefined;
  const decoded = (message: NodeMessage, coding: string): NodeReadable => decode(builtin, message, coding);
  // Once for all requests of the origin: a URL is slow to take apart.
  const place = { protocol, hostname: hostname.replace(/^\[|\]$/g, ""), ...(port === "" ? {} : { port }) };
  return (url, { method = "GET", headers, body, signal }) =>
    new Promise((resolve, reject) => {
      let agent = agents.get(protocol);
      if (agent === undefined) {
        // An agent without settings of a proxy has none, on Node, Bun and Deno alike; the default one has the environment's.
        const settings: object = { keepAlive: true, timeout: keepAlive, proxyEnv: {} };
        agent = new http.Agent(settings);
        agents.set(protocol, agent);
      }
      const target = { ...place, path: url.slice(origin.length) || "/", method, agent };
      const request = http.request(target as Parameters<typeof http.request>[1] & object);
      // The module's own option `signal` takes several times the processor time.
      const forget = signal ? onAbort(signal, () => request.destroy()) : undefined;
      // Not once: an error after the answer has begun is its reader's to find.
      request.on("error", (error) => {
        Reflect.deleteProperty(error, "rawPacket"); // what the server has sent, which may be what it was sent
        reject(error);
      });
      let isAnswered = false;
      request.once("close", () => {
        forget?.();
        // An answer that switches the protocol ends without an error.
        if (!isAnswered) reject(new Error("the connection was closed without an answer"));
      });
      request.once("response", (message) => {
        isAnswered = true;
        try {
          resolve(nodeAnswer(message, method, decoded));
        } catch (error) {
          message.destroy();
          reject(error);
        }
      });
      for (const name in headers) request.setHeader(name, headers[name] ?? "");
      // Without a length the body of a DELETE would be sent without an end, and be read as another request.
      if (typeof body === "string" && body !== "") request.setHeader("content-length", Buffer.byteLength(body));
      request.end(typeof body === "string" ? body : undefined);
    });
}

/** Undoes a content coding. The client asks for none; a proxy in between may use one all the same. */
function decode(builtin: typeof process.getBuiltinModule, message: NodeMessage, coding: string): NodeReadable {
  const zlib = /^(x-)?gzip$|^deflate$|^br$/i.test(coding.trim()) ? builtin("zlib") : undefined;
  if (zlib === undefined) return message;
  const decoder = /br/i.test(coding) ? zlib.createBrotliDecompress() : zlib.createUnzip();
  message.on("error", (error) => decoder.destroy(error));
  decoder.on("close", () => message.destroy());
  (message as unknown as NodeJS.ReadableStream).pipe(decoder);
  return decoder;
}
