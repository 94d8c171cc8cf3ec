/** Requests to the routes of 2.x: paths, the directory, and what is in an answer. */
import type { OpencodeClient } from "../../client/client.js";
import { APIResponseValidationError, NotFoundError, UnsupportedEndpointError } from "../../errors/index.js";
import { isRecord, type JsonRecord, property } from "../../util/json.js";
import type { ApiCall } from "../inputs.js";
import type { Dialect, Route } from "./dialects.js";

/** A connection to a server of one dialect. */
export interface Wire {
  readonly client: OpencodeClient;
  readonly dialect: Dialect;
}

/** A path with the session's id in the place of `{s}`. */
export function sessionPath(template: string, sessionId: string): string {
  return template.replace("{s}", encodeURIComponent(sessionId));
}

/** A path below a session. */
export function below(sessionId: string, rest = ""): string {
  return `/api/session/${encodeURIComponent(sessionId)}${rest}`;
}

/** Makes the request of a route of the table. */
export async function requestRoute(
  { client }: Wire,
  route: Route,
  sessionId: string,
  body: unknown,
  call?: ApiCall,
): Promise<unknown> {
  return (await client.request(route.method, sessionPath(route.path, sessionId), { ...call, body })).data;
}

/**
 * The directory of a call as the query of a route: without a slash at its end, with which it would be another location (2.0 preview
 * 1.18.18). Empty for the server's own.
 */
export function locationQuery(
  { client }: Pick<Wire, "client">,
  call?: Pick<ApiCall, "directory">,
): { query?: Record<string, string> } {
  const directory = call?.directory ?? client.directory;
  return directory === undefined ? {} : { query: { "location[directory]": plainDirectory(directory) } };
}

/** Without a slash at its end. A backslash is one in a path of Windows only. */
export function plainDirectory(directory: string): string {
  const isWindows = /^[a-z]:|^\\\\/i.test(directory);
  if (isWindows) return /^[a-z]:[/\\]?$/i.test(directory) ? directory : directory.replace(/[/\\]+$/, "");
  return directory.length > 1 ? directory.replace(/\/+$/, "") || "/" : directory;
}

/** The list of a directory: `{location, data}`. */
export async function locationList(wire: Pick<Wire, "client">, path: string, call?: ApiCall): Promise<JsonRecord[]> {
  const { data } = await wire.client.request("GET", path, { ...call, ...locationQuery(wire, call) });
  return records(property(data, "data"), path);
}

/** The object in `{data}`. Throws `APIResponseValidationError` when there is none. */
export function dataOf(answer: unknown, path: string): JsonRecord {
  const data = property(answer, "data");
  if (isRecord(data)) return data;
  throw new APIResponseValidationError(`GET ${path}: expected an object in "data"`, { path });
}

/** The objects of a list. Throws `APIResponseValidationError` for what is no list. */
export function records(list: unknown, path: string): JsonRecord[] {
  if (Array.isArray(list)) return list.filter(isRecord);
  throw new APIResponseValidationError(`GET ${path}: expected a list in "data"`, { path });
}

/** The route is not there: an unknown path is a 404 without a body (2.0 preview 1.18.18), or a web page. */
export function isNoRoute(error: unknown): boolean {
  if (error instanceof UnsupportedEndpointError) return true;
  return error instanceof NotFoundError && !isRecord(error.body);
}

/** Makes the same request at each path until one is there. Rejects with the last failure. */
export async function firstPath<T>(paths: readonly string[], request: (path: string) => Promise<T>): Promise<T> {
  let last: unknown;
  for (const path of paths) {
    try {
      return await request(path);
    } catch (error) {
      if (!isNoRoute(error)) throw error;
      last = error;
    }
  }
  throw last;
}
