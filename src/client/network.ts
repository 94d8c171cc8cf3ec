/** What a failed connection says about itself, on every runtime: Node, Bun, Deno, browsers. */
import { isRecord } from "../internal/json.js";

// Node (libuv, undici), then the names Bun and Deno use.
const neverSentCodes = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
  "ConnectionRefused",
  "FailedToOpenSocket",
  "DNSException",
]);
const givenUpCodes = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);

/** The most telling code of an error and its causes, for example `"ECONNREFUSED"`. */
export function errorCode(error: unknown): string | undefined {
  const links = chain(error);
  const telling = links.find(isConnectFailure) ?? links.find((link) => codeOf(link) !== undefined);
  return telling === undefined ? undefined : codeOf(telling);
}

/** True when the server cannot have seen the request: no connection was made. Only then is every request safe to repeat. */
export function wasNeverSent(error: unknown): boolean {
  return chain(error).some(isConnectFailure);
}

/** True when the runtime's own time limit ended the request (undici's is 300 s for headers and between two chunks). */
export function runtimeGaveUp(error: unknown): boolean {
  return chain(error).some((link) => givenUpCodes.has(codeOf(link) ?? ""));
}

type Link = Readonly<Record<string, unknown>>;

/** The error, its causes, and the members of aggregates (Node tries several addresses of one host). Bounded. */
function chain(error: unknown): Link[] {
  const found: Link[] = [];
  const waiting: unknown[] = [error];
  while (waiting.length > 0 && found.length < 20) {
    const link = waiting.shift();
    if (!isRecord(link) || found.includes(link)) continue;
    found.push(link);
    waiting.push(link["cause"]);
    if (Array.isArray(link["errors"])) waiting.push(...link["errors"]);
  }
  return found;
}

function codeOf(link: Link): string | undefined {
  return typeof link["code"] === "string" ? link["code"] : undefined;
}

function isConnectFailure(link: Link): boolean {
  const syscall = link["syscall"];
  return neverSentCodes.has(codeOf(link) ?? "") || syscall === "connect" || syscall === "getaddrinfo";
}
