/** From a path template and parameters to a URL, and back to the session that a path is about. */
import { createFinalURL, createQuerySerializer } from "openapi-fetch";
import { ConfigError } from "../errors/index.js";
import { redact } from "../util/redact.js";

/** The parameters of a call. */
export interface RouteParameters {
  readonly path?: Readonly<Record<string, unknown>> | undefined;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
}

/** Where a request goes. */
export interface RequestTarget {
  /** The path alone, parameters filled in: for messages, logs and rules. */
  readonly path: string;
  /** The whole URL, without credentials. */
  readonly url: string;
}

const querySerializer = createQuerySerializer<Record<string, unknown>>();

/** The URL of a call. Throws `ConfigError` for parameters that no URL of this route can carry. */
export function buildTarget(base: string, template: string, parameters: RouteParameters): RequestTarget {
  if (typeof template !== "string" || !template.startsWith("/")) {
    // Also a matter of safety: appended to a host, ".example.org" or "@example.org" would make it another host.
    throw new ConfigError(`path: expected one that starts with "/", got ${shownPath(template)}`);
  }
  if (/[?#]/.test(template)) {
    throw new ConfigError(`path: ${shownPath(template)} has a query after it, which belongs into \`query\``);
  }
  const path = serializePath(template, parameters.path ?? {});
  try {
    const url = createFinalURL(path, {
      baseUrl: base,
      params: { query: { ...parameters.query } },
      querySerializer,
      pathSerializer: (pathname) => pathname,
    });
    return { path, url };
  } catch (cause) {
    throw new ConfigError(`${path}: its query parameters cannot be written as a URL's query`, { cause });
  }
}

/** What was given, for a message: without the query, which may hold a token. */
function shownPath(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(redact(value.split(/[?#]/, 1).join(""))) : typeof value;
}

/**
 * Fills `{name}`s in. Every value becomes one segment, except `{path}` of `/api/fs/read/{path}`, which keeps its slashes.
 * An empty value, `.` and `..` are refused: URL parsing would make another route of them (`DELETE /session/..`).
 */
function serializePath(template: string, values: Readonly<Record<string, unknown>>): string {
  if (!template.includes("{")) return template;
  return template.replace(/\{([^{}]+)\}/g, (_match, name: string) => {
    const value = values[name];
    if (typeof value !== "string" && typeof value !== "number") {
      throw new ConfigError(`${template}: the path parameter ${name} is missing`);
    }
    const segments = template === fileContent ? String(value).split("/") : [String(value)];
    return segments.map((segment) => encodeSegment(segment, template, name)).join("/");
  });
}

const fileContent = "/api/fs/read/{path}";

function encodeSegment(segment: string, template: string, name: string): string {
  if (segment === "" || segment === "." || segment === "..") {
    const problem = segment === "" ? "is or has an empty segment" : `is or has the segment "${segment}"`;
    throw new ConfigError(`${template}: the path parameter ${name} ${problem}`);
  }
  try {
    return encodeURIComponent(segment);
  } catch (cause) {
    throw new ConfigError(`${template}: the path parameter ${name} is not well-formed Unicode`, { cause });
  }
}

/** The session a path is about. */
export function sessionIdOf(path: string): string | undefined {
  const segment = /^(?:\/api|\/experimental)?\/session\/(?!(?:status|active)(?:\/|$))([^/?#]+)/.exec(path)?.[1];
  if (segment === undefined) return undefined;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // not written by us, and good enough for a message
  }
}
