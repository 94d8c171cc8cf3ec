/**
 * Forwards the page's requests to the agent with the agent's credentials, and streams the responses back.
 * Headers are copied by name in both directions: cookies, credentials and connection headers never pass.
 */
import http, { type IncomingMessage, type RequestOptions, type ServerResponse } from "node:http";
import https from "node:https";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Agent } from "./agent.js";
import { publicLists } from "./public-lists.js";
import { commonHeaders, sendError, sendJson } from "./responses.js";
import { isAllowed, methodsOf } from "./routes.js";

/** Maximum size of a request, in bytes: a prompt with its files. */
export const maxRequestBytes: number = 48 * 1024 * 1024;
/** Maximum size of a list that is reduced, in bytes: it is buffered. */
const maxListBytes = 32 * 1024 * 1024;
/** Time limit from the request to the response headers, in ms. The agent answers every listed route at once, except `summarize`. */
const answerTimeout = 15 * 60_000;

const requestHeaders = ["accept", "content-type", "content-length", "x-opencode-directory"];
const answerHeaders = ["content-type", "content-length", "x-next-cursor", "retry-after"];

/** Handles one request whose path begins with `/agent`. */
export interface AgentProxy {
  handle(request: IncomingMessage, response: ServerResponse, target: string): Promise<void>;
  close(): void;
}

export function createProxy(agent: Agent): AgentProxy {
  const isTls = agent.url.protocol === "https:";
  const connections = new (isTls ? https : http).Agent({ keepAlive: true, maxSockets: 256 });
  const open = (options: RequestOptions): http.ClientRequest =>
    (isTls ? https : http).request(agent.url, { ...options, agent: connections });
  return {
    handle: (request, response, target) => forward({ agent, open, request, response, target }),
    close: () => connections.destroy(),
  };
}

interface Exchange {
  readonly agent: Agent;
  readonly open: (options: RequestOptions) => http.ClientRequest;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Path and query of the agent's route. */
  readonly target: string;
}

async function forward(exchange: Exchange): Promise<void> {
  const { agent, request, response, target } = exchange;
  const [path = ""] = target.split("?", 1);
  const method = request.method ?? "";
  if (!isAllowed(agent.protocol, method, path)) return refuse(response, methodsOf(agent.protocol, path));
  if (Number(request.headers["content-length"] ?? 0) > maxRequestBytes) return tooLarge(response);
  try {
    const answer = await ask(exchange);
    if (answer.statusCode === 401) return await refused(exchange, answer);
    await pass(answer, exchange);
  } catch (error) {
    fail(response, error);
  }
}

function refuse(response: ServerResponse, methods: readonly string[]): void {
  if (methods.length > 0) response.setHeader("allow", methods.join(", "));
  if (methods.length > 0)
    sendError(response, 405, "MethodNotAllowed", "The page does not use this method on this route.");
  else sendError(response, 404, "NotFoundError", "The page has no such route.");
}

/** Forwards the request; resolves to the head of the response. */
async function ask({ agent, open, request, response, target }: Exchange, isRefused = false): Promise<IncomingMessage> {
  const authorization = await agent.authorization(isRefused);
  return new Promise((resolve, reject) => {
    const headers = { ...picked(request, requestHeaders), "accept-encoding": "identity" };
    const upstream = open({
      method: request.method ?? "GET",
      path: agent.url.pathname.replace(/\/$/, "") + target,
      headers: authorization === undefined ? headers : { ...headers, authorization },
    });
    // The page has disconnected: the rest is not needed.
    response.once("close", () => upstream.destroy());
    upstream.setTimeout(answerTimeout, () => upstream.destroy(new Error("the agent does not answer")));
    upstream.once("response", (answer) => {
      upstream.setTimeout(0); // a stream may be silent for any time; the page has a watchdog for it
      resolve(answer);
    });
    upstream.on("error", reject);
    if (request.method === "GET" || request.method === "DELETE") upstream.end();
    else pipeline(request, limit(), upstream).catch(reject);
  });
}

/** Ends a body that exceeds the limit, whatever its content-length. */
function limit(): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      done(size > maxRequestBytes ? new TooLargeError() : null, chunk);
    },
  });
}

class TooLargeError extends Error {
  override readonly name = "TooLargeError";
}

/** For the page, 401 means its own cookie, so the agent's 401 becomes another status; a renewed token is tried once. */
async function refused(exchange: Exchange, answer: IncomingMessage): Promise<void> {
  const { request, response } = exchange;
  answer.resume();
  if (request.method === "GET") {
    const second = await ask(exchange, true);
    if (second.statusCode !== 401) return pass(second, exchange);
    second.resume();
  } else await exchange.agent.authorization(true); // a sent body cannot be sent again; the page retries the requests that it may
  sendError(response, 502, "AgentRefused", "The agent refuses the credentials of this page.");
}

function pass(answer: IncomingMessage, { request, response, target }: Exchange): Promise<void> {
  const reduce = request.method === "GET" ? publicLists.get(target.split("?", 1)[0] ?? "") : undefined;
  return reduce === undefined ? stream(answer, response) : sendReduced(answer, response, reduce);
}

async function stream(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  response.writeHead(answer.statusCode ?? 502, { ...picked(answer, answerHeaders), ...commonHeaders });
  response.flushHeaders(); // an event stream may have no event yet
  await pipeline(answer, response);
}

/** Buffers a list that has secrets. */
async function sendReduced(
  answer: IncomingMessage,
  response: ServerResponse,
  reduce: (answer: unknown) => unknown,
): Promise<void> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > maxListBytes) throw new Error("a list of the agent is too long");
    pieces.push(piece);
  }
  if (answer.statusCode !== 200) {
    return sendError(response, answer.statusCode ?? 502, "AgentError", "The agent does not give this list.");
  }
  sendJson(response, 200, reduce(JSON.parse(Buffer.concat(pieces).toString("utf8"))));
}

function picked(message: IncomingMessage, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = message.headers[name];
      return typeof value === "string" ? [[name, value]] : [];
    }),
  );
}

function tooLarge(response: ServerResponse): void {
  response.setHeader("connection", "close"); // the rest of the body is not read
  sendError(response, 413, "TooLarge", `A request may have ${maxRequestBytes / 1024 / 1024} MiB at most.`);
}

/** The client retries a 502, and treats the request as possibly processed. */
function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) response.destroy();
  else if (error instanceof TooLargeError) tooLarge(response);
  else sendError(response, 502, "AgentUnreachable", "The agent does not answer at the moment.");
}
