/**
 * The one place where an HTTP failure becomes an error class.
 *
 * The server answers with five kinds of bodies, whatever its document says (observed on 1.18.33):
 * `{ name, data: { message, kind?, ref? } }`, `{ _tag, message?, … }`, `{ _tag: "BadRequest" }` alone, plain text, nothing.
 */
import {
  APIStatusError,
  AuthenticationError,
  BadRequestError,
  ConfigError,
  ConflictError,
  type ErrorFacts,
  InternalServerError,
  MessageNotFoundError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  SessionBusyError,
  SessionNotFoundError,
  UnprocessableEntityError,
} from "../errors/index.js";
import { property, recordProperty, stringProperty } from "../util/json.js";
import { type Conceal, errorBody, isConfigError, nameOf, oneLine } from "./error-body.js";
import { sessionIdOf } from "./request-url.js";
import { retryAfter } from "./retry-rules.js";

/** What is known about a refused request. */
export interface StatusFacts {
  readonly status: number;
  readonly headers: Pick<Headers, "get">;
  readonly bodyText: string;
  readonly method: string;
  /** Path of the request, without query. */
  readonly path: string;
  /** True when the request carried credentials: then a 401 means that they are wrong. */
  readonly authenticated?: boolean | undefined;
  /** Takes out what the request was authorized with. */
  readonly conceal?: Conceal | undefined;
  /** How the connection broke in the answer's body. */
  readonly cause?: unknown;
  /** Epoch in ms; for `retry-after` in seconds. Default: now. */
  readonly now?: number | undefined;
}

/** What a body says, whichever of the shapes it has. */
interface ServerMessage {
  readonly body: unknown;
  /** `name` or `_tag`. */
  readonly name: string | undefined;
  readonly message: string | undefined;
  readonly ref: string | undefined;
}

/** The error for a status of 400 or more. `ConfigError` when the agent's own configuration is what is wrong. */
export function statusError(facts: StatusFacts): APIStatusError | ConfigError {
  const said = readMessage(facts);
  const { status, method, path } = facts;
  const nothing = facts.cause === undefined ? "without a message" : "(the rest of the answer was lost)";
  const text = `${method} ${path}: ${status} ${said.message || oneLine(said.name ?? "") || nothing}`;
  const sessionId = stringProperty(said.body, "sessionID") ?? sessionIdOf(path);
  const known: ErrorFacts = { status, method, path, sessionId, body: said.body, cause: facts.cause };
  if (isConfigError(said.name)) return configError(facts, said, known);
  const byStatus = byStatusCode[status];
  if (byStatus !== undefined) return byStatus(text, known, said, facts);
  if (status < 500) return new APIStatusError(text, { ...known, retryable: status === 408 });
  const hint = said.ref === undefined ? undefined : `The reason is in the server's log, under ${said.ref}.`;
  return new InternalServerError(text, { ...known, hint, ref: said.ref, retryable: isTransientStatus(facts, said) });
}

/** As in `retry-rules.ts`: 501 and 505 say never, and 500 to a POST may be a mistake of the request. */
function isTransientStatus({ status, method }: StatusFacts, { message = "" }: ServerMessage): boolean {
  if (message.includes("database is locked")) return true;
  return status !== 501 && status !== 505 && !(status === 500 && method === "POST");
}

type ByStatus = (text: string, known: ErrorFacts, said: ServerMessage, facts: StatusFacts) => APIStatusError;

const byStatusCode: Readonly<Record<number, ByStatus | undefined>> = {
  400: (text, known) => new BadRequestError(text, known),
  401: (text, known, _said, facts) => new AuthenticationError(text, { ...known, hint: authenticationHint(facts) }),
  403: (text, known) => new PermissionDeniedError(text, known),
  404: notFound,
  409: conflict,
  422: (text, known) => new UnprocessableEntityError(text, known),
  429: (text, known, _said, facts) => new RateLimitError(text, { ...known, retryAt: retryAt(facts) }),
};

function authenticationHint({ authenticated }: StatusFacts): string {
  if (authenticated)
    return "The credentials that were sent are not the server's: check `username` and `password`, or `token`.";
  return "Give the password the server was started with (its OPENCODE_SERVER_PASSWORD) as `password`, or a gateway's `token`.";
}

function notFound(text: string, known: ErrorFacts, said: ServerMessage): NotFoundError {
  const message = said.message ?? "";
  if (said.name === "MessageNotFoundError" || /^message not found/i.test(message))
    return new MessageNotFoundError(text, known);
  if (said.name === "SessionNotFoundError" || /^session not found/i.test(message))
    return new SessionNotFoundError(text, known);
  // Below /session/{id} the plain name means the session, unless the message names something else ("Part not found").
  const isAboutSession =
    said.name === "NotFoundError" && known.sessionId !== undefined && !/^\w+ not found/i.test(message);
  return isAboutSession ? new SessionNotFoundError(text, known) : new NotFoundError(text, known);
}

function conflict(text: string, known: ErrorFacts, said: ServerMessage): ConflictError {
  const isBusy = said.name === "SessionBusyError" || /^session is busy/i.test(said.message ?? "");
  return isBusy ? new SessionBusyError(text, known) : new ConflictError(text, known);
}

function retryAt({ headers, now = Date.now() }: StatusFacts): Date | undefined {
  const wait = retryAfter(headers, now);
  const date = new Date(now + (wait ?? Number.NaN));
  return Number.isNaN(date.getTime()) ? undefined : date; // none, or one beyond the end of all dates
}

/** `ConfigJsonError`, `ConfigInvalidError` …: every route of the directory answers so until the file is repaired. */
function configError(facts: StatusFacts, said: ServerMessage, known: ErrorFacts): ConfigError {
  const data = recordProperty(said.body, "data");
  const issues = property(data, "issues");
  const first = Array.isArray(issues) ? stringProperty(issues[0], "message") : undefined;
  const reason = oneLine(said.message || first || said.name || "");
  const file = oneLine(stringProperty(data, "path") ?? "") || "a configuration file";
  return new ConfigError(
    `${facts.method} ${facts.path}: ${facts.status} the agent's configuration is wrong: ${file}: ${reason}`,
    { ...known, hint: `Correct ${file}; until then the agent refuses every request for this directory.` },
  );
}

function readMessage({ bodyText, conceal = (text) => text }: StatusFacts): ServerMessage {
  const body = errorBody(bodyText, conceal);
  if (typeof body === "string")
    return { body: body || undefined, name: undefined, message: plainText(body), ref: undefined };
  const data = recordProperty(body, "data");
  const error = property(body, "error"); // gateways: { error: "…" } or { error: { message } }
  const message =
    stringProperty(data, "message") ??
    stringProperty(body, "message") ??
    stringProperty(error, "message") ??
    (typeof error === "string" ? error : undefined);
  return {
    body,
    name: nameOf(body),
    message: message === undefined ? undefined : oneLine(message),
    ref: reference(stringProperty(data, "ref")),
  };
}

/** Text of a proxy or of the server; of an HTML page only the title is of use. */
function plainText(text: string): string | undefined {
  if (!/^\s*</.test(text)) return oneLine(text) || undefined;
  return `with an HTML page "${oneLine(/<title[^>]*>([^<]*)/i.exec(text)?.[1] ?? "without a title")}"`;
}

/** `err_…`: a key into the server's log, and nothing else. */
function reference(ref: string | undefined): string | undefined {
  return ref !== undefined && /^[\w-]{1,100}$/.test(ref) ? ref : undefined;
}
