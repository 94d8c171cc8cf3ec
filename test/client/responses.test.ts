import { createServer, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { createOpencodeClient } from "../../src/client/client.js";
import {
  APIAbortError,
  APIConnectionError,
  APIResponseValidationError,
  APIStatusError,
  APITimeoutError,
  UnsupportedEndpointError,
} from "../../src/errors/index.js";
import { type Handler, rejection, sendJson, startHttpServer } from "../support/http-server.js";
import { scaled } from "../support/slowness.js";

/** What `GET /project` gives when the server answers so; no repeats. Of this route only the basic shape is checked. */
async function answer(
  handler: Handler,
  options: { maxResponseBytes?: number; timeout?: number } = {},
): Promise<unknown> {
  await using server = await startHttpServer(handler);
  const client = createOpencodeClient({ baseUrl: server.url, maxRetries: 0, ...options });
  return (await client.GET("/project")).data;
}
const send =
  (type: string, body: string, status = 200): Handler =>
  (_request, response) =>
    void response.writeHead(status, { "content-type": type }).end(body);

/** A server that answers every connection with these bytes and closes it. */
async function startRawSocketServer(bytes: string): Promise<{ url: string; [Symbol.asyncDispose](): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}); // the client may hang up first
    socket.once("data", () => socket.end(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

describe("JSON responses", () => {
  test("a JSON response may have parameters or a suffix in its content type", async () => {
    expect(await answer(send("Application/JSON; charset=utf-8", '[{"é":"中"}]'))).toEqual([{ é: "中" }]);
    expect(await answer(send("application/problem+json", "[]"))).toEqual([]);
  });

  test("characters that are cut between two packets arrive whole", async () => {
    const bytes = Buffer.from('["中é"]');
    const data = await answer((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write(bytes.subarray(0, 3), () => setImmediate(() => response.end(bytes.subarray(3))));
    });
    expect(data).toEqual(["中é"]);
  });

  test("a web page in place of JSON is an UnsupportedEndpointError: the server has no such route", async () => {
    const error = await rejection(answer(send("text/html; charset=utf-8", "<title>OpenCode</title>")));
    expect(error).toBeInstanceOf(UnsupportedEndpointError);
    expect(error).toMatchObject({
      message: "GET /project: 200 with a web page: the server has no such route",
      method: "GET",
      path: "/project",
      status: 200,
      hint: expect.stringMatching(/baseUrl.*release/),
    });
  });

  test.each([
    ["an empty body", send("application/json", ""), /200 with an empty body, expected JSON/],
    ["204 where a body is promised", send("application/json", "", 204), /204 with an empty body/],
    ["text", send("text/plain", "[]"), /content type text\/plain, expected application\/json/],
    ["a type that only contains json", send("text/x-json-html", "[]"), /content type text\/x-json-html/],
    ["an event stream", send("text/event-stream", "data: 1\n\n"), /content type text\/event-stream/],
    ["JSON that ends early", send("application/json", '[{"id":'), /JSON that cannot be parsed/],
    ["an object for a list", send("application/json", '{"data":[]}'), /200 with an object, expected an array/],
    ["null for a list", send("application/json", "null"), /200 with null, expected an array/],
  ])("%s as a response is an APIResponseValidationError", async (_name, handler, message) => {
    const error = await rejection(answer(handler));
    expect(error).toBeInstanceOf(APIResponseValidationError);
    expect(error).toMatchObject({ method: "GET", path: "/project", message: expect.stringMatching(message) });
  });

  test("a list in place of an object and a text in place of a boolean are refused", async () => {
    await using server = await startHttpServer((request, response) =>
      sendJson(response, request.method === "GET" ? [] : "true"),
    );
    const client = createOpencodeClient({ baseUrl: server.url });
    const params = { path: { sessionID: "ses_1" } };
    expect(String(await rejection(client.GET("/session/{sessionID}", { params })))).toMatch(
      /an array, expected an object/,
    );
    expect(String(await rejection(client.POST("/session/{sessionID}/abort", { params })))).toMatch(
      /a string, expected a boolean/,
    );
    const unknown = client.request("GET", "/new", { shape: "object" });
    expect(String(await rejection(unknown))).toMatch(/an array, expected an object/);
  });

  test("prompt_async and undocumented routes may respond without a body", async () => {
    await using server = await startHttpServer((_request, response) => void response.writeHead(204).end());
    const client = createOpencodeClient({ baseUrl: server.url });
    const prompt = { params: { path: { sessionID: "ses_1" } }, body: { parts: [] } };
    expect((await client.POST("/session/{sessionID}/prompt_async", prompt)).data).toBeUndefined();
    expect((await client.request("POST", "/new")).data).toBeUndefined();
    expect((await client.request("HEAD", "/session")).data).toBeUndefined();
  });

  test("file contents and diffs are text of any content type, and may be empty", async () => {
    await using server = await startHttpServer((request, response) => {
      const type = request.url.endsWith(".html") || request.url.endsWith("/page") ? "text/html" : "application/json";
      response.writeHead(200, { "content-type": type }).end(request.url.startsWith("/vcs") ? "" : "[1]");
    });
    const client = createOpencodeClient({ baseUrl: server.url });
    const read = async (path: string): Promise<string> =>
      (await client.GET("/api/fs/read/{path}", { params: { path: { path } } })).data;
    expect(await read("a.json")).toBe("[1]");
    expect(await read("docs/a.html")).toBe("[1]");
    expect((await client.GET("/vcs/diff/raw")).data).toBe("");
    expect(await rejection(read("page"))).toBeInstanceOf(UnsupportedEndpointError);
  });

  test("a call gives the headers of the response", async () => {
    await using server = await startHttpServer((_request, response) =>
      sendJson(response, [], 200, { "x-next-cursor": "abc" }),
    );
    const { response } = await createOpencodeClient({ baseUrl: server.url }).GET("/session");
    expect(response.headers.get("x-next-cursor")).toBe("abc");
  });
});

describe("incomplete bodies", () => {
  test.each([
    ["by length", "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n[1,"],
    [
      "in chunks",
      "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n3\r\n[1,\r\n",
    ],
  ])("a cut body framed %s is a lost connection and is retried", async (_name, bytes) => {
    await using server = await startRawSocketServer(bytes);
    const lines: string[] = [];
    const note = (line: string): void => void lines.push(line);
    const logger = { error: note, warn: note, info: note, debug: note };
    const client = createOpencodeClient({ baseUrl: server.url, maxRetries: 1, logger, logLevel: "info" });
    const error = await rejection(client.GET("/session"));
    expect(error).toBeInstanceOf(APIConnectionError);
    expect(String(error)).toMatch(/GET \/session: the answer was cut from http:\/\/127\.0\.0\.1:\d+ \(ECONNRESET\)/);
    expect(lines).toHaveLength(1);
  });

  test("a response that is no HTTP is an APIConnectionError", async () => {
    await using server = await startRawSocketServer("SSH-2.0-OpenSSH\r\n");
    const error = await rejection(createOpencodeClient({ baseUrl: server.url, maxRetries: 0 }).GET("/session"));
    expect(error).toBeInstanceOf(APIConnectionError);
  });

  test("a 404 whose body is cut is still a NotFoundError", async () => {
    await using server = await startRawSocketServer("HTTP/1.1 404 Not Found\r\ncontent-length: 100\r\n\r\nSess");
    const error = await rejection(createOpencodeClient({ baseUrl: server.url }).GET("/session"));
    expect(error).toMatchObject({ name: "NotFoundError", status: 404 });
  });

  test("a body over `maxResponseBytes` is refused, and an error's body is cut", async () => {
    const long = JSON.stringify(["x".repeat(2_000)]);
    expect(await answer(send("application/json", long), { maxResponseBytes: long.length })).toHaveLength(1);
    const error = await rejection(answer(send("application/json", long), { maxResponseBytes: long.length - 1 }));
    expect(error).toBeInstanceOf(APIResponseValidationError);
    expect(String(error)).toContain(`longer than ${long.length - 1} bytes`);
    const flood = await rejection(answer(send("text/plain", "y".repeat(1_000_000), 500)));
    expect(flood).toMatchObject({ status: 500, body: "y".repeat(2_000) });
  });
});

describe("timeouts and aborts", () => {
  test("a request without response headers in time is an APITimeoutError", async () => {
    const error = await rejection(answer(() => {}, { timeout: 60 }));
    expect(error).toBeInstanceOf(APITimeoutError);
    expect(String(error)).toContain("GET /project: timed out after 60 ms waiting for the response headers");
  });

  const half: Handler = (_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write("[1,");
  };

  test("a response body that is not complete in time is an APITimeoutError", async () => {
    const timeout = scaled(600);
    const error = await rejection(answer(half, { timeout }));
    expect(error).toBeInstanceOf(APITimeoutError);
    expect(String(error)).toContain(`timed out after ${timeout} ms waiting for the response body`);
  });

  test("a call's timeout replaces the client's, and 0 or Infinity is no timeout", async () => {
    await using server = await startHttpServer((_request, response, count) =>
      count === 1 ? undefined : setTimeout(() => sendJson(response, []), 60),
    );
    const client = createOpencodeClient({ baseUrl: server.url, timeout: 20, maxRetries: 0 });
    expect(String(await rejection(client.GET("/session", { timeout: 30 })))).toContain("after 30 ms");
    expect((await client.GET("/session", { timeout: 0 })).data).toEqual([]);
    expect((await client.GET("/session", { timeout: Number.POSITIVE_INFINITY })).data).toEqual([]);
    expect((await client.GET("/session", { timeout: 2 ** 40 })).data).toEqual([]);
  });

  test.each([
    ["before it is sent", () => {}, 0],
    ["while the headers are awaited", () => {}, 1],
    ["while the body is read", half, 1],
  ])("an abort %s is an APIAbortError with the reason, and ends the request", async (name, handler, sent) => {
    await using server = await startHttpServer(handler);
    const client = createOpencodeClient({ baseUrl: server.url });
    const controller = new AbortController();
    const reason = new Error("enough");
    if (name === "before it is sent") controller.abort(reason);
    const outcome = rejection(client.GET("/session", { signal: controller.signal }));
    if (sent > 0) await server.arrived(sent);
    setImmediate(() => controller.abort(reason));
    expect(await outcome).toBeInstanceOf(APIAbortError);
    expect(await outcome).toMatchObject({ cause: reason, path: "/session" });
    expect(server.requests).toHaveLength(sent);
  });

  test("an abort whose reason is an error of this package is an APIAbortError", async () => {
    await using server = await startHttpServer(() => {});
    const controller = new AbortController();
    const reason = new APIConnectionError("enough");
    const client = createOpencodeClient({ baseUrl: server.url, maxRetries: 0 });
    const outcome = rejection(client.GET("/session", { signal: controller.signal }));
    await server.arrived(1);
    controller.abort(reason);
    const error = await outcome;
    expect(error).toBeInstanceOf(APIAbortError);
    expect(error).toMatchObject({ cause: reason });
    expect(await rejection(client.GET("/session", { signal: controller.signal }))).toBeInstanceOf(APIAbortError);
    expect(server.requests).toHaveLength(1);
  });

  test("the late response of a `fetch` that ignores signals is cancelled", async () => {
    let cancelled = (): void => {};
    const gone = new Promise<void>((resolve) => {
      cancelled = resolve;
    });
    let answer: (response: Response) => void = () => {};
    const late: typeof fetch = () => new Promise((resolve) => (answer = resolve));
    const client = createOpencodeClient({ baseUrl: "http://127.0.0.1:9", fetch: late, timeout: 30, maxRetries: 0 });
    expect(await rejection(client.GET("/session"))).toBeInstanceOf(APITimeoutError);
    answer(new Response(new ReadableStream({ cancel: cancelled })));
    await gone;
  });

  test("the client's `signal` option aborts the client's calls", async () => {
    const controller = new AbortController();
    await using server = await startHttpServer(() => {});
    const client = createOpencodeClient({ baseUrl: server.url, signal: controller.signal });
    const outcome = rejection(client.GET("/session"));
    await server.arrived(1);
    controller.abort();
    expect(await outcome).toBeInstanceOf(APIAbortError);
    expect(await rejection(client.GET("/session"))).toBeInstanceOf(APIAbortError);
    expect(server.requests).toHaveLength(1);
  });

  test("a `fetch` that ignores signals does not delay a timeout", async () => {
    const stuck: typeof fetch = () => new Promise(() => {});
    const client = createOpencodeClient({ baseUrl: "http://127.0.0.1:9", fetch: stuck, timeout: 30, maxRetries: 0 });
    expect(await rejection(client.GET("/session"))).toBeInstanceOf(APITimeoutError);
    const endless = new ReadableStream({ pull: () => new Promise(() => {}) });
    const silent: typeof fetch = () =>
      Promise.resolve(new Response(endless, { headers: { "content-type": "application/json" } }));
    const reading = client.withOptions({ fetch: silent }).GET("/session");
    expect(String(await rejection(reading))).toContain("waiting for the response body");
  });

  test("the runtime's own time limit is an APITimeoutError", async () => {
    const cause = Object.assign(new Error("Headers Timeout Error"), { code: "UND_ERR_HEADERS_TIMEOUT" });
    const tired: typeof fetch = () => Promise.reject(new TypeError("fetch failed", { cause }));
    const client = createOpencodeClient({ baseUrl: "http://127.0.0.1:9", fetch: tired, timeout: 0, maxRetries: 0 });
    const error = await rejection(client.GET("/session"));
    expect(error).toBeInstanceOf(APITimeoutError);
    expect(error).toMatchObject({ hint: expect.stringContaining("300 s") });
  });

  test("a long-lived signal has at most one listener after many calls", async () => {
    await using server = await startHttpServer((_request, response) => sendJson(response, []));
    const { signal } = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listeners += 1;
      addEventListener.apply(signal, args);
    };
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listeners -= 1;
      removeEventListener.apply(signal, args);
    };
    const client = createOpencodeClient({ baseUrl: server.url, signal });
    for (let call = 0; call < 5; call++) await client.GET("/session", { signal });
    expect(listeners).toBeLessThanOrEqual(1);
  });
});

