/** The server's address: what is accepted, and credentials taken out of it. */
import { ConfigError } from "../errors/index.js";
import { redact } from "../util/redact.js";

/** A server address taken apart. */
export interface BaseUrl {
  /** Scheme, host, port and path; no credentials, no slash at the end. */
  readonly href: string;
  /** Scheme, host and port: credentials go nowhere else. */
  readonly origin: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

const expected = 'expected an http or https URL such as "http://127.0.0.1:4096"';

/**
 * Takes `user:password@` and slashes at the end off a base URL. Throws `ConfigError` for anything but an absolute http(s)
 * URL without query and fragment: both would end up in the middle of every request's URL.
 */
export function parseBaseUrl(value: unknown): BaseUrl {
  const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined) throw new ConfigError(`baseUrl: ${expected}, got ${shown(value)}`);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new ConfigError(
      `baseUrl: ${expected}, got ${String(value).includes("@") ? "another scheme" : `the scheme "${url.protocol}"`}`,
    );
  }
  if (url.search !== "" || url.hash !== "") {
    throw new ConfigError(`baseUrl: ${expected}, got one with a query or a fragment`, {
      hint: "Credentials go into `password` or `token`, not into the query.",
    });
  }
  if (url.username + url.password !== "" && url.pathname.includes("@")) {
    // "http://me:a/b@host" is the host "me" to a URL parser, and "b@host" would be shown as a path.
    throw new ConfigError(`baseUrl: ${expected}, got one whose password is not percent-encoded`, {
      hint: "Write `/` as %2F and `@` as %40, or give `password` as an option.",
    });
  }
  return {
    href: url.origin + url.pathname.replace(/\/+$/, ""),
    origin: url.origin,
    username: decoded(url.username),
    password: decoded(url.password),
  };
}

/**
 * A value for a message. Text with an `@` may hold a password, in a form that only its author understands; a query or a
 * fragment may hold a token.
 */
function shown(value: unknown): string {
  if (typeof value !== "string") return value === null ? "null" : typeof value;
  if (value.includes("@")) return "one that cannot be parsed (not shown: it may contain a password)";
  return JSON.stringify(redact(value.split(/[?#]/, 1).join("")).slice(0, 200));
}

function decoded(text: string): string | undefined {
  if (text === "") return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone "%" is meant literally
  }
}
