/**
 * What may be kept of a text the server has sent. Its messages quote what they complain about (observed on 1.18.33): a
 * broken `opencode.json` comes back whole, a wrong body as `, got {…}`, with the keys and headers in them.
 */
import { isRecord, parseJson, stringProperty } from "../util/json.js";
import { redact, redactData } from "../util/redact.js";

const longestText = 2_000;
const longestLine = 500;

/** Takes out the credentials that a request was sent with. */
export type Conceal = (text: string) => string;

/** The beginning of a text, without credentials: those that `conceal` knows, and what looks like one. */
export function excerpt(text: string, conceal: Conceal): string {
  // Cut before too, so that a long text costs nothing; and only after, so that no credential is cut into another form.
  return redact(conceal(text.slice(0, 2 * longestText))).slice(0, longestText);
}

/** The same on one line, for a message: white space joined, and nothing in it that a terminal would obey or that turns its direction. */
export function oneLine(text: string): string {
  const line = text.replace(/[\s\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, " ").trim();
  return line.length > longestLine ? `${line.slice(0, longestLine)}…` : line;
}

/** The body of a refusal: parsed JSON, or the beginning of its text; without quoted input, its texts shortened. */
export function errorBody(text: string, conceal: Conceal): unknown {
  let body: unknown;
  try {
    body = parseJson(text);
  } catch {
    return excerpt(withoutEcho(text), conceal); // not JSON: the text is what the server has to say
  }
  const clean = isConfigError(nameOf(body)) ? configProblem : withoutEcho;
  return redactData(withoutInput(body), (part) => excerpt(clean(part), conceal));
}

/** The name of the error, in either of the server's forms. */
export function nameOf(body: unknown): string | undefined {
  return stringProperty(body, "name") ?? stringProperty(body, "_tag");
}

/** `ConfigJsonError`, `ConfigInvalidError` …: the agent's own configuration is wrong. */
export function isConfigError(name: string | undefined): boolean {
  return name !== undefined && /^Config\w*Error$/.test(name);
}

/** Early releases send the refused input back as `data`, beside `success: false`. */
function withoutInput(body: unknown): unknown {
  if (!isRecord(body) || body["success"] !== false) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== "data"));
}

/**
 * Numbers and the like say what is wrong and are kept; anything else in "Expected …, got …" is the caller's. The value is
 * JSON and hence on one line; the place of it follows on the next.
 */
function withoutEcho(text: string): string {
  const problem = text.includes(fileBegins) ? configProblem(text) : text;
  return problem.replace(
    /, got (?!(?:[\d.eE+-]{1,24}|null|undefined|true|false)(?:\n|$))[^\n]*/g,
    ", got something else",
  );
}

const fileBegins = "--- JSONC Input ---";
const problemsBegin = "--- Errors ---";

/** Of a file that is quoted whole only the list of problems; of other complaints about a file the line before the quotation. */
function configProblem(text: string): string {
  const input = text.indexOf(fileBegins);
  if (input < 0) return withoutEcho(text.trim().split("\n", 1).join(""));
  const problems = text.slice(Math.max(input, text.lastIndexOf(problemsBegin))).split("\n");
  return problems.filter((line) => /^\w{1,40} at line \d+, column \d+$/.test(line)).join(", ") || "it cannot be parsed";
}
