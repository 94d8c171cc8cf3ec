/**
 * The stub server: replays the recorded turn for each prompt, one HTTP chunk per event, as fast as the sockets take it. Started with
 * an IPC channel; it sends its address, and answers each message with its counts since the last one.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { mint, type RenderedTurn, renderSession, renderTurn, type TurnNames } from "./recorded-turn.js";
import { deltaText, readOrder, wholeText } from "./text.js";

/** Requests by route, the largest number of open sockets, and the stub's own processor time in ms. */
export interface StubCounts {
  readonly requests: Readonly<Record<string, number>>;
  readonly cpu: number;
  readonly sockets: number;
}

interface Session {
  readonly id: string;
  readonly title: string;
  readonly turns: { readonly promptId: string; readonly rendered: RenderedTurn; text: string }[];
  isBusy: boolean;
}

const sessions = new Map<string, Session>();
const listeners = new Set<Socket>();
let requests: Record<string, number> = {};
let sockets = 0;
let mostSockets = 0;
let cpuBefore = process.cpuUsage();

/** Events that are written together, each as a chunk of its own: more of them would not be faster. */
const batch = 64;

/** An event as one chunk of HTTP. The stub writes to the socket itself: Node's response costs more than a client. */
function chunk(event: string): string {
  return `${Buffer.byteLength(event).toString(16)}\r\n${event}\r\n`;
}

/** Writes chunks to all listeners; resolves when each of them takes more. */
function emit(chunks: string): Promise<unknown> | undefined {
  let full: Promise<unknown>[] | undefined;
  for (const listener of listeners) {
    if (listener.write(chunks)) continue;
    full ??= [];
    full.push(drained(listener));
  }
  return full === undefined ? undefined : Promise.all(full);
}

function drained(listener: Socket): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      listener.off("drain", settle).off("close", settle);
      resolve();
    };
    listener.on("drain", settle).on("close", settle);
  });
}

async function play(session: Session, body: PromptBody): Promise<void> {
  const [part] = body.parts;
  const names: TurnNames = {
    session: session.id,
    title: session.title,
    prompt: body.messageID ?? mint("msg"),
    promptPart: part?.id ?? mint("prt"),
    promptText: part?.text ?? "",
    answer: mint("msg"),
  };
  const turn = { promptId: names.prompt, rendered: renderTurn(names), text: "" };
  session.turns.push(turn);
  session.isBusy = true;
  await emit(turn.rendered.before().map(chunk).join(""));
  const { deltas, pause = 0, stamped = false, lost } = readOrder(names.promptText);
  const stamps: string[] = [];
  let chunks = "";
  for (let index = 0; index < deltas; index += 1) {
    if (pause > 0) await delay(pause);
    const text = stamped ? `${process.hrtime.bigint()} ` : deltaText(index);
    if (stamped) stamps.push(text);
    if (index !== lost) chunks += chunk(turn.rendered.delta(text));
    if (pause === 0 && index % batch < batch - 1 && index < deltas - 1) continue;
    const full = emit(chunks);
    chunks = "";
    if (full !== undefined) await full;
  }
  turn.text = stamped ? stamps.join("") : wholeText(deltas);
  session.isBusy = false;
  await emit(turn.rendered.after(turn.text).map(chunk).join(""));
}

interface PromptBody {
  readonly messageID?: string;
  readonly parts: readonly { readonly id?: string; readonly text?: string }[];
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text === "" ? {} : JSON.parse(text);
}

function sendJson(response: ServerResponse, json: string, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(json);
}

function openEvents(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache, no-transform" });
  response.flushHeaders();
  const { socket } = response;
  if (socket === null) return;
  socket.write(chunk(`data: ${JSON.stringify({ id: mint("evt"), type: "server.connected", properties: {} })}\n\n`));
  socket.setMaxListeners(0); // each turn that waits for the socket listens to it
  listeners.add(socket);
  socket.once("close", () => listeners.delete(socket));
}

function create(response: ServerResponse, { title = "New session" }: { readonly title?: string }): void {
  const id = mint("ses");
  sessions.set(id, { id, title, turns: [], isBusy: false });
  const { json, events } = renderSession(id, title);
  void emit(events.map(chunk).join(""));
  sendJson(response, json);
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = ""] = (request.url ?? "").split("?");
  const [, first = "", id = "", last, messageId] = path.split("/");
  const session = sessions.get(id);
  const route = `${request.method} /${first}${session === undefined ? `/${id}` : "/{id}"}${last === undefined ? "" : `/${last}`}${messageId === undefined ? "" : "/{id}"}`;
  requests[route] = (requests[route] ?? 0) + 1;
  const body = await readBody(request);
  if (route === "GET /event/") return openEvents(response);
  if (route === "GET /global/health") return sendJson(response, '{"healthy":true,"version":"1.18.33"}');
  if (route === "POST /session/") return create(response, body as { title?: string });
  if (route === "GET /session/status") return sendJson(response, statuses());
  if (route === "GET /permission/" || route === "GET /question/") return sendJson(response, "[]");
  if (session === undefined)
    return sendJson(response, '{"name":"NotFoundError","data":{"message":"no such route"}}', 404);
  if (route === "GET /session/{id}") return sendJson(response, renderSession(session.id, session.title).json);
  if (last === "message" || last === "prompt_async") return messages(request, response, { session, messageId, body });
  return sendJson(response, '{"name":"NotFoundError","data":{"message":"the stub has no such route"}}', 404);
}

function statuses(): string {
  const busy = [...sessions.values()].filter(({ isBusy }) => isBusy);
  return JSON.stringify(Object.fromEntries(busy.map(({ id }) => [id, { type: "busy" }])));
}

interface MessageCall {
  readonly session: Session;
  readonly messageId: string | undefined;
  readonly body: unknown;
}

async function messages(request: IncomingMessage, response: ServerResponse, call: MessageCall): Promise<void> {
  const { session, messageId } = call;
  if (request.method === "GET") {
    const stored = session.turns.flatMap(({ rendered, text }) => rendered.stored(text));
    if (messageId === undefined) return sendJson(response, `[${stored.join(",")}]`);
    const one = stored.find((message) => message.startsWith(`{"info":{"id":"${messageId}"`));
    return sendJson(response, one ?? '{"name":"NotFoundError","data":{"message":"no message"}}', one ? 200 : 404);
  }
  const playing = play(session, call.body as PromptBody);
  if (request.url?.includes("/prompt_async") === true) {
    response.writeHead(204).end();
    return playing;
  }
  await playing;
  const turn = session.turns.at(-1);
  sendJson(response, turn?.rendered.stored(turn.text)[1] ?? "null");
}

const server = createServer((request, response) => {
  handle(request, response).catch((error: unknown) => {
    console.error(error);
    response.destroy();
  });
});
server.keepAliveTimeout = 60_000;
server.on("connection", (socket) => {
  sockets += 1;
  mostSockets = Math.max(mostSockets, sockets);
  socket.setNoDelay(true).once("close", () => {
    sockets -= 1;
  });
});
server.listen(0, "127.0.0.1", () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
process.on("message", () => {
  const { user, system } = process.cpuUsage(cpuBefore);
  cpuBefore = process.cpuUsage();
  process.send?.({ requests, sockets: mostSockets, cpu: (user + system) / 1_000 } satisfies StubCounts);
  requests = {};
  mostSockets = sockets;
});
process.on("disconnect", () => process.exit());
