import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { createOpencodeClient } from "../../src/client/client.js";
import { errorReason, wasNeverSent } from "../../src/client/network-error.js";
import { isRetryable, retryAfter, retryDelay } from "../../src/client/retry-rules.js";
import {
  APIAbortError,
  APIConnectionError,
  APIStatusError,
  APITimeoutError,
  InternalServerError,
} from "../../src/errors/index.js";
import { type Handler, rejection, sendJson, startHttpServer } from "../support/http-server.js";

const soon = { "retry-after-ms": "1" };

/** Answers the first requests as told, then with success. */
function failing(times: number, fail: Handler, success: unknown = true): Handler {
  return (request, response, count) => (count <= times ? fail(request, response, count) : sendJson(response, success));
}
const unavailable: Handler = (_request, response) => void response.writeHead(503, soon).end();
const cut: Handler = (_request, response) => void response.destroy();

async function countTries(method: string, path: string, fail: Handler): Promise<number> {
  await using server = await startHttpServer((request, response, count) => fail(request, response, count));
  const client = createOpencodeClient({ baseUrl: server.url });
  const options = { body: method === "GET" || method === "HEAD" ? undefined : {}, maxRetries: 1 };
  expect(await rejection(client.request(method, path, options))).toBeInstanceOf(Error);
  return server.requests.length;
}

