/** Errors made of anything a server may say: the class is right, the message is short, and no secret of ours is in it. */
import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createAuthorization } from "../../src/client/auth.js";
import { parseBaseUrl } from "../../src/client/base-url.js";
import { createOpencodeClient } from "../../src/client/client.js";
import { statusError } from "../../src/client/status-error.js";
import * as errors from "../../src/errors/index.js";
import { failureOf, nearest } from "../../src/session/turn/agent-error.js";
import { concealer, redact, redactData } from "../../src/util/redact.js";
import { rejection, startHttpServer } from "../support/http-server.js";

const password = 'k8$Vq"2w\\é';
const authorization = createAuthorization({ password }, parseBaseUrl("http://127.0.0.1:4096"));
const header = String(authorization.header({ signal: new AbortController().signal, isTimedOut: () => false }));
/** The password as it is, as JSON and a URL write it, and the header's value. */
const secrets = [password, JSON.stringify(password).slice(1, -1), encodeURIComponent(password), header.slice(6)];

/** Everything of an error that could be shown. */
const shown = (error: unknown): string =>
  [
    inspect(error, { depth: 30, showHidden: true, maxStringLength: null, maxArrayLength: null }),
    JSON.stringify(error),
    error instanceof Error ? `${error.message}\n${error.stack}` : "",
  ].join("\n");

function expectNoSecret(text: string): void {
  for (const secret of secrets) expect(text).not.toContain(secret);
}

const byStatus: Readonly<Record<number, string>> = {
  400: "BadRequestError",
  401: "AuthenticationError",
  403: "PermissionDeniedError",
  404: "NotFoundError",
  409: "ConflictError",
  422: "UnprocessableEntityError",
  429: "RateLimitError",
};
const status = fc.oneof(
  fc.constantFrom(400, 401, 403, 404, 409, 422, 429, 500, 503),
  fc.integer({ min: 400, max: 599 }),
);

const word = fc.constantFrom(
  "name",
  "_tag",
  "data",
  "message",
  "error",
  "ref",
  "issues",
  "path",
  "sessionID",
  "success",
);
const odd = fc.constantFrom("toJSON", "__proto__", "constructor", "toString", "then", "headers", "authorization", "x");
const value = fc.oneof(
  fc.constantFrom(
    "NotFoundError",
    "SessionBusyError",
    "Session not found: ses_1",
    "ConfigJsonError",
    "",
    "err_1",
    false,
  ),
  fc.constantFrom(...secrets.map((secret) => `a ${secret} b`), ...secrets, header),
  fc.jsonValue({ maxDepth: 2 }),
);
/** A body in the server's vocabulary, with anything in it, our secrets among it. */
const { body } = fc.letrec<{ body: unknown; node: unknown }>((tie) => ({
  body: fc.dictionary(fc.oneof(word, odd, fc.constantFrom(...secrets)), tie("node"), { maxKeys: 5 }),
  node: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    value,
    tie("body"),
    fc.array(tie("node"), { maxLength: 3 }),
  ),
}));
const bodyText = fc.oneof(
  body.map((json) => JSON.stringify(json)),
  body.map((json) => JSON.stringify(json).slice(0, -1)),
  fc
    .tuple(fc.string({ unit: "binary" }), value, fc.string())
    .map((parts) => parts.map((part) => (typeof part === "string" ? part : JSON.stringify(part))).join("")),
  fc.constantFrom("<html><title>", "<!DOCTYPE html><title>Bad").map((start) => `${start}${password}</title>`),
);

