/** The typed client: documented routes by their path, undocumented ones by text, event streams as responses. */

import { placesOfOptions } from "../types/option-names.js";
import { checkOptions } from "../util/check-options.js";
import type { LevelLogger } from "../util/logger.js";
import type { Authorization } from "./auth.js";
import { ConcurrencyLimit } from "./concurrency-limit.js";
import { type HttpAnswer, responseOf } from "./http-answer.js";
import { Liveness } from "./liveness.js";
import {
  type CallOptions,
  type ClientOptions,
  type ClientSettings,
  clientOptionNames,
  clientSettings,
  encodeDirectory,
} from "./options.js";
import { type Call, prepare, prepareStream } from "./request.js";
import { openStream, send } from "./send.js";
import type { Traffic } from "./traffic.js";
import type { CallResult, Verb, VerbMethod } from "./typed.js";

export type { CallOptions, ClientOptions } from "./options.js";

/** Options of a request to an undocumented route. */
interface RequestOptions extends CallOptions {
  /** Body of the request, sent as JSON. @default none */
  readonly body?: unknown;
  /** Query parameters. @default none */
  readonly query?: Readonly<Record<string, unknown>> | undefined;
}

/** Options of an event stream. */
interface StreamOptions extends CallOptions {
  /** Query parameters. @default none */
  readonly query?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The opencode server's REST API. A failed call rejects with a class of this package: `APIConnectionError`, `APITimeoutError`,
 * `APIAbortError`, the `APIStatusError` of the status, `UnsupportedEndpointError` if the server has no such route,
 * `APIResponseValidationError` if the response is incomplete or does not match the route, and `ConfigError` for wrong options or
 * a wrong configuration of the agent.
 *
 * The client retries reads, PUT, DELETE, aborts and replies if the connection is lost or the server is overloaded. It retries
 * other requests only if no connection was made: it never sends a prompt twice.
 */
export interface OpencodeClient {
  /** Address of the server, without credentials. */
  readonly baseUrl: string;
  /** Directory that is sent with every request. */
  readonly directory: string | undefined;
  /** Logger of the client, for higher layers. */
  readonly logger: LevelLogger;
  /** Time of the server's last sign of life to this client and its copies, for higher layers. */
  readonly liveness: Liveness;
  /** Sends a GET request: `client.GET("/session/{sessionID}", { params: { path: { sessionID } } })`. */
  readonly GET: VerbMethod<"get">;
  /** Sends a POST request: `client.POST("/session", { body: { title } })`. */
  readonly POST: VerbMethod<"post">;
  /** Sends a PUT request. */
  readonly PUT: VerbMethod<"put">;
  /** Sends a PATCH request. */
  readonly PATCH: VerbMethod<"patch">;
  /** Sends a DELETE request. */
  readonly DELETE: VerbMethod<"delete">;
  /** Sends a request to an undocumented route. `path` begins with `/` and has no query. */
  request(method: string, path: string, options?: RequestOptions): Promise<CallResult<unknown>>;
  /**
   * Opens an event stream. Its `timeout` ends with the headers. The body fails when a signal aborts. The client does not reopen a
   * stream: the reader has to read the missed changes.
   */
  stream(path: string, options?: StreamOptions): Promise<Response>;
  /**
   * Returns a copy with other options; this client does not change. `undefined` removes an option. `headers` are replaced, not
   * merged. A new `token` replaces a `password`, and vice versa.
   */
  withOptions(changes: Partial<ClientOptions>): OpencodeClient;
}

/**
 * Creates a client of a running server. It sends no request.
 * @throws {ConfigError} for a wrong base URL, for a token together with a password, and for other wrong options.
 */
export function createOpencodeClient(options: ClientOptions): OpencodeClient {
  checkOptions(options, clientOptionNames, "createOpencodeClient()", placesOfOptions);
  return clientFor({ ...options }, {});
}

/** The same; `traffic` is told of its requests and those of its copies. Not for callers. */
export function createWatchedClient(options: ClientOptions, traffic: Traffic): OpencodeClient {
  return clientFor({ ...options }, { traffic });
}

/** A sign of life comes at once, or it is none (ms). Health is answered also while a directory is being set up (1.18.33). */
const healthTimeout = 10_000;

/** What a copy shares with the client that it was made of. */
type Shared = Pick<ClientSettings, "liveness" | "concurrencyLimit" | "traffic">;

function clientFor(options: ClientOptions, known: Partial<Shared>, authorization?: Authorization): OpencodeClient {
  const health = { timeout: healthTimeout, maxRetries: 0 };
  const shared: Shared = {
    liveness: known.liveness ?? new Liveness((signal) => client.GET("/global/health", { ...health, signal })),
    concurrencyLimit: known.concurrencyLimit ?? new ConcurrencyLimit(),
    traffic: known.traffic,
  };
  const settings = clientSettings(options, shared, authorization);
  const open: Open = async (path, { query, ...call } = {}) =>
    openStream(prepareStream(settings, path, { ...call, params: { query } }));
  const client: OpencodeClient = {
    baseUrl: settings.url.href,
    directory: settings.directory,
    logger: settings.logger,
    liveness: settings.liveness,
    GET: verbMethod(settings, "get"),
    POST: verbMethod(settings, "post"),
    PUT: verbMethod(settings, "put"),
    PATCH: verbMethod(settings, "patch"),
    DELETE: verbMethod(settings, "delete"),
    request: async (method, path, { query, ...call } = {}) =>
      send(prepare(settings, { method, template: path, isDocumented: false }, { ...call, params: { query } })),
    stream: async (path, options) => responseOf(await open(path, options)),
    withOptions: (changes) => {
      checkOptions(changes, clientOptionNames, "withOptions()", placesOfOptions);
      return clientFor(
        changedOptions(options, changes),
        "baseUrl" in changes ? {} : shared,
        keptAuthorization(settings, changes),
      );
    },
  };
  internals.set(client, { open, settings });
  return client;
}

type Open = (path: string, options?: StreamOptions) => Promise<HttpAnswer>;

const internals = new WeakMap<object, { readonly open: Open; readonly settings: ClientSettings }>();

/** Opens an event stream as `client.stream()`, without making a `Response`. Not for callers. */
export function openEvents(client: Pick<OpencodeClient, "stream">, ...args: Parameters<Open>): Promise<HttpAnswer> {
  return internals.get(client)?.open(...args) ?? client.stream(...args);
}

/** The directory of a session that was created without one is the server's own: its requests share one limit. Not for callers. */
export function nameOwnDirectory(client: Pick<OpencodeClient, "directory">, directory: string): void {
  if (client.directory !== undefined) return;
  internals.get(client)?.settings.concurrencyLimit.nameOwn(encodeDirectory(directory));
}

function verbMethod<V extends Verb>(settings: ClientSettings, verb: V): VerbMethod<V> {
  const call = async (template: string, init: Call = {}): Promise<CallResult<unknown>> =>
    send(prepare(settings, { method: verb, template, isDocumented: true }, init));
  // The types are what the document says the route answers; its basic shape is checked at run time.
  return call as VerbMethod<V>;
}

function changedOptions(options: ClientOptions, changes: Partial<ClientOptions>): ClientOptions {
  const replaced: { token?: undefined; password?: undefined } = {};
  if (changes.password) replaced.token = undefined;
  else if (changes.token) replaced.password = undefined;
  return { ...options, ...replaced, ...changes };
}

/** The same credentials stay one object, so that a token is not asked for once per copy. */
function keptAuthorization(settings: ClientSettings, changes: Partial<ClientOptions>): Authorization | undefined {
  const isChanged = ["baseUrl", "username", "password", "token"].some((name) => name in changes);
  return isChanged ? undefined : settings.authorization;
}