describe.concurrent("retried requests", () => {
  const repeated = [
    ["GET", "/session"],
    ["HEAD", "/session"],
    ["PUT", "/auth/x"],
    ["DELETE", "/session/ses_1"],
    ["POST", "/session/ses_1/abort"],
    ["POST", "/permission/per_1/reply"],
    ["POST", "/session/ses_1/permissions/per_1"],
    ["POST", "/question/que_1/reply"],
    ["POST", "/question/que_1/reject"],
    ["POST", "/mcp"],
  ] as const;
  const once = [
    ["POST", "/session"],
    ["POST", "/session/ses_1/message"],
    ["POST", "/session/ses_1/prompt_async"],
    ["POST", "/session/ses_1/command"],
    ["POST", "/session/ses_1/shell"],
    ["POST", "/session/ses_1/fork"],
    ["POST", "/session/ses_1/summarize"],
    ["PATCH", "/session/ses_1"],
  ] as const;

  test.each(repeated)("%s %s is retried after a 503 and after a lost connection", async (method, path) => {
    expect(await countTries(method, path, unavailable)).toBe(2);
    expect(await countTries(method, path, cut)).toBe(2);
  });

  test.each(once)("%s %s is not retried after 408, 429, 500, 503 or a lost connection", async (method, path) => {
    for (const status of [408, 429, 500, 503]) {
      const fail: Handler = (_request, response) => void response.writeHead(status, soon).end();
      expect(await countTries(method, path, fail), `status ${status}`).toBe(1);
    }
    expect(await countTries(method, path, cut)).toBe(1);
  });

  test("a 500 is retried for a GET and not for a POST", async () => {
    const broken: Handler = (_request, response) => void response.writeHead(500, soon).end();
    expect(await countTries("POST", "/session/ses_1/abort", broken)).toBe(1);
    expect(await countTries("GET", "/session", broken)).toBe(2);
  });

  test("a GET is not retried after 400, 401, 403, 404, 409, 422, 501 or 505", async () => {
    for (const status of [400, 401, 403, 404, 409, 422, 501, 505]) {
      const refuse: Handler = (_request, response) => void response.writeHead(status, soon).end();
      expect(await countTries("GET", "/session", refuse), `status ${status}`).toBe(1);
    }
  });

  test("a GET is retried after an unusual 5xx such as 507, 520 or 599", async () => {
    for (const status of [507, 520, 599]) {
      const fail: Handler = (_request, response) => void response.writeHead(status, soon).end();
      expect(await countTries("GET", "/session", fail), `status ${status}`).toBe(2);
    }
  });

  test("a locked database is retried for a read and an abort, not for a prompt", async () => {
    const locked: Handler = (_request, response) =>
      sendJson(response, { name: "BadRequest", data: { message: "SQLiteError: database is locked" } }, 400, soon);
    expect(await countTries("GET", "/session", locked)).toBe(2);
    expect(await countTries("POST", "/session/ses_1/abort", locked)).toBe(2);
    expect(await countTries("POST", "/session/ses_1/prompt_async", locked)).toBe(1);
  });

  test("a timeout is retried for GET /session, not for POST /session", async () => {
    await using server = await startHttpServer(() => {});
    let sent = 0;
    const counting: typeof fetch = (input, init) => {
      sent += 1;
      return fetch(input, init);
    };
    const client = createOpencodeClient({ baseUrl: server.url, timeout: 50, maxRetries: 1, fetch: counting });
    expect(await rejection(client.GET("/session"))).toBeInstanceOf(APITimeoutError);
    expect(sent).toBe(2);
    expect(await rejection(client.POST("/session"))).toBeInstanceOf(APITimeoutError);
    expect(sent).toBe(3);
  });

  test("a prompt whose connection was refused is sent again with the same body", async () => {
    // The port is known and closed until the first try has failed.
    const probe = createServer();
    const port = await new Promise<number>((resolve) => {
      probe.listen(0, "127.0.0.1", () => {
        const address = probe.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
    await new Promise((resolve) => probe.close(resolve));
    const bodies: string[] = [];
    const server = createServer((socket) => {
      socket.on("data", (data) => {
        bodies.push(data.toString().split("\r\n\r\n")[1] ?? "");
        socket.end("HTTP/1.1 204 No Content\r\n\r\n");
      });
    });
    const lines: string[] = [];
    const open = (line: string): void => {
      lines.push(line);
      server.listen(port, "127.0.0.1");
    };
    const logger = { error: open, warn: open, info: open, debug: open };
    const client = createOpencodeClient({ baseUrl: `http://127.0.0.1:${port}`, logger, logLevel: "info" });
    const { data } = await client.POST("/session/{sessionID}/prompt_async", {
      params: { path: { sessionID: "ses_1" } },
      body: { parts: [{ type: "text", text: "hello" }] },
    });
    server.close();
    expect(data).toBeUndefined();
    expect(bodies).toEqual(['{"parts":[{"type":"text","text":"hello"}]}']);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/POST \/session\/ses_1\/prompt_async: try 1 failed, again in \d+ ms: .*ECONNREFUSED/);
  });
});

describe("outcome of retries", () => {
  test("a retried request gives the response of the try that succeeded", async () => {
    await using server = await startHttpServer(failing(2, unavailable, []));
    const { data } = await createOpencodeClient({ baseUrl: server.url }).GET("/session");
    expect(data).toEqual([]);
    expect(server.requests).toHaveLength(3);
  });

  test("a request fails with the last error after `maxRetries` retries", async () => {
    await using server = await startHttpServer(unavailable);
    const client = createOpencodeClient({ baseUrl: server.url });
    expect(await rejection(client.GET("/session"))).toBeInstanceOf(InternalServerError);
    expect(server.requests).toHaveLength(3);
    await rejection(client.GET("/session", { maxRetries: 0 }));
    expect(server.requests).toHaveLength(4);
  });

  const missing: Handler = (_request, response) => sendJson(response, { _tag: "PermissionNotFoundError" }, 404);

  test.each([
    ["DELETE", "/session/ses_1"],
    ["POST", "/permission/per_1/reply"],
    ["POST", "/session/ses_1/permissions/per_1"],
    ["POST", "/question/que_1/reject"],
  ])("a 404 on the retry of %s %s counts as success", async (method, path) => {
    const handler: Handler = (request, response, count) => (count === 1 ? cut : missing)(request, response, count);
    await using server = await startHttpServer(handler);
    const client = createOpencodeClient({ baseUrl: server.url });
    expect((await client.request(method, path)).data).toBe(true);
  });

  test("a 404 on the first try, or after a 429, is a NotFoundError", async () => {
    await using first = await startHttpServer(missing);
    const path = { requestID: "per_1" };
    const call = { params: { path }, body: { reply: "once" as const } };
    const reply = createOpencodeClient({ baseUrl: first.url }).POST("/permission/{requestID}/reply", call);
    expect(await rejection(reply)).toMatchObject({ name: "NotFoundError", status: 404 });

    const limited: Handler = (_request, response) => void response.writeHead(429, soon).end();
    await using second = await startHttpServer((request, response, count) =>
      (count === 1 ? limited : missing)(request, response, count),
    );
    const later = createOpencodeClient({ baseUrl: second.url }).POST("/permission/{requestID}/reply", call);
    expect(await rejection(later)).toMatchObject({ name: "NotFoundError", status: 404 });
    expect(second.requests).toHaveLength(2);
  });

  test("a 404 on the retry of a GET, or of a DELETE that returns data, stays a 404", async () => {
    const handler: Handler = (request, response, count) => (count % 2 === 1 ? cut : missing)(request, response, count);
    await using server = await startHttpServer(handler);
    const client = createOpencodeClient({ baseUrl: server.url });
    const params = { path: { sessionID: "ses_1" } };
    expect(await rejection(client.GET("/session/{sessionID}", { params }))).toMatchObject({ status: 404 });
    expect(await rejection(client.DELETE("/session/{sessionID}/share", { params }))).toMatchObject({ status: 404 });
  });

  const busy: Handler = (_request, response) => void response.writeHead(503, { "retry-after": "30" }).end();
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

  test("an abort ends the wait between two tries at once and leaves no timer", async () => {
    await using server = await startHttpServer(busy);
    const controller = new AbortController();
    const lines: string[] = [];
    let timersInWait = 0;
    const note = (line: string): void => {
      lines.push(line);
      setImmediate(() => {
        timersInWait = timers();
        controller.abort(new Error("enough"));
      });
    };
    const logger = { error: note, warn: note, info: note, debug: note };
    const client = createOpencodeClient({ baseUrl: server.url, logger, logLevel: "info", signal: controller.signal });
    const error = await rejection(client.GET("/session"));
    expect(error).toBeInstanceOf(APIAbortError);
    expect(error).toMatchObject({ cause: new Error("enough") });
    expect(lines[0]).toContain("again in 30000 ms");
    expect(timers()).toBeLessThan(timersInWait); // the runtime has timers too, which may end meanwhile
    expect(server.requests).toHaveLength(1);
  });

  test("an abort just before the wait between two tries ends the request", async () => {
    await using server = await startHttpServer(busy);
    const controller = new AbortController();
    const note = (): void => controller.abort();
    const logger = { error: note, warn: note, info: note, debug: note };
    const client = createOpencodeClient({ baseUrl: server.url, logger, logLevel: "info" });
    const error = await rejection(client.GET("/session", { signal: controller.signal }));
    expect(error).toBeInstanceOf(APIAbortError);
    expect(server.requests).toHaveLength(1);
  });
});

describe("the wait between tries", () => {
  const headers = (values: Record<string, string>): Headers => new Headers(values);
  const now = Date.parse("2026-01-01T00:00:00Z");

  test("retry-after-ms counts milliseconds and comes before retry-after", () => {
    expect(retryAfter(headers({ "retry-after-ms": "500", "retry-after": "7" }), now)).toBe(500);
  });

  test("retry-after is a number of seconds, also with a fraction, or an HTTP date", () => {
    expect(retryAfter(headers({ "retry-after": "7" }), now)).toBe(7000);
    expect(retryAfter(headers({ "retry-after": "0.2" }), now)).toBe(200);
    expect(retryAfter(headers({ "retry-after": "Thu, 01 Jan 2026 00:00:05 GMT" }), now)).toBe(5000);
    expect(retryAfter(headers({ "retry-after": "Wed, 31 Dec 2025 23:00:00 GMT" }), now)).toBe(0);
  });

  test("a malformed retry-after is ignored", () => {
    for (const value of ["", "soon", "-5", "NaN", "1e9"])
      expect(retryAfter(headers({ "retry-after": value }), now)).toBeUndefined();
    expect(retryAfter(headers({}), now)).toBeUndefined();
    expect(retryAfter(headers({ "retry-after-ms": "x", "retry-after": "1" }), now)).toBe(1000);
  });

  test("a wait that the server asks for is limited to one minute", () => {
    expect(retryDelay(1, 3_600_000)).toBe(60_000);
    expect(retryDelay(3, 0)).toBe(0);
  });

  test("the wait without retry-after doubles from 500 ms to 8 s, less up to a quarter", () => {
    expect([1, 2, 3, 4, 5, 6, 60].map((attempt) => retryDelay(attempt, undefined, 0))).toEqual([
      500, 1000, 2000, 4000, 8000, 8000, 8000,
    ]);
    expect(retryDelay(1, undefined, 1)).toBe(375);
  });
});

describe("connection errors", () => {
  test("wasNeverSent and errorReason find codes in causes and in an AggregateError", () => {
    const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED", syscall: "connect" });
    const nested = new TypeError("fetch failed", { cause: new AggregateError([new Error("::1"), refused]) });
    expect(wasNeverSent(nested)).toBe(true);
    expect(errorReason(nested)).toBe("ECONNREFUSED");
    expect(wasNeverSent(Object.assign(new Error("Unable to connect"), { code: "ConnectionRefused" }))).toBe(true);
    expect(
      wasNeverSent(new TypeError("fetch failed", { cause: Object.assign(new Error(), { code: "ECONNRESET" }) })),
    ).toBe(false);
    expect(wasNeverSent(undefined)).toBe(false);
    expect(errorReason("text")).toBe("text");
  });

  test("a connection error without a code is recognised by its message", () => {
    const message = "error sending request for url (http://h/?a=b): client error (Connect): tcp connect error: refused";
    const deno = new TypeError("fetch failed", { cause: new Error(message) });
    expect(wasNeverSent(deno)).toBe(true);
    expect(errorReason(deno)).toBe("error sending request: client error (Connect): tcp connect error: refused");
  });

  test("wasNeverSent and errorReason stop at a cause that is its own cause", () => {
    const loop = new Error("loop");
    loop.cause = loop;
    expect(wasNeverSent(loop)).toBe(false);
    expect(errorReason(loop)).toBe("loop");
  });

  test("a refused connection is an APIConnectionError with code, address and hint", async () => {
    const closed = await startHttpServer(() => {});
    await closed[Symbol.asyncDispose]();
    const client = createOpencodeClient({ baseUrl: closed.url, maxRetries: 0 });
    const error = await rejection(client.GET("/session"));
    expect(error).toBeInstanceOf(APIConnectionError);
    expect(error).toMatchObject({ method: "GET", path: "/session", hint: expect.stringMatching(/running/) });
    expect(String(error)).toContain(`GET /session: no connection or no answer from ${closed.url} (ECONNREFUSED)`);
  });

  test("isRetryable is true for replies and interrupts of the newer API, and false for its prompts", () => {
    expect(isRetryable({ method: "POST", path: "/api/session/ses_1/permission/per_1/reply" })).toBe(true);
    expect(isRetryable({ method: "POST", path: "/api/session/ses_1/interrupt" })).toBe(true);
    expect(isRetryable({ method: "POST", path: "/api/session/ses_1/prompt" })).toBe(false);
    expect(isRetryable({ method: "POST", path: "/mcp/x/connect" })).toBe(false);
  });

  test("an APIStatusError names method and path, and holds status and body", async () => {
    await using server = await startHttpServer((_request, response) => void response.writeHead(418).end("teapot"));
    const error = await rejection(createOpencodeClient({ baseUrl: server.url }).GET("/session"));
    expect(error).toBeInstanceOf(APIStatusError);
    expect(error).toMatchObject({ message: "GET /session: 418 teapot", status: 418, body: "teapot" });
  });
});
