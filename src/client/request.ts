/** From a call's arguments to a request that can be sent any number of times. */
import { ConfigError } from "../errors/index.js";
import { checkOptions } from "../util/check-options.js";
import type { LevelLogger } from "../util/logger.js";
import { concealer, headerSecrets } from "../util/redact.js";
import { type Authorization, renewableOnce } from "./auth.js";
import { isLimited, type Leave } from "./concurrency-limit.js";
import type { Liveness } from "./liveness.js";
import {
  type CallOptions,
  type ClientSettings,
  callOptionNames,
  checkedCount,
  checkedDirectory,
  checkedHeaders,
  checkedMethod,
  checkedTimeout,
  directoryHeader,
  directoryName,
  encodeDirectory,
} from "./options.js";
import type { TimedRequest } from "./request-timer.js";
import { buildTarget, type RouteParameters } from "./request-url.js";
import type { Expectation } from "./response.js";
import { routeOf } from "./routes.js";
import type { Traffic } from "./traffic.js";

/** A call before it is checked: what typed and untyped calls have in common. */
export interface Call extends CallOptions {
  readonly params?: RouteParameters | undefined;
  readonly body?: unknown;
}

/** Which route is called. */
export interface CalledRoute {
  /** In any case. */
  readonly method: string;
  /** The path, with its parameters' `{names}`. */
  readonly template: string;
  /** True when the types say what it answers. */
  readonly isDocumented: boolean;
}

/** The parts of a request, from which each try is built, and what is needed to see it through. */
export interface PreparedRequest extends TimedRequest, Expectation {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly fetch: typeof globalThis.fetch | undefined;
  /** Renews a token once. */
  readonly authorization: Authorization;
  readonly maxRetries: number;
  readonly maxResponseBytes: number;
  /** True: the body of a successful answer is left to the caller, and the clock stops at the headers. */
  readonly isStream: boolean;
  /** Resolves when it may be sent; the result is called when it is over. `undefined`: at once. */
  readonly enter: (() => Leave | Promise<Leave>) | undefined;
  readonly logger: LevelLogger;
  /** Told of every sign of life. */
  readonly liveness: Liveness;
  readonly traffic: Traffic | undefined;
}

/** Puts client settings and call together; the call wins. Throws `ConfigError` for what cannot be sent. */
export function prepare(settings: ClientSettings, route: CalledRoute, call: Call): PreparedRequest {
  const { template, isDocumented } = route;
  const method = checkedMethod(route.method);
  checkOptions(call, callOptionNames, `a ${method} request`, placesOfRequest);
  const { directory: queryDirectory, ...query } = call.params?.query ?? {};
  const directory = checkedDirectory(call.directory) ?? checkedDirectory(queryDirectory);
  const { path, url } = buildTarget(settings.url.href, template, {
    path: call.params?.path,
    query: {
      workspace: settings.workspace,
      ...query,
      ...listFilter(method, template, directory ?? settings.directory),
      // It filters the list of all directories, which the header does not.
      ...(template === "/api/session" && queryDirectory !== undefined ? { directory: queryDirectory } : {}),
    },
  });
  const body = call.body === undefined ? undefined : jsonBody(call.body, `${method} ${path}`);
  if (body !== undefined && (method === "GET" || method === "HEAD")) {
    throw new ConfigError(`${method} ${path}: a ${method} request has no body`);
  }
  const { shape, check } = routeOf(method, template);
  const signals = [settings.signal, call.signal];
  const headers: Record<string, string> = {
    ...(body === undefined ? undefined : { "content-type": "application/json" }),
    ...settings.headers,
    ...directoryHeader(directory),
    ...checkedHeaders(call.headers),
  };
  return {
    method,
    path,
    url,
    origin: settings.url.origin,
    headers,
    conceal: (text) => concealer(headerSecrets(headers))(settings.authorization.conceal(text)),
    body,
    fetch: call.fetch ?? settings.fetch,
    timeout: checkedTimeout(call.timeout) ?? settings.timeout,
    maxRetries: checkedCount("maxRetries", call.maxRetries) ?? settings.maxRetries,
    signals,
    maxResponseBytes: settings.maxResponseBytes,
    authorization: renewableOnce(settings.authorization),
    logger: settings.logger,
    liveness: settings.liveness,
    traffic: settings.traffic,
    enter: isLimited(method, template)
      ? () =>
          settings.concurrencyLimit.enter({
            directory: headers[directoryName] ?? "",
            isRead: method === "GET",
            signals,
          })
      : undefined,
    isStream: false,
    isDocumented,
    shape: call.shape ?? shape,
    content: isDocumented ? check : undefined,
  };
}

function jsonBody(value: unknown, request: string): string {
  let text: unknown; // of a function or a symbol `undefined`, whatever the types say
  let cause: unknown;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    cause = error;
  }
  if (typeof text === "string") return text;
  throw new ConfigError(`${request}: the body cannot be written as JSON`, {
    cause,
    hint: "Is there a cycle in it, a BigInt, or is it a function?",
  });
}

/**
 * Lists of sessions are filtered by the query's directory alone; with the header they are those of the whole project, which
 * for a directory without git is every session of the machine's other such directories too (observed on 1.18.33).
 * `scope: "project"` still gives the whole project.
 */
function listFilter(method: string, template: string, directory: string | undefined): { directory?: string } {
  const isList = method === "GET" && (template === "/session" || template === "/experimental/session");
  if (!isList || directory === undefined) return {};
  // 1.18.33 decodes the query once more than the URL needs, 1.1.65 to 1.14.41 do not: that is no matter without escapes.
  return { directory: /%[\da-f]{2}/i.test(directory) ? encodeDirectory(directory) : directory };
}

/** Where options belong that are given to a request by mistake. */
const placesOfRequest = { "the client, or to `params`": { query: true, path: true, workspace: true } } as const;

/** The same for an event stream. */
export function prepareStream(settings: ClientSettings, path: string, call: Call): PreparedRequest {
  const prepared = prepare(settings, { method: "GET", template: path, isDocumented: false }, call);
  const headers = { accept: "text/event-stream", ...prepared.headers };
  return { ...prepared, headers, enter: undefined, isStream: true };
}
