/** The typed client: every documented route by its path, undocumented ones by text, event streams as responses. */

import { placesOfOptions } from "../types/option-names.js";
import { checkOptions } from "../util/check-options.js";
import type { LevelLogger } from "../util/logger.js";
import type { Authorization } from "./auth.js";
import { ConcurrencyLimit } from "./concurrency-limit.js";
import { Liveness } from "./liveness.js";
import {
  type CallOptions,
  type ClientOptions,
  type ClientSettings,
  clientOptionNames,
  clientSettings,
} from "./options.js";
import { type Call, prepare, prepareStream } from "./request.js";
import { openStream, send } from "./send.js";
import type { Traffic } from "./traffic.js";
import type { CallResult, Verb, VerbMethod } from "./typed.js";

export type { CallOptions, ClientOptions } from "./options.js";

/** What an undocumented route can be given. */
interface RequestOptions extends CallOptions {
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
}

/** What a stream can be given. */
interface StreamOptions extends CallOptions {
  readonly query?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The opencode server's REST API. Every call rejects with a class of this package and never gives half an answer:
 * `APIConnectionError`, `APITimeoutError`, `APIAbortError`, the `APIStatusError` of the status, `UnsupportedEndpointError`
 * when the server has no such route (it answers those with a web page), `APIResponseValidationError` when the answer is
 * not what the route promises, and `ConfigError` for wrong options or a wrong configuration of the agent.
 *
 * Reads, PUT, DELETE, aborts and replies are repeated when the connection is lost or the server is overloaded. Other
 * requests are repeated only when no connection was made: the client never sends a prompt twice.
 */
export interface OpencodeClient {
  /** The server's address, without credentials. */
  readonly baseUrl: string;
  /** The directory that is sent with every request. */
  readonly directory: string | undefined;
  /** Where the client logs, for the layers above it. */
  readonly logger: LevelLogger;
  /** When the server was last heard of, by this client and its copies; for the layers above it. */
  readonly liveness: Liveness;
  /** For example `client.GET("/session/{sessionID}", { params: { path: { sessionID } } })`. */
  readonly GET: VerbMethod<"get">;
  readonly POST: VerbMethod<"post">;
  readonly PUT: VerbMethod<"put">;
  readonly PATCH: VerbMethod<"patch">;
  readonly DELETE: VerbMethod<"delete">;
  /** A route that is not documented. `path` begins with `/`, without a query. */
  request(method: string, path: string, options?: RequestOptions): Promise<CallResult<unknown>>;
  /**
   * Opens an event stream. Its `timeout` ends with the headers; the body fails when a signal aborts. It is not repeated:
   * what was missed in between is the reader's to find out.
   */
  stream(path: string, options?: StreamOptions): Promise<Response>;
  /**
   * A copy with other options; this client stays as it is. `undefined` removes an option; `headers` are replaced, not
   * merged; a new `token` takes the place of a `password` and the other way round.
   */
  withOptions(changes: Partial<ClientOptions>): OpencodeClient;
}

/**
 * A client of a running server; no request is sent. Throws `ConfigError` for a wrong base URL, for a token together with a
 * password, and for other options that cannot work.
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
    stream: async (path, { query, ...call } = {}) =>
      openStream(prepareStream(settings, path, { ...call, params: { query } })),
    withOptions: (changes) => {
      checkOptions(changes, clientOptionNames, "withOptions()", placesOfOptions);
      return clientFor(
        changedOptions(options, changes),
        "baseUrl" in changes ? {} : shared,
        keptAuthorization(settings, changes),
      );
    },
  };
  return client;
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
