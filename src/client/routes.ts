/**
 * What the client knows about a route: the basic shape of its answer, enough to notice that something else than an opencode
 * server, or another release of it, has answered; the fields that are read of it; and whether a POST may be sent again.
 */
import { agentRequest, listedSession, message, release, session } from "./answer-checks.js";
import { amount, anyList, anyObject, type Check, either, fields, listOf, optional, recordOf, text } from "./check.js";
import type { Shape } from "./options.js";
import type { PathWith, ResponseData, Verb } from "./typed.js";

/**
 * Why a POST may be sent again: it does no harm twice (`"harmless"`), or nothing is left to be done when the server answers 404
 * to the repeat, because the first try was heard (`"reply"`).
 */
type Retry = "harmless" | "reply";

/** What is known about one route. */
interface Route<S extends Shape = Shape> {
  /** What the answer must be. */
  readonly shape?: S;
  /** What must be in it. */
  readonly check?: Check;
  /** Of a POST. GET, HEAD, PUT and DELETE may always be sent again (RFC 9110, section 9.2.2), others never. */
  readonly retry?: Retry;
}

type ShapeOf<T> = [T] extends [boolean] ? "boolean" : [T] extends [readonly unknown[]] ? "array" : "object";
type RoutesOf<V extends Verb> = { [P in PathWith<V> as `${Uppercase<V>} ${P}`]?: Route<ShapeOf<ResponseData<V, P>>> };
/** The routes of the generated document, each with the shape that it promises. */
type Routes = RoutesOf<"get"> & RoutesOf<"post"> & RoutesOf<"put"> & RoutesOf<"patch"> & RoutesOf<"delete">;

// The compiler checks every name and shape against the generated document.
const routes: Readonly<Record<string, Route | undefined>> = {
  "GET /agent": { shape: "array", check: listOf(fields({ name: text })) },
  "POST /api/session/{sessionID}/interrupt": { retry: "harmless" },
  "POST /api/session/{sessionID}/permission/{requestID}/reply": { retry: "reply" },
  "POST /api/session/{sessionID}/question/{requestID}/reject": { retry: "reply" },
  "POST /api/session/{sessionID}/question/{requestID}/reply": { retry: "reply" },
  "PUT /auth/{providerID}": { shape: "boolean" },
  "DELETE /auth/{providerID}": { shape: "boolean" },
  "GET /command": { shape: "array", check: listOf(fields({ name: text })) },
  "GET /config": {
    shape: "object",
    check: fields({
      model: optional(text),
      mcp: optional(anyObject),
      plugin: optional(listOf(either(text, anyList))),
    }),
  },
  "PATCH /config": { shape: "object" },
  "GET /config/providers": {
    shape: "object",
    check: fields({ providers: listOf(fields({ id: text, models: anyObject })) }),
  },
  "GET /experimental/tool": { shape: "array" },
  "GET /experimental/tool/ids": { shape: "array", check: listOf(text) },
  "DELETE /experimental/workspace/{id}": { shape: "object" },
  "DELETE /experimental/worktree": { shape: "boolean" },
  "GET /file": { shape: "array" },
  "GET /file/content": { shape: "object" },
  "GET /find": { shape: "array" },
  "GET /find/file": { shape: "array" },
  "GET /global/health": { shape: "object", check: fields({ version: release }) },
  "POST /instance/dispose": { shape: "boolean" },
  "GET /mcp": { shape: "object" },
  "POST /mcp": { shape: "object", retry: "harmless" },
  "DELETE /mcp/{name}/auth": { shape: "object" },
  "POST /mcp/{name}/connect": { shape: "boolean" },
  "POST /mcp/{name}/disconnect": { shape: "boolean" },
  "GET /path": { shape: "object", check: fields({ config: text, directory: text, worktree: text }) },
  "GET /permission": { shape: "array", check: listOf(agentRequest) },
  "POST /permission/{requestID}/reply": { shape: "boolean", retry: "reply" },
  "GET /project": { shape: "array" },
  "GET /provider": { shape: "object" },
  "DELETE /pty/{ptyID}": { shape: "boolean" },
  "GET /question": { shape: "array", check: listOf(agentRequest) },
  "POST /question/{requestID}/reject": { shape: "boolean", retry: "reply" },
  "POST /question/{requestID}/reply": { shape: "boolean", retry: "reply" },
  "GET /session": { shape: "array", check: listOf(listedSession) },
  "POST /session": { shape: "object", check: session },
  "GET /session/status": { shape: "object", check: recordOf(fields({ type: text })) },
  "GET /session/{sessionID}": { shape: "object", check: session },
  "PATCH /session/{sessionID}": { shape: "object" },
  "DELETE /session/{sessionID}": { shape: "boolean" },
  "POST /session/{sessionID}/abort": { shape: "boolean", retry: "harmless" },
  "GET /session/{sessionID}/children": { shape: "array", check: listOf(session) },
  "POST /session/{sessionID}/command": { shape: "object" },
  "GET /session/{sessionID}/diff": {
    shape: "array",
    check: listOf(fields({ additions: amount, deletions: amount, file: optional(text), patch: optional(text) })),
  },
  "POST /session/{sessionID}/fork": { shape: "object", check: session },
  "POST /session/{sessionID}/init": { shape: "boolean" },
  "GET /session/{sessionID}/message": { shape: "array", check: listOf(message) },
  "POST /session/{sessionID}/message": { shape: "object" },
  "GET /session/{sessionID}/message/{messageID}": { shape: "object", check: message },
  "DELETE /session/{sessionID}/message/{messageID}": { shape: "boolean" },
  "DELETE /session/{sessionID}/message/{messageID}/part/{partID}": { shape: "boolean" },
  "POST /session/{sessionID}/permissions/{permissionID}": { shape: "boolean", retry: "reply" },
  "POST /session/{sessionID}/revert": { shape: "object" },
  "POST /session/{sessionID}/share": { shape: "object", check: fields({ share: optional(fields({ url: text })) }) },
  "DELETE /session/{sessionID}/share": { shape: "object" },
  "POST /session/{sessionID}/shell": { shape: "object" },
  "POST /session/{sessionID}/summarize": { shape: "boolean" },
  "GET /session/{sessionID}/todo": { shape: "array", check: listOf(fields({ content: text, status: text })) },
  "POST /session/{sessionID}/unrevert": { shape: "object" },
} satisfies Routes;

const nothingKnown: Route = {};

/** The route of a template with `{names}` in it. */
export function routeOf(method: string, template: string): Route {
  return routes[`${method} ${template}`] ?? nothingKnown;
}

const retriedPosts = Object.entries(routes).flatMap(([name, route]) =>
  route?.retry === undefined ? [] : [{ pattern: patternOf(name), retry: route.retry }],
);

/** Why a POST to this path, with its parameters filled in, may be sent again; `undefined` when it may not. */
export function postRetry(path: string): Retry | undefined {
  return retriedPosts.find(({ pattern }) => pattern.test(path))?.retry;
}

function patternOf(name: string): RegExp {
  return new RegExp(`^${name.replace(/^POST /, "").replace(/\{[^{}]+\}/g, "[^/]+")}$`);
}

/** Routes that answer with the text of a file or a diff, whatever its content type, instead of JSON. */
export function answersText(path: string): boolean {
  return path.startsWith("/api/fs/read/") || path === "/vcs/diff/raw";
}

/** Routes that may answer 204: `prompt_async`, and many below `/api` and `/experimental`. All others promise a body. */
export function mayBeEmpty(path: string): boolean {
  return path.endsWith("/prompt_async") || path.startsWith("/api/") || path.startsWith("/experimental/");
}
