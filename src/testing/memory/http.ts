/** From a request to an answer: credentials, directory, body, route. No connection is made. */
import { raceAbort } from "../../util/abort.js";
import { infoRoutes } from "./info-routes.js";
import { internalError, notImplemented, Refusal } from "./replies.js";
import { runRoutes } from "./run-routes.js";
import type { MemoryServer } from "./server.js";
import { sessionRoutes } from "./session-routes.js";

/** By the segments before it: the place that a segment is. */
const places: Readonly<Record<string, string>> = {
  session: "{sessionID}",
  "session/{sessionID}/message": "{messageID}",
  "session/{sessionID}/message/{messageID}/part": "{partID}",
  "session/{sessionID}/permissions": "{permissionID}",
  permission: "{requestID}",
  question: "{requestID}",
  auth: "{providerID}",
};

/** The function to give to a client as its `fetch`. */
export function createFetch(server: () => MemoryServer): typeof globalThis.fetch {
  return async (input, init) => {
    const isRequest = typeof input === "object" && "url" in input;
    const url = new URL(isRequest ? input.url : input);
    const method = (init?.method ?? (isRequest ? input.method : "GET")).toUpperCase();
    const headers = new Headers(init?.headers ?? (isRequest ? input.headers : undefined));
    const signal = init?.signal ?? (isRequest ? input.signal : undefined);
    const text = typeof init?.body === "string" ? init.body : isRequest ? await input.text() : "";
    signal?.throwIfAborted();
    const agent = server();
    agent.life.signal.throwIfAborted();
    const work = answer(agent, { method, url, headers, text, signal });
    const alive = raceAbort(work, agent.life.signal);
    return signal ? raceAbort(alive, signal) : alive;
  };
}

interface Incoming {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly text: string;
  readonly signal: AbortSignal | null | undefined;
}

async function answer(server: MemoryServer, { method, url, headers, text, signal }: Incoming): Promise<Response> {
  try {
    if (!isAuthorized(server, url, headers)) {
      return new Response(null, { status: 401, headers: { "www-authenticate": 'Basic realm="Secure Area"' } });
    }
    const { route, ids } = routeOf(url.pathname);
    const name = `${method} ${route}`;
    const handler = infoRoutes[name] ?? runRoutes[name] ?? sessionRoutes[name];
    if (handler === undefined) throw notImplemented(`${method} ${url.pathname}`);
    const type = headers.get("content-type");
    if (text !== "" && type !== null && !type.includes("json")) {
      return new Response(`Unsupported content-type: ${type}`, {
        status: 415,
        headers: { "content-type": "text/plain" },
      });
    }
    const directory = directoryOf(server, url, headers);
    const query = url.searchParams;
    const body = text === "" ? undefined : parse(text);
    return await handler({ server, url: url.href, directory, query, ids, body, signal: signal ?? undefined });
  } catch (error) {
    if (error instanceof Refusal) return error.response();
    if (error instanceof URIError) return new Response(null, { status: 404 });
    throw error;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw internalError();
  }
}

function routeOf(path: string): { readonly route: string; readonly ids: readonly string[] } {
  const ids: string[] = [];
  const segments: string[] = [];
  for (const segment of path.split("/").filter((one) => one !== "")) {
    const place = places[segments.join("/")];
    if (place === undefined || (segments.length === 1 && segment === "status")) segments.push(segment);
    else {
      ids.push(decodeURIComponent(segment));
      segments.push(place);
    }
  }
  return { route: `/${segments.join("/")}`, ids };
}

/** The query's value is decoded twice, the header's once; the query wins. */
function directoryOf(server: MemoryServer, url: URL, headers: Headers): string {
  const given = url.searchParams.get("directory") ?? headers.get("x-opencode-directory");
  if (given === null || given === "") return server.directory;
  const path = decoded(given);
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isAuthorized({ options }: MemoryServer, url: URL, headers: Headers): boolean {
  if (options.password === undefined) return true;
  const expected = btoa(String.fromCharCode(...new TextEncoder().encode(`opencode:${options.password}`)));
  return headers.get("authorization") === `Basic ${expected}` || url.searchParams.get("auth_token") === expected;
}
