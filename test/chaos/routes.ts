/** What kind of request a request line is: each kind meets its own faults. */

/** Kinds of requests. `submit` starts a run, `create` makes a session, `write` is any other change. */
export type Route = "events" | "submit" | "create" | "write" | "read";

/** A request as the proxy sees it. */
export interface SeenRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly route: Route;
  /** The session in its path. */
  readonly sessionId: string | undefined;
}

/** Reads a request line, for example `POST /session/ses_1/prompt_async HTTP/1.1`. The routes of 2.x are those below `/api`. */
export function readRequestLine(line: string): SeenRequest {
  const [method = "", target = ""] = line.split(" ");
  const path = (target.split("?", 1)[0] ?? "").replace(/^\/api(?=\/)/, "");
  return { method, path, route: routeOf(method, path), sessionId: /^\/session\/(ses_?[^/]+)/.exec(path)?.[1] };
}

function routeOf(method: string, path: string): Route {
  if (method === "GET") return path === "/event" ? "events" : "read";
  if (method !== "POST") return "write";
  if (path === "/session") return "create";
  return /^\/session\/[^/]+\/(?:prompt_async|prompt|command|shell)$/.test(path) ? "submit" : "write";
}
