/** GET for downloads: through the proxy of the environment, redirects by hand, never silent for long. */
import { BinaryDownloadError } from "../../errors/index.js";
import type { Environment } from "../../process/unsafe-environment.js";
import { linkSignals } from "../../util/abort.js";
import { isLoopback } from "../../util/loopback.js";
import { type HttpClient, openClient } from "./http-client.js";

/** How the other side is talked to. */
export interface HttpOptions {
  /** Where `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are read. */
  readonly env: Environment;
  /** The only origin that is sent the `authorization`. */
  readonly origin: string;
  readonly authorization: string | undefined;
  /** Unencrypted connections to other machines, too. */
  readonly allowPlain: boolean;
  /** ms without a byte, after which a request ends. */
  readonly idle: number;
  /** Ends every request. */
  readonly signal: AbortSignal;
}

export interface GetOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Without credentials. */
  readonly anonymous?: boolean;
}

/** An answer whose body has not been read. */
export interface HttpAnswer {
  /** Where it came from after redirects; without what may be secret: query and credentials. */
  readonly from: string;
  readonly status: number;
  header(name: string): string | undefined;
  /** The bytes as they were sent, undecoded. Rejects with `BinaryDownloadError` when they stop or are cut. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Ends what has not been read. To be called in any case. */
  close(): void;
}

export interface Http {
  get(url: URL, options?: GetOptions): Promise<HttpAnswer>;
  close(): Promise<void>;
}

const maxRedirects = 5;

/** Loads the library for proxies; nothing is sent yet. @throws {ConfigError} for a proxy whose address is none. */
export async function openHttp(options: HttpOptions): Promise<Http> {
  const client = await openClient(options.env);
  return {
    get: (url, how = {}) => follow(url, how, options, client.send),
    close: async () => client.close(),
  };
}

type Send = HttpClient["send"];

async function follow(start: URL, how: GetOptions, options: HttpOptions, send: Send): Promise<HttpAnswer> {
  let url = start;
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    requireSafe(url, options.allowPlain);
    const answer = await getOnce(url, how, options, send);
    if (![301, 302, 303, 307, 308].includes(answer.status)) return answer;
    answer.close();
    url = nextUrl(url, answer);
  }
  throw new BinaryDownloadError(`${shown(start)} redirects more than ${maxRedirects} times.`, {
    reason: "invalid-answer",
  });
}

async function getOnce(url: URL, how: GetOptions, options: HttpOptions, send: Send): Promise<HttpAnswer> {
  const { authorization, origin, idle, signal } = options;
  const isOurs = url.origin === origin && how.anonymous !== true && authorization !== undefined;
  const headers = {
    "user-agent": "opencode-ts",
    "accept-encoding": "identity", // the digest is of these very bytes
    ...how.headers,
    ...(isOurs ? { authorization } : {}),
  };
  const stop = linkSignals(signal);
  const attempt: Attempt = { from: shown(url), idle, signal, stop };
  // Silence is measured from the connection on to the last byte.
  const response = await unlessSilent(send(url, headers, stop.signal), attempt);
  response.on("error", () => {}); // told to the reader; there may be none any more
  return {
    from: attempt.from,
    status: response.statusCode ?? 0,
    header: (name) => [response.headers[name]].flat()[0],
    body: bytesOf(response, attempt),
    close: () => {
      stop.release();
      stop.abort();
      response.destroy();
    },
  };
}

/** One request, and what ends it. */
interface Attempt {
  readonly from: string;
  readonly idle: number;
  /** The caller's. */
  readonly signal: AbortSignal;
  readonly stop: ReturnType<typeof linkSignals>;
}

async function* bytesOf(body: AsyncIterable<unknown>, attempt: Attempt): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  for (;;) {
    // Only the waiting for the other side counts, not the time in which the reader writes to its disk.
    const next = await unlessSilent(chunks.next(), attempt);
    if (next.done === true) return;
    if (next.value instanceof Uint8Array) yield next.value;
  }
}

async function unlessSilent<T>(work: Promise<T>, { from, idle, signal, stop }: Attempt): Promise<T> {
  const silence = new BinaryDownloadError(`${from}: nothing came for ${idle} ms.`, { reason: "timeout" });
  const timer = setTimeout(() => stop.abort(silence), idle);
  try {
    return await work;
  } catch (error) {
    signal.throwIfAborted();
    if (stop.signal.reason === silence) throw silence;
    throw new BinaryDownloadError(`${from}: ${reasonOf(error)}.`, { reason: "connection", cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** The innermost error names the reason; of several addresses tried at once the first one's does. */
function reasonOf(error: unknown): string {
  let inner = error;
  while (inner instanceof Error) {
    const [first]: readonly unknown[] = inner instanceof AggregateError ? inner.errors : [inner.cause];
    if (!(first instanceof Error)) break;
    inner = first;
  }
  return inner instanceof Error ? inner.message || inner.name : String(inner);
}

function nextUrl(url: URL, answer: HttpAnswer): URL {
  const location = answer.header("location") ?? "";
  const next = URL.canParse(location, url) && location !== "" ? new URL(location, url) : undefined;
  if (next !== undefined && !(url.protocol === "https:" && next.protocol !== "https:")) return next;
  const where = next === undefined ? "nowhere" : `to ${shown(next)}, which is not encrypted`;
  const reason = next === undefined ? "invalid-answer" : "insecure";
  throw new BinaryDownloadError(`${shown(url)} redirects ${where}.`, { reason });
}

/** What comes over an unencrypted connection may be anybody's, its digest too. */
function requireSafe(url: URL, allowPlain: boolean): void {
  if (url.protocol === "https:" || (url.protocol === "http:" && (allowPlain || isLoopback(url)))) return;
  throw new BinaryDownloadError(`${shown(url)} is not fetched: the connection would not be encrypted.`, {
    reason: "insecure",
    hint: "Use an https address, or accept what anybody on the way may have changed: allowUnverified: true.",
  });
}

/** Without credentials, and without the query, which is a credential where downloads are signed. */
export function shown(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}
