/** The HTTP side of the scripted model: loopback only, one key, bounded bodies, and a client may go away at any time. */
import { timingSafeEqual } from "node:crypto";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { linkSignals } from "../util/abort.js";
import { messageOf } from "../util/error-message.js";
import { sseData } from "./completion.js";
import { errorBody, type Plan, refusal } from "./plan.js";
import type { MutableModelRequest } from "./request.js";
import { respond, sendJson } from "./respond.js";

/** What the endpoint serves. */
export interface EndpointOptions {
  readonly apiKey: string;
  /** Listed by `GET /v1/models`. */
  readonly models: readonly string[];
  /** The longest request body that is read, in bytes. Default 256 MiB: opencode takes prompts of 50 MB. */
  readonly maxBodyBytes?: number | undefined;
  /** Reads and records a request; `undefined` when the body is none. */
  readonly receive: (body: unknown, headers: IncomingHttpHeaders) => MutableModelRequest | undefined;
  /** Decides what is answered. */
  readonly answer: (request: MutableModelRequest) => Promise<Plan>;
}

/** A listening endpoint. */
export interface ModelEndpoint {
  /** `http://127.0.0.1:PORT/v1`. */
  readonly baseUrl: string;
  /** Ends every connection. May be called more than once. */
  close(): Promise<void>;
}

const defaultMaxBodyBytes: number = 256 * 1024 * 1024;

/** Listens on a free port of loopback. Does not keep the process alive. */
export async function openEndpoint(options: EndpointOptions): Promise<ModelEndpoint> {
  const closing = new AbortController();
  const server = createServer((request, response) => {
    handle(request, response, options, closing.signal).catch(() => response.destroy());
  });
  // opencode keeps its connections: one that we ended just as it was taken again would look like a failing model.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0; // a body of 256 MiB may take its time
  server.on("connection", (socket) => socket.unref());
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  server.unref();
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing.abort(new Error("the scripted model was closed"));
    closed ??= new Promise((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    return closed;
  };
  return { baseUrl: `http://127.0.0.1:${portOf(server)}/v1`, close };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port; // listening on TCP: never a path, never null
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  options: EndpointOptions,
  closing: AbortSignal,
): Promise<void> {
  // A client that goes away is told by `close` of the response; without listeners it would end the process.
  request.on("error", () => {});
  response.on("error", () => {});
  const refuse = (status: number, message: string): void =>
    sendJson(response, { status, body: errorBody(message), headers: {} });
  if (!authorized(request, options.apiKey)) return refuse(401, "the scripted model takes its own key only");
  const route = `${request.method} ${request.url?.split("?")[0]}`;
  if (route === "GET /v1/models") return sendJson(response, modelList(options.models));
  if (route !== "POST /v1/chat/completions") return refuse(404, `the scripted model has no ${route}`);
  const { maxBodyBytes = defaultMaxBodyBytes } = options;
  const body = await readBody(request, maxBodyBytes);
  if (body === undefined) return refuse(413, `the request is longer than ${maxBodyBytes} bytes`);
  const received = options.receive(parse(body), request.headers);
  if (received === undefined) return refuse(400, "expected a chat-completions request: JSON with a list of messages");
  await reply(received, response, options, closing);
}

async function reply(
  request: MutableModelRequest,
  response: ServerResponse,
  { answer }: EndpointOptions,
  closing: AbortSignal,
): Promise<void> {
  const scene = linkSignals(closing);
  let cutByUs = false;
  response.once("close", () => {
    scene.release();
    if (response.writableEnded || cutByUs || closing.aborted) return;
    request.aborted = true;
    scene.abort(new Error("the client went away"));
  });
  try {
    const plan = await answer(request);
    if (scene.signal.aborted) return;
    const stream = request.body["stream"] === true;
    if ((await respond(plan, { response, signal: scene.signal, stream, model: request.model })) === "ended") return;
    cutByUs = true;
    response.destroy();
  } catch (error) {
    if (!scene.signal.aborted) sendFailure(response, error);
  }
}

/** The script itself failed: its iterable threw, or a header of it is none. */
function sendFailure(response: ServerResponse, error: unknown): void {
  const plan = refusal(messageOf(error));
  if (response.headersSent) response.end(sseData(plan.body));
  else sendJson(response, plan);
}

function modelList(models: readonly string[]): { status: number; body: object; headers: Record<string, string> } {
  const data = models.map((id) => ({ id, object: "model", created: 0, owned_by: "scripted" }));
  return { status: 200, body: { object: "list", data }, headers: {} };
}

function authorized(request: IncomingMessage, apiKey: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? "");
  const expected = Buffer.from(`Bearer ${apiKey}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** The body, or `undefined` when it is too long: then the rest is read and dropped, so that the refusal is received. */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length <= maxBytes) chunks.push(bytes);
    else chunks.length = 0;
  }
  return length > maxBytes ? undefined : Buffer.concat(chunks).toString("utf8");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON: refused by the caller
  }
}
