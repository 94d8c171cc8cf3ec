/** The table of reasons to go on with another model, with failures as the server stores them. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AbortedError, BudgetExceededError, IdleTimeoutError, ModelNotFoundError } from "../../../src/index.js";
import { failureOf } from "../../../src/session/turn/agent-error.js";
import { fallbackReasons, reasonOf } from "../../../src/session/turn/fallback-reasons.js";
import { repositoryRoot } from "../../support/root.js";

const api = (statusCode: number | undefined, isRetryable = false, message = "scripted") => ({
  name: "APIError",
  data: { message, isRetryable, ...(statusCode === undefined ? {} : { statusCode }) },
});
const named = (name: string, message = "scripted") => ({ name, data: { message } });

/** Those of 1.18.33 were measured. */
const failures: readonly [string, unknown, string | undefined][] = [
  ["a 429", api(429, true), "rate-limit"],
  ["a 401", api(401), "auth"],
  ["a 402", api(402), "auth"],
  ["a 403", api(403), "auth"],
  ["a missing key", named("ProviderAuthError"), "auth"],
  ["a context that is too long", named("ContextOverflowError"), "context-overflow"],
  ["a 413", api(413), "context-overflow"],
  ["a filtered answer", named("ContentFilterError"), "content-filter"],
  ["a 500", api(500, true), "outage"],
  ["a 529", api(529, true), "outage"],
  ["a connection that is cut", api(undefined, true, "Connection reset by server"), "outage"],
  ["a provider without connection", api(undefined, true, "Cannot connect to API"), "outage"],
  ["an overload in the stream", named("UnknownError", '{"message":"Overloaded","type":"overloaded_error"}'), "outage"],
  ["a 400", api(400), undefined],
  ["a 404", api(404), undefined],
  ["an unknown failure", named("UnknownError", "something else"), undefined],
  ["an aborted run", named("MessageAbortedError"), undefined],
  ["an output that was not given", named("StructuredOutputError"), undefined],
  ["a locked database", named("UnknownError", "database is locked"), undefined],
];

test.each(failures)("the failure of a model by %s is a reason to fall back, or none", (_what, error, reason) => {
  expect(reasonOf(failureOf(error, {}))).toBe(reason);
});

test("an end that was wanted is no reason to fall back", () => {
  const limits = { limit: "maxSteps", used: 1, max: 1 } as const;
  const ends = [
    new AbortedError("stopped"),
    new IdleTimeoutError("silent"),
    new BudgetExceededError("spent", limits),
    new ModelNotFoundError("unknown"),
    new Error("not of this package"),
    undefined,
  ];
  expect(ends.map(reasonOf)).toEqual(ends.map(() => undefined));
});

test("docs/errors.md lists the reasons to fall back as the table has them", async () => {
  const text = await readFile(join(repositoryRoot, "docs", "errors.md"), "utf8");
  const section = text.slice(text.indexOf("### Fallback models"));
  const listed = [...section.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, reason]) => reason);
  expect(listed.slice(0, fallbackReasons.length)).toEqual(fallbackReasons.map(({ reason }) => reason));
});
