/** What a failed connection says about itself, on every runtime: Node, Bun, Deno, browsers. */
import { isRecord } from "../util/json.js";
import { redact } from "../util/redact.js";
import type { Conceal } from "./error-body.js";

// Of Node (libuv, undici) and Bun.
const neverSentCodes = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
  "ConnectionRefused",
  "FailedToOpenSocket",
]);
// Deno gives no code (observed on 2.9): refused connections and unknown hosts both say this.
const denoConnectFailure = "client error (Connect)";
const givenUpCodes = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);

/** What to show of a network error: its most telling code, for example `"ECONNREFUSED"`, otherwise the innermost message. */
export function errorReason(error: unknown): string {
  const links = chain(error);
  const telling = links.find((link) => isConnectFailure(link) && codeOf(link)) ?? links.find(codeOf);
  const code = telling === undefined ? undefined : codeOf(telling);
  const message = links.at(-1)?.["message"] ?? error;
  // A URL has a query, and a `fetch` of one's own may say anything.
  return (
    code ??
    redact(
      String(message)
        .slice(0, 1_000)
        .replace(/ for url \([^)]*\)/, ""),
    )
  );
}

/** True when the server cannot have seen the request: no connection was made. Only then is every request safe to repeat. */
export function wasNeverSent(error: unknown): boolean {
  return chain(error).some(isConnectFailure);
}

/** True when the runtime's own time limit ended the request (undici's is 300 s for headers and between two chunks). */
export function runtimeGaveUp(error: unknown): boolean {
  return chain(error).some((link) => givenUpCodes.has(codeOf(link) ?? ""));
}

/**
 * The error, with the request's credentials taken out of its own texts and of those of its causes: the error of an HTTP
 * parser quotes what the server has sent, and what is no HTTP server may send back what it was sent. In place, because
 * an error has no faithful copy.
 */
export function withoutSecrets(error: unknown, conceal: Conceal): unknown {
  for (const link of chain(error)) {
    for (const name of Object.getOwnPropertyNames(link)) hideIn(link, name, conceal);
  }
  return typeof error === "string" ? redact(conceal(error)) : error;
}

function hideIn(link: Link, name: string, conceal: Conceal): void {
  try {
    const text = link[name];
    const clean = typeof text === "string" ? redact(conceal(text)) : text;
    if (clean !== text) Object.defineProperty(link, name, { value: clean });
  } catch {
    // A getter that throws, or a frozen error: whoever made that has to answer for what it shows.
  }
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
  const { code, syscall, message } = link;
  if (typeof code === "string" && neverSentCodes.has(code)) return true;
  if (syscall === "connect" || syscall === "getaddrinfo") return true;
  return typeof message === "string" && message.includes(denoConnectFailure);
}
