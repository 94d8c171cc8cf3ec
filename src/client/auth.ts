/** Credentials: how they become an `authorization` header, and how a token is asked for again. */
import { ConfigError } from "../errors/index.js";
import { defaults } from "../types/options.js";
import { raceAbort } from "../util/abort.js";
import { concealer } from "../util/redact.js";
import type { BaseUrl } from "./base-url.js";

/** What a caller may give. Empty texts count as not given. */
export interface Credentials {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | (() => string | Promise<string>) | undefined;
}

/** How long a request waits for a token. */
interface TokenWait {
  readonly signal: AbortSignal;
  /** True when `signal` has aborted because the request's time is up. */
  isTimedOut(): boolean;
}

/** The `authorization` header of every request. Its secrets live in closures, so that printing a client shows none. */
export interface Authorization {
  /** True when there is something to send. */
  readonly present: boolean;
  /**
   * The header's value. Rejects with `ConfigError` when the caller's token function fails, and with the signal's reason
   * when the wait for it ends.
   */
  header(wait: TokenWait): string | undefined | Promise<string>;
  /** True when asking again can give another value than `used`: the token comes from a function. */
  renew(used: string | undefined): boolean;
  /** Takes the secrets out of a text, in every form in which they are sent. */
  conceal(text: string): string;
}

/**
 * Credentials of the options, otherwise of the URL. Throws `ConfigError` for a token and a password together, and for a
 * user name with a colon (RFC 7617 has no way to write it).
 */
export function createAuthorization({ username, password, token }: Credentials, url: BaseUrl): Authorization {
  if (isGiven(token)) {
    if (isGiven(password)) {
      throw new ConfigError("token and password were both given: a request carries one of them", {
        hint: "`password` is for the opencode server itself, `token` for a gateway in front of it.",
      });
    }
    return typeof token === "function" ? tokenFunction(token) : fixed(`Bearer ${checkedToken(token)}`, [token]);
  }
  const secret = isGiven(password) ? password : url.password;
  if (secret === undefined) return fixed(undefined, []);
  const user = isGiven(username) ? username : (url.username ?? defaults.username);
  if (user.includes(":")) throw new ConfigError("username: must not contain a colon (RFC 7617)");
  const encoded = base64(`${user}:${secret}`);
  return fixed(`Basic ${encoded}`, [encoded, secret]);
}

const isGiven = <T>(value: T | "" | undefined): value is T => value !== undefined && value !== "";

function fixed(value: string | undefined, secrets: readonly string[]): Authorization {
  return { present: value !== undefined, header: () => value, renew: () => false, conceal: concealer(secrets) };
}

/** A token that was asked for. */
interface Question {
  readonly answer: Promise<string>;
  waiting: number;
}

/**
 * One question for all requests: the answer is kept until a server refuses it. Requests that were refused with the same
 * token share one new question, and one that was refused with an older token takes the newer that is already there.
 */
function tokenFunction(ask: () => string | Promise<string>): Authorization {
  let current: Question | undefined;
  let value: string | undefined;
  const secrets = recentSecrets();
  const header = (wait: TokenWait): string | Promise<string> => {
    if (value !== undefined) return value;
    current ??= { answer: question(ask), waiting: 0 };
    return answerOf(current, wait);
  };
  const answerOf = async (asked: Question, { signal, isTimedOut }: TokenWait): Promise<string> => {
    asked.waiting += 1;
    let isAnswered = false;
    try {
      const secret = await raceAbort(asked.answer, signal);
      const token = `Bearer ${secret}`;
      secrets.add(secret);
      isAnswered = true;
      if (asked === current) value = token;
      return token;
    } finally {
      asked.waiting -= 1;
      // A failure is not kept, nor is a question that may never be answered: the next request asks again. One caller's
      // abort says nothing about it while others wait.
      const othersWait = signal.aborted && !isTimedOut() && asked.waiting > 0;
      if (!isAnswered && !othersWait && asked === current) current = undefined;
    }
  };
  const renew = (used: string | undefined): boolean => {
    if (value === used) {
      value = undefined;
      current = undefined;
    }
    return true;
  };
  return { present: true, header, renew, conceal: (text) => secrets.conceal(text) };
}

/** The same for one call, which asks again for a refused token once. */
export function renewableOnce(authorization: Authorization): Authorization {
  let isRenewed = false;
  const renew = (used: string | undefined): boolean => {
    if (isRenewed) return false;
    isRenewed = authorization.renew(used);
    return isRenewed;
  };
  return { ...authorization, renew };
}

/** The last few tokens: an answer that comes late may quote one that is not in use any more. */
function recentSecrets(): { add(secret: string): void; conceal(text: string): string } {
  let known: readonly string[] = [];
  return {
    add: (secret) => {
      if (!known.includes(secret)) known = [secret, ...known].slice(0, 4);
    },
    conceal: (text) => concealer(known)(text),
  };
}

async function question(ask: () => string | Promise<string>): Promise<string> {
  let token: unknown;
  try {
    token = await ask();
  } catch (cause) {
    throw new ConfigError("token: the function that gives the token failed", { cause });
  }
  return checkedToken(token);
}

function checkedToken(token: unknown): string {
  // RFC 6750's alphabet is narrower; what matters is that the value fits into a header. The value itself is never shown.
  if (typeof token === "string" && /^[\x21-\x7e]+$/.test(token)) return token;
  throw new ConfigError("the token must be a text of printable ASCII characters without spaces");
}

/** Base 64 of the text's UTF-8 bytes; `btoa` alone takes Latin-1 only. */
function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}
