/**
 * The basic shape of answers: enough to notice at the door that something else than an opencode server, or another
 * release of it, has answered. What is read of the fields is checked in `content.ts`.
 */
import { APIResponseValidationError } from "../errors/index.js";
import { isRecord } from "../util/json.js";
import type { Shape } from "./options.js";
import type { PathWith, ResponseData, Verb } from "./typed.js";

type ShapeOf<T> = [T] extends [boolean] ? "boolean" : [T] extends [readonly unknown[]] ? "array" : "object";
type ShapesOf<V extends Verb> = { [P in PathWith<V> as `${Uppercase<V>} ${P}`]?: ShapeOf<ResponseData<V, P>> };
/** The routes whose answers are looked at, with the shape that the generated document promises. */
export type RouteShapes = ShapesOf<"get"> & ShapesOf<"post"> & ShapesOf<"put"> & ShapesOf<"patch"> & ShapesOf<"delete">;

// The compiler checks every line against the generated document.
const routeShapes: Readonly<Record<string, Shape | undefined>> = {
  "GET /agent": "array",
  "PUT /auth/{providerID}": "boolean",
  "DELETE /auth/{providerID}": "boolean",
  "GET /command": "array",
  "GET /config": "object",
  "PATCH /config": "object",
  "GET /config/providers": "object",
  "GET /experimental/tool": "array",
  "GET /experimental/tool/ids": "array",
  "DELETE /experimental/workspace/{id}": "object",
  "DELETE /experimental/worktree": "boolean",
  "GET /file": "array",
  "GET /file/content": "object",
  "GET /find": "array",
  "GET /find/file": "array",
  "GET /global/health": "object",
  "POST /instance/dispose": "boolean",
  "GET /mcp": "object",
  "POST /mcp": "object",
  "DELETE /mcp/{name}/auth": "object",
  "POST /mcp/{name}/connect": "boolean",
  "POST /mcp/{name}/disconnect": "boolean",
  "GET /path": "object",
  "GET /permission": "array",
  "POST /permission/{requestID}/reply": "boolean",
  "GET /project": "array",
  "GET /provider": "object",
  "DELETE /pty/{ptyID}": "boolean",
  "GET /question": "array",
  "POST /question/{requestID}/reject": "boolean",
  "POST /question/{requestID}/reply": "boolean",
  "GET /session": "array",
  "POST /session": "object",
  "GET /session/status": "object",
  "GET /session/{sessionID}": "object",
  "DELETE /session/{sessionID}": "boolean",
  "PATCH /session/{sessionID}": "object",
  "POST /session/{sessionID}/abort": "boolean",
  "GET /session/{sessionID}/children": "array",
  "POST /session/{sessionID}/command": "object",
  "GET /session/{sessionID}/diff": "array",
  "POST /session/{sessionID}/fork": "object",
  "POST /session/{sessionID}/init": "boolean",
  "GET /session/{sessionID}/message": "array",
  "POST /session/{sessionID}/message": "object",
  "GET /session/{sessionID}/message/{messageID}": "object",
  "DELETE /session/{sessionID}/message/{messageID}": "boolean",
  "DELETE /session/{sessionID}/message/{messageID}/part/{partID}": "boolean",
  "POST /session/{sessionID}/permissions/{permissionID}": "boolean",
  "POST /session/{sessionID}/revert": "object",
  "POST /session/{sessionID}/share": "object",
  "DELETE /session/{sessionID}/share": "object",
  "POST /session/{sessionID}/shell": "object",
  "POST /session/{sessionID}/summarize": "boolean",
  "GET /session/{sessionID}/todo": "array",
  "POST /session/{sessionID}/unrevert": "object",
} satisfies RouteShapes;

/** What the route's answer must be, or `undefined` when the client has no expectation. `template` has `{names}` in it. */
export function expectedShape(method: string, template: string): Shape | undefined {
  return routeShapes[`${method} ${template}`];
}

/** Throws `APIResponseValidationError` when `data` is not of the shape. */
export function checkShape(data: unknown, shape: Shape, facts: { method: string; path: string; status: number }): void {
  const found = shapeOf(data);
  if (found === shape) return;
  const { method, path, status } = facts;
  throw new APIResponseValidationError(
    `${method} ${path}: ${status} with ${article(found)}, expected ${article(shape)}`,
    // The data itself is not kept: it may be a whole list, with keys and prompts in it.
    { ...facts, hint: "Is this an opencode server of a supported release?" },
  );
}

function shapeOf(data: unknown): string {
  if (Array.isArray(data)) return "array";
  if (isRecord(data)) return "object";
  return data === null ? "null" : typeof data;
}

function article(shape: string): string {
  return shape === "null" ? "null" : `${/^[aeiou]/.test(shape) ? "an" : "a"} ${shape}`;
}
