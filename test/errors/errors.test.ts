import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { statusError } from "../../src/client/status-error.js";
import * as errors from "../../src/errors/index.js";
import type { TimeSpent } from "../../src/types/time-spent.js";

const request = { method: "GET", path: "/session/ses_1/message", headers: new Headers() };
const of = (status: number, body: unknown, facts: Partial<Parameters<typeof statusError>[0]> = {}) =>
  statusError({ ...request, status, bodyText: typeof body === "string" ? body : JSON.stringify(body), ...facts });

describe("status codes", () => {
  test.each([
    [400, "BadRequestError", "bad_request"],
    [401, "AuthenticationError", "authentication"],
    [403, "PermissionDeniedError", "permission_denied"],
    [404, "NotFoundError", "not_found"],
    [409, "ConflictError", "conflict"],
    [415, "APIStatusError", "api_status"],
    [422, "UnprocessableEntityError", "unprocessable_entity"],
    [429, "RateLimitError", "rate_limit"],
    [500, "InternalServerError", "internal_server"],
    [503, "InternalServerError", "internal_server"],
    [599, "InternalServerError", "internal_server"],
  ])("a response with status %i becomes %s", (status, name, code) => {
    const error = of(status, "");
    expect(error).toBeInstanceOf(errors.APIStatusError);
    expect(error).toMatchObject({ name, code, status, method: "GET", path: request.path, sessionId: "ses_1" });
    expect(error.message).toBe(`GET /session/ses_1/message: ${status} without a message`);
  });
});

describe("bodies of refusals", () => {
  test("a body { name, data } gives the message on one line, and the ref of a 500", () => {
    const body = { name: "BadRequest", data: { message: 'Missing key\n  at ["parts"]', kind: "Payload" } };
    expect(of(400, body).message).toBe('GET /session/ses_1/message: 400 Missing key at ["parts"]');
    expect(of(400, body).body).toEqual(body);

    const hidden = {
      name: "UnknownError",
      data: { message: "Unexpected server error. Check server logs for details.", ref: "err_2e21" },
    };
    expect(of(500, hidden)).toMatchObject({
      ref: "err_2e21",
      hint: "The reason is in the server's log, under err_2e21.",
    });
  });

  test("a body { _tag, message } gives the message, or the tag without a message", () => {
    const error = of(
      404,
      { _tag: "PtyNotFoundError", message: "PTY not found", ptyID: "pty_1" },
      { path: "/pty/pty_1" },
    );
    expect(error).toMatchObject({
      name: "NotFoundError",
      message: "GET /pty/pty_1: 404 PTY not found",
    });
    expect(error.sessionId).toBeUndefined();
    expect(of(404, { _tag: "PtyNotFoundError" }).message).toContain("404 PtyNotFoundError");
  });

  test("a body { _tag } gives the tag as the message", () => {
    expect(of(400, { _tag: "BadRequest" })).toMatchObject({
      name: "BadRequestError",
      message: "GET /session/ses_1/message: 400 BadRequest",
    });
  });

  test("a plain text body gives a shortened message", () => {
    expect(of(500, "Workspace not found: wrk_nope").message).toContain("500 Workspace not found: wrk_nope");
    const long = of(500, "x".repeat(100_000));
    expect(long.message.length).toBeLessThan(600);
    expect(long.body).toHaveLength(2_000);
  });

  test("an empty body gives the message `without a message`", () => {
    const error = of(401, "");
    expect(error.message).toBe("GET /session/ses_1/message: 401 without a message");
    expect(error.body).toBeUndefined();
  });

  test("a gateway's web page, { error } and { message } give the message", () => {
    expect(of(502, "<html><head><title>Bad\n Gateway</title></head>").message).toMatch(
      /502 with an HTML page "Bad Gateway"$/,
    );
    expect(of(503, "<html></html>").message).toMatch(/503 with an HTML page "without a title"$/);
    expect(of(429, { error: { message: "slow down" } }).message).toContain("429 slow down");
    expect(of(429, { error: "slow down" }).message).toContain("429 slow down");
    expect(of(429, { message: "slow down" }).message).toContain("429 slow down");
  });

  test("a JSON body of an unexpected shape gives an error with the status", () => {
    for (const body of [
      "null",
      "[]",
      "42",
      '"text"',
      '{"data":null}',
      '{"name":5,"data":{"message":7,"ref":{}}}',
      '{"message":""}',
    ]) {
      expect(of(400, body).message, body).toMatch(/^GET \/session\/ses_1\/message: 400 /);
    }
  });
});

