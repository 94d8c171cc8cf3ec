/** From the server's description of a failed run to an error class. */

import { excerpt, oneLine } from "../../client/error-body.js";
import { retryAfter } from "../../client/retry-rules.js";
import {
  AbortedError,
  AgentError,
  type AgentErrorFacts,
  AgentNotFoundError,
  ContentFilterError,
  ContextOverflowError,
  ModelNotFoundError,
  ProviderAuthError,
  ProviderRateLimitError,
  StructuredOutputError,
} from "../../errors/index.js";
import { editDistance } from "../../util/edit-distance.js";
import { numberProperty, property, recordProperty, stringProperty } from "../../util/json.js";
import { redact, redactData } from "../../util/redact.js";

/** The error for `info.error` of a message, or for what `session.error` announced. `error` is of unknown shape. */
export function failureOf(error: unknown, facts: AgentErrorFacts): AgentError {
  const name = oneLine(stringProperty(error, "name") ?? "") || "UnknownError";
  const data = recordProperty(error, "data");
  const text = stringProperty(data, "message") || stringProperty(error, "message") || name;
  // What is announced may carry the server's stack; a provider's words may be long, and quote what it was sent.
  const message = oneLine(redact(text.slice(0, 4_000).split("\n    at ", 1).join(""))) || name;
  const body = redactData(error, (part) => excerpt(part, (known) => known));
  const known: AgentErrorFacts = { ...facts, serverName: name, body };
  if (saysLocked(text)) {
    const hint = "Another process writes to the server's database. The prompt was sent several times; try again later.";
    return new AgentError("the server could not store the prompt: its database is locked", {
      ...known,
      hint,
      retryable: true,
    });
  }
  switch (name) {
    case "APIError":
      return apiFailure(message, data, known);
    case "ProviderAuthError":
      return new ProviderAuthError(message, known);
    case "MessageAbortedError":
      return new AbortedError("the run was aborted", known);
    case "ContextOverflowError":
      return new ContextOverflowError(message, known);
    case "ContentFilterError":
      return new ContentFilterError(message, known);
    case "StructuredOutputError":
      return new StructuredOutputError(message, { ...known, raw: facts.answer?.text });
    default:
      return refusedInText(message, known) ?? namedInText(message, known);
  }
}

/** The one refusal that ends a run: the same call three times in one step asks for `doom_loop`, behind the step's back (1.18.33). */
function refusedInText(message: string, facts: AgentErrorFacts): AgentError | undefined {
  const isRefusal = /^The user (rejected permission to|has specified a rule which prevents you from)/i.test(message);
  const denial = facts.answer?.denials.findLast(({ permission }) => permission === "doom_loop");
  if (!isRefusal) return undefined;
  const tool = denial === undefined ? "tool" : denial.patterns.join(", ");
  const reason = denial?.reason === undefined ? "" : `: ${denial.reason}`;
  return new AgentError(
    `the server ended the run: the agent made the same call of ${tool} several times at once, which was not allowed${reason}`,
    { ...facts, hint: 'Allow it by `permission: { doom_loop: "allow" }`, or by onPermission.' },
  );
}

/** Another process was writing to the server's database for longer than the server waits (5 s, 1.18.33). */
export function saysLocked(text: string): boolean {
  return /database is locked|LockTimeoutError|SQLITE_BUSY/i.test(text);
}

function apiFailure(message: string, data: unknown, facts: AgentErrorFacts): AgentError {
  const status = numberProperty(data, "statusCode");
  const text = `the model provider answered ${status ?? "with an error"}: ${message}`;
  const known = { ...facts, status };
  if (status === 401 || status === 403) return new ProviderAuthError(text, known);
  if (status === 429) return new ProviderRateLimitError(text, { ...known, retryAt: retryAt(data) });
  // What the provider's library says, and otherwise what the status means.
  const retryable = property(data, "isRetryable") === true || status === 408 || (status ?? 0) >= 500;
  const hint = retryable
    ? "The provider has failed; the server has called it again several times. Try it later."
    : undefined;
  return new AgentError(text, { ...known, hint, retryable });
}

/** `retry-after` of the provider's answer; `undefined` for none, and for one beyond the end of all dates. */
function retryAt(data: unknown): Date | undefined {
  const headers = recordProperty(data, "responseHeaders");
  const now = Date.now();
  const wait = retryAfter({ get: (name) => stringProperty(headers, name) ?? null }, now);
  const date = new Date(now + (wait ?? Number.NaN));
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** An unknown model or agent is an `UnknownError` whose text says it (1.18.33): `Model not found: a/b.`, `Agent not found: "c"`. */
function namedInText(message: string, facts: AgentErrorFacts): AgentError {
  const model = /\bmodel not found:?\s*["']?([^\s"']+?)["']?(?:\.(?:\s|$)|\s|$)/i.exec(message)?.[1];
  if (model !== undefined) return new ModelNotFoundError(`the server knows no model "${model}"`, facts);
  const agent = /\bagent not found:?\s*["']?([^\s"'.]+)/i.exec(message)?.[1];
  if (agent !== undefined) return new AgentNotFoundError(`the server knows no agent "${agent}"`, facts);
  const url = property(recordProperty(facts.body, "data"), "ref");
  return new AgentError(
    message,
    url === undefined ? facts : { ...facts, hint: `the server's log has the reason under ${String(url)}` },
  );
}

/** Bounds for what a server says: the distance costs the product of both lengths. */
const longestName = 200;
const mostNames = 10_000;

/** Up to three names that are nearest to the one that was not found. */
export function nearest(name: string, names: readonly string[]): string[] {
  const target = name.toLowerCase();
  const most = Math.max(2, target.length / 3);
  if (name.length > longestName) return [];
  return names
    .slice(0, mostNames)
    .filter((candidate) => candidate.length <= longestName)
    .map((candidate) => ({ candidate, distance: editDistance(target, candidate.toLowerCase(), most) }))
    .filter(({ candidate, distance }) => distance <= most || candidate.includes(name))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}
