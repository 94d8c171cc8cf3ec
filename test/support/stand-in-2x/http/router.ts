/** Routes as data: a method, a path, the query parameters and the body that it takes. Everything else is a violation. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { JsonRecord } from "../../../../src/util/json.js";
import type { World } from "../world.js";
import type { Shape } from "./shape.js";

/** A request that fits its route. */
export interface ApiRequest {
  readonly world: World;
  /** Segments of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: JsonRecord;
  /** The raw body, for routes with `rawBody`. */
  readonly bytes: Buffer;
  /** From `location[directory]`, or the server's own. */
  readonly directory: string;
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
}

/** Returned by a route that writes the response itself. */
export const written: unique symbol = Symbol("written");

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below `/api`. `{name}` is one segment, `{name*}` the rest. */
  readonly path: string;
  readonly query?: readonly string[];
  /** Takes `location[directory]`. */
  readonly location?: true;
  readonly body?: Shape;
  readonly rawBody?: true;
  /** `undefined` is 204. */
  readonly handle: (request: ApiRequest) => unknown;
}

/** The route of a request and its parameters; `undefined` when there is none. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; params: Record<string, string> } | undefined {
  for (const route of routes) {
    const params = route.method === method ? match(route.path, path) : undefined;
    if (params !== undefined) return { route, params };
  }
  return undefined;
}

/** The beginning that an id in a path must have. */
const prefixes: Readonly<Record<string, string>> = { s: "ses", msg: "msg_", per: "per", frm: "frm_", sh: "sh_" };

/** The parameter whose id has the wrong form. */
export function misshapenId(route: Route, params: Readonly<Record<string, string>>): string | undefined {
  return Object.keys(params).find((name) => {
    const isAnyText = name === "s" && route.path.startsWith("/session/{s}/form"); // `global` is one
    return !isAnyText && !(params[name] ?? "").startsWith(prefixes[name] ?? "");
  });
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split("/");
  const given = path.split("/");
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const name = /^\{(\w+)(\*?)\}$/.exec(segment);
    if (name?.[2] === "*") {
      params[name[1] ?? ""] = given.slice(index).map(decodeURIComponent).join("/");
      return params;
    }
    const value = given[index];
    if (value === undefined || value === "") {
      if (segment === value) continue;
      return undefined;
    }
    if (name !== null) params[name[1] ?? ""] = decodeURIComponent(value);
    else if (segment !== value) return undefined;
  }
  return given.length === wanted.length ? params : undefined;
}
