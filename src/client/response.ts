/** From a successful answer to its data, or the error that says why it is not one. */
import { APIResponseValidationError, UnsupportedEndpointError } from "../errors/index.js";
import { pinnedRelease } from "../generated/release.js";
import { isRecord, parseJson } from "../util/json.js";
import type { Check } from "./check.js";
import { type Conceal, excerpt } from "./error-body.js";
import type { HttpAnswer } from "./http-answer.js";
import type { Shape } from "./options.js";
import { answersText, mayBeEmpty } from "./routes.js";

/** What the answer has to be. */
export interface Expectation {
  readonly method: string;
  readonly path: string;
  readonly shape: Shape | undefined;
  /** What is in it, if it has that shape. */
  readonly content: Check | undefined;
  /** False for a route the client does not know: then an empty answer is as good as any. */
  readonly isDocumented: boolean;
  /** Takes out of a text what the request was authorized with. */
  readonly conceal: Conceal;
}

interface AnswerFacts {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

const webPageHint =
  "The server answers paths it does not know with its web page. Is there a path in `baseUrl` that does not belong there, " +
  `or is the server's release older than the ${pinnedRelease} this package was made for?`;

/** The data of an answer with a status of 200 to 299. Throws `UnsupportedEndpointError` or `APIResponseValidationError`. */
export function decodeAnswer(response: HttpAnswer, text: string, expected: Expectation): unknown {
  const { method, path, shape, content } = expected;
  const facts = { method, path, status: response.status };
  const type = mediaType(response);
  if (answersText(path)) {
    if (type === "text/html" && !/\.html?$/i.test(path)) throw webPage(facts);
    return text;
  }
  if (text === "") return empty(response, expected, facts);
  if (type === "text/html") throw webPage(facts);
  if (!isJson(type)) throw wrongType(response, facts, excerpt(text, expected.conceal), expected.conceal);
  const data = parse(text, facts, expected.conceal);
  if (shape !== undefined) checkShape(data, shape, facts);
  if (content !== undefined) checkContent(data, content, facts);
  return data;
}

/** Checks that a successful answer is an event stream; throws as {@link decodeAnswer} does. */
export function checkEventStream(
  response: HttpAnswer,
  { method, path, conceal }: Pick<Expectation, "method" | "path" | "conceal">,
): void {
  const type = mediaType(response);
  if (type === "text/event-stream") return;
  const facts = { method, path, status: response.status };
  if (type === "text/html") throw webPage(facts);
  throw new APIResponseValidationError(
    `${method} ${path}: ${response.status} with content type ${shownType(response, conceal)}, expected text/event-stream`,
    facts,
  );
}

/** The media type without its parameters, in lower case (RFC 9110, section 8.3.1). */
function mediaType(response: HttpAnswer): string {
  return (response.headers.get("content-type") ?? "").split(";", 1).join("").trim().toLowerCase();
}

/** The type, if it is one (RFC 6838, section 4.2): anything else is what a server likes to say, not a name. */
function shownType(response: HttpAnswer, conceal: Conceal): string {
  const [type = ""] = conceal(response.headers.get("content-type") ?? "").split(";", 1);
  if (/^[\w!#$&^.+-]{1,50}\/[\w!#$&^.+-]{1,100}$/.test(type.trim())) return type.trim();
  return type === "" ? "none" : "that is none";
}

function isJson(type: string): boolean {
  return type === "application/json" || type.endsWith("+json");
}

function webPage(facts: AnswerFacts): UnsupportedEndpointError {
  const { method, path, status } = facts;
  return new UnsupportedEndpointError(`${method} ${path}: ${status} with a web page: the server has no such route`, {
    ...facts,
    hint: webPageHint,
  });
}

/** Nothing is right for HEAD, for 204 where the route may answer so, and for a route that nobody has described. */
function empty(response: HttpAnswer, expected: Expectation, facts: AnswerFacts): undefined {
  const { method, path, shape, isDocumented } = expected;
  if (method === "HEAD") {
    if (mediaType(response) === "text/html") throw webPage(facts);
    return undefined;
  }
  const isAllowed = shape === undefined && (!isDocumented || (response.status === 204 && mayBeEmpty(path)));
  if (isAllowed) return undefined;
  throw new APIResponseValidationError(`${method} ${path}: ${facts.status} with an empty body, expected JSON`, facts);
}

function wrongType(
  response: HttpAnswer,
  facts: AnswerFacts,
  body: string,
  conceal: Conceal,
): APIResponseValidationError {
  const { method, path, status } = facts;
  const hint = mediaType(response) === "text/event-stream" ? "Event streams are read with `stream()`." : undefined;
  return new APIResponseValidationError(
    `${method} ${path}: ${status} with content type ${shownType(response, conceal)}, expected application/json`,
    { ...facts, hint, body },
  );
}

function parse(text: string, facts: AnswerFacts, conceal: Conceal): unknown {
  try {
    return parseJson(text);
  } catch {
    // Without the parser's error as `cause`: it quotes the text, which may be a list of providers with their keys.
    const { method, path, status } = facts;
    throw new APIResponseValidationError(`${method} ${path}: ${status} with JSON that cannot be parsed`, {
      ...facts,
      body: excerpt(text, conceal),
    });
  }
}

/** Throws `APIResponseValidationError` when `data` is not of the shape. */
function checkShape(data: unknown, shape: Shape, facts: AnswerFacts): void {
  const found = shapeOf(data);
  if (found !== shape) throw mismatch(`${article(found)}, expected ${article(shape)}`, facts);
}

/** The same when a field that is read is not as it must be. */
function checkContent(data: unknown, check: Check, facts: AnswerFacts): void {
  const problem = check(data, "");
  if (problem !== undefined) throw mismatch(problem, facts);
}

/** Tells the place and not the data, which may be a whole list, with keys and prompts in it. */
function mismatch(problem: string, facts: AnswerFacts): APIResponseValidationError {
  const { method, path, status } = facts;
  return new APIResponseValidationError(`${method} ${path}: ${status} with ${problem}`, {
    ...facts,
    hint: "Is this an opencode server of a supported release?",
  });
}

function shapeOf(data: unknown): string {
  if (Array.isArray(data)) return "array";
  if (isRecord(data)) return "object";
  return data === null ? "null" : typeof data;
}

function article(shape: string): string {
  return shape === "null" ? "null" : `${/^[aeiou]/.test(shape) ? "an" : "a"} ${shape}`;
}