describe("not found and busy", () => {
  const missing = (message: string) => ({ name: "NotFoundError", data: { message } });

  test("a 404 for a session is a SessionNotFoundError by text, by tag or by path", () => {
    const error = of(404, missing("Session not found: ses_1"));
    expect(error).toBeInstanceOf(errors.SessionNotFoundError);
    expect(error).toBeInstanceOf(errors.NotFoundError);
    expect(error.sessionId).toBe("ses_1");
    expect(of(404, { _tag: "SessionNotFoundError", sessionID: "ses_2" }, { path: "/api/x" })).toMatchObject({
      name: "SessionNotFoundError",
      sessionId: "ses_2",
    });
    expect(of(404, { name: "NotFoundError", data: {} }).name).toBe("SessionNotFoundError");
  });

  test("a 404 for a message is a MessageNotFoundError by text or by tag", () => {
    const error = of(404, missing("Message not found: msg_1"), { path: "/session/ses_1/message/msg_1" });
    expect(error).toBeInstanceOf(errors.MessageNotFoundError);
    expect(of(404, { _tag: "MessageNotFoundError" }).name).toBe("MessageNotFoundError");
  });

  test("a 404 for any other resource is a NotFoundError", () => {
    expect(of(404, missing("Part not found: prt_1")).name).toBe("NotFoundError");
    expect(of(404, { _tag: "PermissionNotFoundError" }).name).toBe("NotFoundError");
    expect(of(404, { name: "NotFoundError", data: {} }, { path: "/session/status" }).name).toBe("NotFoundError");
    expect(of(404, "").name).toBe("NotFoundError");
  });

  test("a 409 for a busy session is a SessionBusyError, and any other 409 is a ConflictError", () => {
    const busy = of(409, { _tag: "SessionBusyError", sessionID: "ses_9", message: "Session is busy: ses_9" });
    expect(busy).toBeInstanceOf(errors.SessionBusyError);
    expect(busy).toBeInstanceOf(errors.ConflictError);
    expect(busy.sessionId).toBe("ses_9");
    expect(of(409, { _tag: "ConflictError", resource: "msg_1" }).name).toBe("ConflictError");
  });
});

describe("advice of errors", () => {
  test("the hint of a 401 names OPENCODE_SERVER_PASSWORD, or asks to check the password", () => {
    expect(of(401, "").hint).toContain("OPENCODE_SERVER_PASSWORD");
    expect(of(401, "", { authenticated: true }).hint).toContain("check");
  });

  test("a 429 with retry-after has the time of the next try in `retryAt`", () => {
    const now = Date.parse("2026-01-01T00:00:00Z");
    const error = of(429, "", { headers: new Headers({ "retry-after": "120" }), now });
    expect(error).toMatchObject({ retryAt: new Date("2026-01-01T00:02:00Z") });
    for (const wait of ["soon", "99999999999999999999", "9".repeat(400)]) {
      expect(of(429, "", { headers: new Headers({ "retry-after": wait }), now })).not.toHaveProperty("retryAt");
    }
    expect(of(429, "")).not.toHaveProperty("retryAt");
  });

  test("a broken configuration of the agent is a ConfigError that names the file", () => {
    const error = of(400, { name: "ConfigJsonError", data: { path: "/w/opencode.json", message: "Unexpected token" } });
    expect(error).toBeInstanceOf(errors.ConfigError);
    expect(error).toMatchObject({ status: 400, hint: expect.stringContaining("/w/opencode.json") });
    expect(error.message).toContain("the agent's configuration is wrong: /w/opencode.json: Unexpected token");
    const issues = [{ message: "Expected string", path: ["model"] }];
    expect(of(400, { name: "ConfigInvalidError", data: { path: "/w/opencode.json", issues } }).message).toContain(
      "Expected string",
    );
  });
});