describe("redirects", () => {
  const to =
    (location: string, status = 307): Handler =>
    (_request, response) =>
      void response.writeHead(status, { location }).end();

  test("a redirect to another origin is an APIStatusError that names the origin, and is not followed", async () => {
    await using other = await startHttpServer((_request, response) => sendJson(response, []));
    await using server = await startHttpServer(to(`${other.url}/session`));
    const client = createOpencodeClient({ baseUrl: server.url, password: "hunter2", directory: "/w" });
    const error = await rejection(client.GET("/session"));
    expect(error).toBeInstanceOf(APIStatusError);
    expect(error).toMatchObject({ status: 307, hint: expect.stringContaining("baseUrl") });
    expect(String(error)).toContain(`GET /session: 307 redirects to ${other.url}, which is not followed`);
    expect(await rejection(client.stream("/event"))).toBeInstanceOf(APIStatusError);
    expect(other.requests).toHaveLength(0);
  });

  test("a redirect that a browser hides is an APIConnectionError", async () => {
    const hidden = Object.defineProperty(new Response(null), "type", { value: "opaqueredirect" });
    const browser: typeof fetch = () => Promise.resolve(hidden);
    const client = createOpencodeClient({ baseUrl: "http://127.0.0.1:9", fetch: browser, maxRetries: 0 });
    const error = await rejection(client.GET("/session"));
    expect(error).toBeInstanceOf(APIConnectionError);
    expect(String(error)).toContain("redirects elsewhere");
  });

  test("a redirect within the origin is followed for a GET up to a limit, and not for a POST", async () => {
    await using server = await startHttpServer((request, response, count) =>
      request.url === "/session" ? to("/v2/session")(request, response, count) : sendJson(response, []),
    );
    const client = createOpencodeClient({ baseUrl: server.url });
    expect((await client.GET("/session")).data).toEqual([]);
    expect(await rejection(client.POST("/session"))).toMatchObject({ name: "APIStatusError", status: 307 });
    expect(server.requests).toHaveLength(3);

    await using loop = await startHttpServer(to("/session"));
    const looping = createOpencodeClient({ baseUrl: loop.url }).GET("/session");
    expect(await rejection(looping)).toMatchObject({ status: 307 });
    expect(loop.requests).toHaveLength(6);
  });
});