describe("refusals with any body", () => {
  test("a refusal with any body is the class of its status, with a short message and no secret", () => {
    fc.assert(
      fc.property(status, bodyText, (status, bodyText) => {
        const error = statusError({
          status,
          bodyText,
          method: "GET",
          path: "/session/ses_1",
          headers: new Headers(),
          conceal: authorization.conceal,
        });
        const expected = byStatus[status] ?? (status < 500 ? "APIStatusError" : "InternalServerError");
        const isOfClass = error instanceof errors.ConfigError || isNamed(error, expected);
        expect(isOfClass, `${error.name} for ${status}`).toBe(true);
        expect(error).toMatchObject({ status, method: "GET", path: "/session/ses_1" });
        expect(error.message).toMatch(/^GET \/session\/ses_1: \d{3} \S/);
        expect(error.message.length).toBeLessThan(1_200);
        expect(error.message).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
        expect(JSON.parse(JSON.stringify(error))).toMatchObject({ name: error.name, code: error.code });
        expectNoSecret(shown(error));
      }),
      { numRuns: 1_500 },
    );
    expect({}).not.toHaveProperty("polluted");
  });

  test("a refusal with a body of a megabyte or of deep nesting has a short message", () => {
    const long = "x".repeat(1_000_000);
    const bodies = [
      JSON.stringify({ name: long, data: { message: long, ref: long, path: long } }),
      `${'{"data":'.repeat(100_000)}1${"}".repeat(100_000)}`,
      `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
      `<title>${long}`,
      "<title ".repeat(100_000),
      JSON.stringify({
        name: "ConfigInvalidError",
        data: { path: long, issues: [{ message: `${long}\n`.repeat(2) }] },
      }),
    ];
    for (const bodyText of bodies) {
      const error = statusError({ status: 500, bodyText, method: "GET", path: "/x", headers: new Headers() });
      expect(error.message.length).toBeLessThan(1_200);
      expect(JSON.stringify(error).length).toBeLessThan(50_000);
    }
  });

  test("a 429 with any `retry-after` has a valid `retryAt` or none", () => {
    const header = fc.oneof(
      fc.constantFrom(
        "1e9",
        "-5",
        "NaN",
        "Infinity",
        "999999999999999999999",
        "0",
        "1.5",
        "",
        " ",
        "Wed, 31 Dec 9999 23:59:59 GMT",
      ),
      fc.constantFrom("Mon, 99 Foo 2020", "Thu, 01 Jan 1970 00:00:00 GMT", "2030-01-01"),
      fc.string(),
    );
    fc.assert(
      fc.property(header, fc.boolean(), (value, inMilliseconds) => {
        const headers = {
          get: (name: string) => (name === `retry-after${inMilliseconds ? "-ms" : ""}` ? value : null),
        };
        const error = statusError({ status: 429, bodyText: "", method: "GET", path: "/x", headers });
        const { retryAt } = error as errors.RateLimitError;
        expect(retryAt === undefined || Number.isFinite(retryAt.getTime())).toBe(true);
        expect(JSON.stringify(error)).toContain("rate_limit");
      }),
      { numRuns: 300 },
    );
  });
});

/** The class, or one below it. */
function isNamed(error: Error, name: string): boolean {
  for (let at: object | null = error; at !== null; at = Object.getPrototypeOf(at)) {
    if (at.constructor.name === name) return true;
  }
  return false;
}

describe("credentials that a server echoes", () => {
  test.each([
    ["a refusal", 500, "application/json"],
    ["an answer of another type", 200, "text/plain"],
    ["an answer that is no JSON", 200, "application/json"],
    ["the type itself", 200, undefined],
  ])("the error shows no credential that the server echoes in %s", async (_name, status, type) => {
    await using server = await startHttpServer(({ headers }, response) => {
      const sent = Object.values(headers).join(" ");
      const token = String(headers.authorization).split(" ").at(-1) ?? "";
      const decoded = Buffer.from(token, "base64").toString();
      const text = `you said ${sent} ${token} ${decoded} ${encodeURIComponent(decoded)}`;
      response.writeHead(status, { "content-type": type ?? `text/${token}` });
      response.end(JSON.stringify({ text, list: [text, { [text]: text }] }).slice(0, -1));
    });
    const clients = [
      createOpencodeClient({ baseUrl: server.url, password, maxRetries: 0 }),
      createOpencodeClient({ baseUrl: server.url, token: "t0ken-of-24-characters-x", maxRetries: 0 }),
      createOpencodeClient({ baseUrl: server.url, token: () => "t0ken-of-24-characters-x", maxRetries: 0 }),
      createOpencodeClient({ baseUrl: server.url, headers: { "x-api-key": "k3y-of-20-characters" }, maxRetries: 0 }),
      createOpencodeClient({
        baseUrl: server.url,
        headers: { cookie: "sid=c00kie-of-20-letters; a=b" },
        maxRetries: 0,
      }),
    ];
    for (const client of clients) {
      const error = await rejection(client.GET("/session"));
      expect(error).toBeInstanceOf(errors.OpencodeError);
      expectNoSecret(shown(error));
      expect(shown(error)).not.toMatch(/t0ken-of|k3y-of|c00kie-of/);
    }
  });
});

describe("redaction", () => {
  test("concealer removes known secrets from any text, also the beginning of a secret at a cut", () => {
    const secret = fc.string({ unit: "binary", minLength: 6, maxLength: 40 });
    fc.assert(
      fc.property(fc.string(), secret, fc.string(), fc.nat({ max: 40 }), (before, secret, after, cut) => {
        const conceal = concealer([secret]);
        expect(conceal(before + secret + after)).not.toContain(secret);
        const cutOff = before + secret.slice(0, 6 + (cut % Math.max(1, secret.length - 5)));
        if (!before.includes(secret.slice(0, 6))) expect(conceal(cutOff)).not.toContain(secret.slice(0, 6));
      }),
      { numRuns: 500 },
    );
  });

  test("redact and redactData terminate for any text and any data, and redact is stable on a second run", () => {
    const piece = fc.constantFrom(
      "password",
      "=",
      ":",
      '"',
      "'",
      "\\",
      "token",
      "secret-",
      " ",
      "Bearer ",
      "eyJ",
      ".",
      "//",
      "@",
      "{",
      "x",
    );
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join("")),
    );
    fc.assert(
      fc.property(text, (text) => {
        const once = redact(text);
        expect(redact(once).length).toBeLessThanOrEqual(once.length + 10 * "[redacted]".length);
      }),
      { numRuns: 1_000 },
    );
    fc.assert(
      fc.property(fc.object({ withNullPrototype: true, maxDepth: 4 }), (data) => {
        JSON.stringify(redactData(data));
      }),
      { numRuns: 300 },
    );
  });

  test("redactData redacts parsed JSON that has a member `toJSON`", () => {
    const body: unknown = JSON.parse('{"toJSON":"x","password":"hunter2","long":{"toJSON":null,"apiKey":"hunter2"}}');
    expect(JSON.stringify(redactData(body))).not.toContain("hunter2");
  });
});

describe("failures of runs", () => {
  const fact = fc.oneof(
    fc.constantFrom("APIError", "ProviderAuthError", "MessageAbortedError", "ContextOverflowError", "UnknownError"),
    fc.constantFrom(
      "StructuredOutputError",
      "ContentFilterError",
      "Model not found: a/b.",
      'Agent not found: "x"',
      401,
      429,
    ),
    fc.jsonValue(),
  );
  const failure = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        name: fact,
        message: fact,
        data: fc.oneof(
          fact,
          fc.dictionary(fc.constantFrom("message", "statusCode", "responseHeaders", "ref", "__proto__"), fact),
        ),
      },
      { requiredKeys: [] },
    ),
  );

  test("a run's failure of megabytes is short, has no invalid date and shows no credential", () => {
    const long = "x".repeat(1_000_000);
    const responseHeaders = { "retry-after": "1e300", authorization: "Bearer hunter2-hunter2" };
    const data = {
      message: `\u001b[2J${long}\n    at secret.ts`,
      statusCode: 429,
      responseHeaders,
      responseBody: long,
    };
    const error = failureOf({ name: "APIError", data }, {}) as errors.ProviderRateLimitError;
    expect(error.message.length).toBeLessThan(700);
    expect(error.retryAt).toBeUndefined();
    expect(shown(error)).not.toContain("hunter2");
    expect(JSON.stringify(error).length).toBeLessThan(10_000);
    const named = failureOf({ name: "UnknownError", data: { message: `Model not found: ${long}` } }, {});
    expect(named.message.length).toBeLessThan(700);
    expect(nearest(long, [long, "a"])).toEqual([]);
  });

  test("any description of a run's failure becomes an AgentError with a short message", () => {
    fc.assert(
      fc.property(failure, (description) => {
        const error = failureOf(description, { sessionId: "ses_1" });
        expect(error).toBeInstanceOf(errors.AgentError);
        expect(error.message).toMatch(/\S/);
        expect(error.message.length).toBeLessThan(700);
        expect(error.message).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
        expect(JSON.parse(JSON.stringify(error))).toMatchObject({ name: error.name, sessionId: "ses_1" });
        inspect(error);
      }),
      { numRuns: 600 },
    );
  });
});
