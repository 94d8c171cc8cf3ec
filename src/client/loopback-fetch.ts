/**
 * The transport of a request. A server on this machine is never asked through a proxy: the proxy could not reach the server,
 * and would receive its password and the prompts in the clear.
 */
import { isRecord } from "../util/json.js";
import { environment } from "../util/logger.js";
import { isLoopback } from "../util/loopback.js";
import type { HttpAnswer } from "./http-answer.js";
import { type NodeMessage, type NodeReadable, nodeAnswer } from "./node-answer.js";

/** Sends one request, as `fetch` does. */
export type Transport = (url: string, init: RequestInit) => Promise<HttpAnswer>;

/**
 * The global `fetch`, looked up late so that a replaced one is used. For a loopback address Node's `http` module, in two cases: the
 * runtime would go through a proxy (`NODE_USE_ENV_PROXY`, a dispatcher that the application has installed, Bun and Deno with
 * `HTTP_PROXY`); and Node's own `fetch` is in place, which takes several times the processor time.
 */
export function fetchFor(origin: string): Transport {
  if (!isLoopback(origin)) return globalThis.fetch;
  if (!mayUseProxy() && !(origin.startsWith("http:") && isNodeFetch())) return globalThis.fetch;
  return nodeTransport(origin) ?? globalThis.fetch;
}

/** Where undici, which is Node's `fetch`, keeps the dispatcher of all requests (5 to 7, and 8). */
const dispatcherKeys = [Symbol.for("undici.globalDispatcher.1"), Symbol.for("undici.globalDispatcher.2")];
/** Those that connect to where they are told. Any other may be a proxy, or hold one. */
const directDispatchers = new Set(["Agent", "MockAgent", "Dispatcher1Wrapper"]);

function dispatchers(): string[] {
  return dispatcherKeys
    .map((key): unknown => Reflect.get(globalThis, key))
    .filter(isRecord)
    .map((dispatcher) => dispatcher.constructor.name);
}

function mayUseProxy(): boolean {
  if ("Bun" in globalThis || "Deno" in globalThis) {
    return ["http_proxy", "https_proxy", "all_proxy"].some(
      (name) => environment(name) || environment(name.toUpperCase()),
    );
  }
  return dispatchers().some((name) => !directDispatchers.has(name));
}

let judged: { readonly fetch: typeof globalThis.fetch; readonly isNodes: boolean } | undefined;

/** Node's own, which no test and no instrumentation has replaced. It loads undici by its name. */
function isNodeFetch(): boolean {
  if ("Bun" in globalThis || "Deno" in globalThis) return false;
  const { fetch } = globalThis;
  if (judged?.fetch !== fetch) {
    judged = { fetch, isNodes: /internal\/deps\/undici|lazyUndici/.test(Function.prototype.toString.call(fetch)) };
  }
  return judged.isNodes && !dispatchers().some((name) => name !== "Agent"); // a mock agent wants to be asked
}

/** ms that an idle connection is kept: the same as of Node's `fetch`. */
const keepAlive = 4_000;

/** Connections that wait for their next request, for each protocol. */
const agents = new Map<string, object>();

/** A transport on the runtime's `http` module; `undefined` if there is none (a browser, an old runtime). */
function nodeTransport(origin: string): Transport | undefined {
  // Not by an import: the module must load in a browser, and a bundler must find nothing to object to.
  const builtin = typeof process === "undefined" ? undefined : process.getBuiltinModule?.bind(process);
  const protocol = origin.startsWith("https:") ? "https" : "http";
  const http = protocol === "https" ? builtin?.("https") : builtin?.("http");
  if (builtin === undefined || http === undefined) return undefined;
  const decoded = (message: NodeMessage, coding: string): NodeReadable => decode(builtin, message, coding);
  return (url, { method = "GET", headers, body, signal }) =>
    new Promise((resolve, reject) => {
      let agent = agents.get(protocol);
      if (agent === undefined) {
        // An agent without settings of a proxy has none, on Node, Bun and Deno alike; the default one has the environment's.
        const settings: object = { keepAlive: true, timeout: keepAlive, proxyEnv: {} };
        agent = new http.Agent(settings);
        agents.set(protocol, agent);
      }
      const options = { method, agent, ...(signal ? { signal } : {}) };
      const request = http.request(url, options as Parameters<typeof http.request>[1] & object);
      // Not once: an error after the answer has begun is its reader's to find.
      request.on("error", (error) => {
        Reflect.deleteProperty(error, "rawPacket"); // what the server has sent, which may be what it was sent
        reject(error);
      });
      // An answer that switches the protocol ends without an error.
      request.once("close", () => reject(new Error("the connection was closed without an answer")));
      request.once("response", (message) => {
        try {
          resolve(nodeAnswer(message, method, decoded));
        } catch (error) {
          message.destroy();
          reject(error);
        }
      });
      for (const [name, value] of Object.entries(headers ?? {})) request.setHeader(name, value);
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
