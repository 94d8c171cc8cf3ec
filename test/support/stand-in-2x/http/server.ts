/** The HTTP side: web page outside `/api`, password, start phase, strict routing, and answers in the form of 2.x. */
import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isRecord, type JsonRecord } from "../../../../src/util/json.js";
import { allRoutes } from "../routes/all.js";
import type { World } from "../world.js";
import { Failure, invalidRequest } from "./failure.js";
import { findRoute, misshapenId, type Route, written } from "./router.js";

/** Paths that 2.1 does not have and that a client may ask to find that out. */
const knownAbsent = new Set(["/api/health"]);

/** Listens on loopback. Resolves to the server and its address. */
export async function listen(world: World, port: number): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    request.on("error", () => {});
    response.on("error", () => {});
    handle(world, request, response).catch((error: unknown) => {
      world.violate(
        `the stand-in failed at ${request.method} ${request.url}: ${String((error as Error).stack ?? error)}`,
      );
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { _tag: "UnknownError", message: "The stand-in failed" });
    });
  });
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address() as AddressInfo; // a TCP server's address is never a pipe's name
  return { server, url: `http://127.0.0.1:${address.port}` };
}

async function handle(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const method = request.method ?? "GET";
  if (url.pathname === "/openapi.json")
    return sendJson(response, 200, { openapi: "3.1.0", info: { title: "stand-in" } });
  if (!/^\/api(\/|$)/.test(url.pathname)) {
    response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>opencode</title>");
    return;
  }
  if (!isAuthorized(world, request, url)) {
    request.resume();
    return sendJson(response, 401, { _tag: "UnauthorizedError", message: "Authentication required" });
  }
  url.searchParams.delete("auth_token");
  if (world.isStarting() && url.pathname !== "/api/info") {
    request.resume();
    response.setHeader("retry-after", "1");
    return sendJson(response, 503, { code: "service_starting" });
  }
  const name = `${method} ${url.pathname}`;
  const found = findRoute(allRoutes, method, url.pathname.slice("/api".length));
  if (found === undefined) {
    if (!knownAbsent.has(url.pathname)) world.violate(`${name}: no such route`);
    request.resume();
    response.writeHead(404).end();
    return;
  }
  try {
    const result = await answer(world, request, response, url, found.route, found.params);
    if (result === written) return;
    if (result === undefined) response.writeHead(204).end();
    else sendJson(response, 200, result);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    sendJson(response, error.status, { _tag: error.tag, message: error.message, ...error.fields });
  }
}

async function answer(
  world: World,
  incoming: IncomingMessage,
  response: ServerResponse,
  url: URL,
  route: Route,
  params: Record<string, string>,
): Promise<unknown> {
  const name = `${route.method} ${route.path}`;
  const refuse = (problem: string, kind: "Payload" | "Params" | "Query"): Failure => {
    world.violate(`${name}: ${problem}`);
    return invalidRequest(problem, kind);
  };
  const bytes = await readBody(incoming);
  const wrongId = misshapenId(route, params);
  if (wrongId !== undefined) throw refuse(`Expected another form of id: ${params[wrongId]}`, "Params");
  const known = [...(route.query ?? []), ...(route.location === true ? ["location[directory]"] : [])];
  for (const key of url.searchParams.keys()) {
    if (!known.includes(key)) throw refuse(`Unknown query parameter ${key}`, "Query");
  }
  const body = route.rawBody === true ? {} : readJson(bytes, incoming, route, refuse);
  const directory = directoryOf(world, incoming, url, route, refuse);
  return route.handle({ world, params, query: url.searchParams, body, bytes, directory, incoming, response });
}

function readJson(
  bytes: Buffer,
  incoming: IncomingMessage,
  route: Route,
  refuse: (problem: string, kind: "Payload") => Failure,
): JsonRecord {
  if (route.body === undefined) {
    // `{}` is what some clients send with every POST.
    if (bytes.length > 0 && bytes.toString().trim() !== "{}") throw refuse("takes no body", "Payload");
    return {};
  }
  const type = incoming.headers["content-type"] ?? "";
  if (bytes.length > 0 && !type.startsWith("application/json")) {
    refuse(`has a body of type ${type || "none"}`, "Payload");
    throw new Failure(415, "InvalidRequestError", "Unsupported media type");
  }
  let value: unknown;
  try {
    value = bytes.length === 0 ? {} : JSON.parse(bytes.toString("utf8"));
  } catch {
    throw refuse("Malformed JSON", "Payload");
  }
  const problem = route.body(value, "body");
  if (problem !== undefined) throw refuse(problem, "Payload");
  return isRecord(value) ? value : {};
}

/** The query alone says the directory: the contract names no header. */
function directoryOf(
  world: World,
  incoming: IncomingMessage,
  url: URL,
  route: Route,
  refuse: (problem: string, kind: "Query") => Failure,
): string {
  const own = world.options.directory;
  if (route.location !== true) return own;
  const directory = url.searchParams.get("location[directory]");
  if (directory === null) {
    const header = incoming.headers["x-opencode-directory"];
    const named = header === undefined ? own : decodeURIComponent(String(header));
    if (named !== own) world.violate(`${route.method} ${route.path}: names its directory in a header only`);
    return own;
  }
  if (!directory.startsWith("/")) throw refuse(`The directory is relative: ${directory}`, "Query");
  if (directory.length > 1 && directory.endsWith("/")) {
    world.violate(`${route.method} ${route.path}: the directory ends with a slash and is another location`);
  }
  if (!world.locations.exists(directory)) {
    throw new Failure(404, "LocationNotFoundError", `No such directory: ${directory}`, { location: { directory } });
  }
  world.locations.touch(directory);
  return directory;
}

function isAuthorized(world: World, request: IncomingMessage, url: URL): boolean {
  const header = /^Basic (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
  const given = Buffer.from(header ?? url.searchParams.get("auth_token") ?? "", "base64");
  const expected = Buffer.from(`opencode:${world.options.password}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}