describe("error classes", () => {
  const classes = Object.entries(errors).filter(
    (entry): entry is [string, typeof errors.OpencodeError] =>
      typeof entry[1] === "function" &&
      (entry[1] === errors.OpencodeError || entry[1].prototype instanceof errors.OpencodeError),
  );

  test("every error class has its own name and code, and is an OpencodeError", () => {
    const made = classes.map(([name, Class]) => [name, new Class("message", {})] as const);
    for (const [name, error] of made) {
      expect(error.name).toBe(name);
      expect(error).toBeInstanceOf(Error);
      expect(errors.isOpencodeError(error)).toBe(true);
      expect(String(error)).toBe(`${name}: message`);
    }
    expect(new Set(made.map(([, error]) => error.code)).size).toBe(classes.length);
  });

  test("isOpencodeError recognises errors of another copy of the package, and no other errors", () => {
    const foreign = Object.defineProperty(new Error("x"), Symbol.for("opencode-ts.error"), { value: true });
    expect(errors.isOpencodeError(foreign)).toBe(true);
    for (const value of [new Error("x"), { name: "OpencodeError" }, undefined, null, "x"])
      expect(errors.isOpencodeError(value)).toBe(false);
  });

  test("the JSON of an error has the known fields, the cause and no other field", () => {
    const cause = new Error("socket");
    const error = new errors.APIConnectionError("lost", { method: "GET", path: "/x", cause });
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: "APIConnectionError",
      code: "api_connection",
      message: "lost",
      hint: errors.APIConnectionError.hint,
      retryable: true,
      method: "GET",
      path: "/x",
      cause: { name: "Error", message: "socket" },
    });
    expect(inspect(error)).toContain("socket");
  });

  test("every error class has a hint, except the abort errors and OpencodeError", () => {
    const silent = classes.filter(([, Class]) => new Class("message", {}).hint === undefined).map(([name]) => name);
    expect(silent.sort()).toEqual(["APIAbortError", "AbortedError", "OpencodeError"].sort());
  });

  test("`retryable` has the value of the class unless the failure gives another value", () => {
    for (const [name, Class] of classes) {
      expect(new Class("message", {}).retryable, name).toBe(Class.retryable);
      expect(new Class("message", { retryable: !Class.retryable }).retryable, name).toBe(!Class.retryable);
    }
  });

  test.each([
    ["GET", 408, true],
    ["GET", 429, true],
    ["GET", 500, true],
    ["POST", 500, false],
    ["POST", 503, true],
    ["GET", 501, false],
    ["GET", 505, false],
    ["GET", 404, false],
    ["POST", 409, false],
  ])("a %s that is answered with %i is retryable: %s", (method, status, retryable) => {
    expect(of(status, "", { method })).toMatchObject({ retryable });
  });

  test("the code of an error narrows the error's type", () => {
    const told = (error: unknown): unknown => {
      if (!errors.isOpencodeError(error)) return undefined;
      switch (error.code) {
        case "turn_timeout":
          return error.spent satisfies TimeSpent | undefined;
        case "api_status":
          return error.status satisfies number;
        case "binary_not_found":
          return error.tried;
        default:
          return error.code satisfies errors.OpencodeErrorCode;
      }
    };
    expect(told(new errors.BinaryNotFoundError("x", { tried: ["here"] }))).toEqual(["here"]);
    expect(told(new errors.APIStatusError("x", { status: 418 }))).toBe(418);
    expect(told(new errors.NotFoundError("x"))).toBe("not_found");
    expect(told(new TypeError("x"))).toBeUndefined();
  });

  test("an APITimeoutError is an APIConnectionError", () => {
    expect(new errors.APITimeoutError("x")).toBeInstanceOf(errors.APIConnectionError);
  });

  test("a BinaryDownloadError is retryable by its reason", () => {
    const reasons = ["connection", "timeout", "truncated", "rate-limit", "checksum", "disk-full", "offline"] as const;
    const passing = reasons.filter((reason) => new errors.BinaryDownloadError("x", { reason }).retryable);
    expect(passing).toEqual(["connection", "timeout", "truncated", "rate-limit"]);
    expect(new errors.BinaryDownloadError("x", { reason: "http", status: 503 }).retryable).toBe(true);
    expect(new errors.BinaryDownloadError("x", { reason: "http", status: 404 }).retryable).toBe(false);
  });
});
