import { inspect } from "node:util";
import { describe, expect, expectTypeOf, test, vi } from "vitest";
import { createOpencodeClient } from "../../src/client/client.js";
import { ConfigError } from "../../src/errors/index.js";
import type { Message, SessionInfo } from "../../src/types/answer.js";
import type { Logger } from "../../src/util/logger.js";
import { type Handler, rejection, sendJson, startHttpServer } from "../support/http-server.js";

const ok: Handler = (_request, response) => sendJson(response, []);
const session = { id: "ses_1", directory: "/w" };

function collector(): Logger & { lines: string[] } {
  const lines: string[] = [];
  const add = (level: string) => (line: string) => void lines.push(`${level} ${line}`);
  return { lines, error: add("error"), warn: add("warn"), info: add("info"), debug: add("debug") };
}

describe("typed calls", () => {
  test("a typed call sends the route's parameters and body, and gives the response's data", async () => {
    await using server = await startHttpServer((_request, response) => sendJson(response, session));
    const client = createOpencodeClient({ baseUrl: server.url });
    const { data, response } = await client.POST("/session", { body: { title: "hello" } });
    expectTypeOf(data).toEqualTypeOf<SessionInfo>();
    expect(data).toEqual(session);
    expect(response.status).toBe(200);
    expect(server.requests[0]).toMatchObject({ method: "POST", url: "/session", body: '{"title":"hello"}' });
    expect(server.requests[0]?.headers["content-type"]).toBe("application/json");
  });

  test("the compiler checks route, method, parameters and options of a call", async () => {
    await using server = await startHttpServer(ok);
    const client = createOpencodeClient({ baseUrl: server.url });
    const messages = await client.GET("/session/{sessionID}/message", {
      params: { path: { sessionID: "ses_1" }, query: { limit: 2 } },
    });
    expectTypeOf(messages.data).toExtend<Message[]>();
    expect(server.requests[0]?.url).toBe("/session/ses_1/message?limit=2");
    // Never called: what must not compile.
    const wrong = async (): Promise<void> => {
      // @ts-expect-error no such route
      await client.GET("/sessions");
      // @ts-expect-error the route has no DELETE
      await client.DELETE("/session");
      // @ts-expect-error a path parameter is missing
      await client.GET("/session/{sessionID}");
      // @ts-expect-error a misspelled option
      await client.GET("/session", { timeOut: 5 });
      // @ts-expect-error event streams are read with stream()
      await client.GET("/event");
    };
    expect(wrong).toBeTypeOf("function");
  });

  test("a path parameter is encoded as one segment, and a file's path keeps its slashes", async () => {
    await using server = await startHttpServer((request, response) =>
      request.url.startsWith("/api/")
        ? response.writeHead(200, { "content-type": "text/plain" }).end("{}")
        : sendJson(response, session),
    );
    const client = createOpencodeClient({ baseUrl: server.url });
    await client.GET("/session/{sessionID}", { params: { path: { sessionID: "ses_/é ?" } } });
    const file = await client.GET("/api/fs/read/{path}", { params: { path: { path: "src/a b.ts" } } });
    expect(server.requests.map(({ url }) => url)).toEqual([
      "/session/ses_%2F%C3%A9%20%3F",
      "/api/fs/read/src/a%20b.ts",
    ]);
    expect(file.data).toBe("{}");
  });

  test("a path parameter that would lead to another route is a ConfigError", async () => {
    const client = createOpencodeClient({ baseUrl: "http://127.0.0.1:9" });
    for (const sessionID of ["", ".", ".."]) {
      const error = await rejection(client.DELETE("/session/{sessionID}", { params: { path: { sessionID } } }));
      expect(error).toBeInstanceOf(ConfigError);
      expect(String(error)).toContain("/session/{sessionID}: the path parameter sessionID");
    }
    const climbing = client.GET("/api/fs/read/{path}", { params: { path: { path: "../session" } } });
    expect(await rejection(climbing)).toBeInstanceOf(ConfigError);
  });

  test("the workspace is sent as a query, and a call's workspace replaces the client's", async () => {
    await using server = await startHttpServer(ok);
    const client = createOpencodeClient({ baseUrl: server.url, workspace: "wrk_1" });
    await client.GET("/session");
    await client.GET("/session", { params: { query: { workspace: "wrk_2" } } });
    expect(server.requests.map(({ url }) => url)).toEqual(["/session?workspace=wrk_1", "/session?workspace=wrk_2"]);
  });
});

describe("the directory", () => {
  const names = ["/w/with space", "/w/é", "/w/中", "/w/a%41b", "/w/a+b&c=d", "C:\\w"];

  test.each(names)("the directory %s is sent unchanged in a header", async (directory) => {
    await using server = await startHttpServer((_request, response) => sendJson(response, {}));
    const client = createOpencodeClient({ baseUrl: server.url, directory });
    await client.GET("/config");
    await client.GET("/config", { params: { query: { directory } } });
    await client.request("GET", "/config", { directory });
    for (const { headers, url } of server.requests) {
      expect(decodeURIComponent(String(headers["x-opencode-directory"]))).toBe(directory);
      expect(url).toBe("/config");
    }
    expect(client.directory).toBe(directory);
  });

  test("a session list gets the directory as a query, with percent escapes encoded twice", async () => {
    await using server = await startHttpServer(ok);
    const client = createOpencodeClient({ baseUrl: server.url, directory: "/w/a%41 b" });
    await client.GET("/session", { params: { query: { limit: 1 } } });
    await client.GET("/session", { params: { query: { directory: "/x é+ 100%" } } });
    await client.withOptions({ directory: undefined }).GET("/session");
    expect(server.requests.map(({ url }) => decodeURIComponent(url))).toEqual([
      "/session?limit=1&directory=%2Fw%2Fa%2541%20b",
      "/session?directory=/x é+ 100%",
      "/session",
    ]);
  });

  test("the directory of a call replaces the client's directory", async () => {
    await using server = await startHttpServer(ok);
    const client = createOpencodeClient({ baseUrl: server.url, directory: "/one" });
    await client.GET("/session", { directory: "/two" });
    await client.GET("/session", { params: { query: { directory: "/three" } } });
    await client.GET("/session");
    const seen = server.requests.map(({ headers }) => decodeURIComponent(String(headers["x-opencode-directory"])));
    expect(seen).toEqual(["/two", "/three", "/one"]);
  });

  test("a client without a directory sends no directory header", async () => {
    await using server = await startHttpServer(ok);
    await createOpencodeClient({ baseUrl: server.url }).GET("/session");
    expect(server.requests[0]?.headers).not.toHaveProperty("x-opencode-directory");
  });
});

describe("options", () => {
  test.each([
    [undefined, /got undefined/],
    ["", /got ""/],
    ["localhost:4096", /got the scheme "localhost:"/],
    ["127.0.0.1:4096", /got "127.0.0.1:4096"/],
    ["ftp://127.0.0.1", /got the scheme "ftp:"/],
    ["http://127.0.0.1/?auth_token=c2VjcmV0", /got one with a query/],
    ["127.0.0.1:x?auth_token=c2VjcmV0", /got "127.0.0.1:x"/],
    ["127.0.0.1:x#c2VjcmV0", /got "127.0.0.1:x"/],
    ["user:p@ss@host", /got another scheme/],
    [null, /got null/],
    ["http://user:p@ss/w@rd@host", /got one whose password is not percent-encoded/],
    ["http://user:p@ss:x@host:y", /not shown/],
  ])("the base URL %s is a ConfigError that shows the expected form", (baseUrl, message) => {
    const create = (): unknown => createOpencodeClient({ baseUrl: baseUrl as string }); // what JavaScript callers may give
    expect(create).toThrow(ConfigError);
    expect(create).toThrow(/expected an http or https URL such as "http:\/\/127.0.0.1:4096"/);
    expect(create).toThrow(message);
    expect(create).not.toThrow(/p@ss|c2VjcmV0/);
  });

  test("slashes at the end of the base URL are ignored, and a path in the base URL is kept", async () => {
    await using server = await startHttpServer(ok);
    await createOpencodeClient({ baseUrl: `${server.url}//` }).GET("/session");
    await createOpencodeClient({ baseUrl: `${server.url}/agent/` }).GET("/session");
    expect(server.requests.map(({ url }) => url)).toEqual(["/session", "/agent/session"]);
  });

  test.each([
    [{ timeout: -1 }, /^Expected the `timeout` option to be a number of milliseconds/],
    [{ timeout: Number.NaN }, /timeout/],
    [{ maxRetries: 1.5 }, /^Expected the `maxRetries` option to be a whole number/],
    [{ maxResponseBytes: -5 }, /maxResponseBytes/],
    [{ headers: { "x-bad": "secret\nvalue" } }, /headers: "x-bad" or its value cannot be sent/],
    [{ directory: "/w/\ud800" }, /directory: .* not well-formed/],
    [{ directory: null as never }, /^Expected the `directory` option to be a string, got `null`/],
    [{ directory: 5 as never }, /^Expected the `directory` option to be a string, got `5`/],
    [{ headers: "x: secret" as never }, /^Expected the `headers` option to be an object/],
    [{ headers: [["x", "secret"]] as never }, /^Expected the `headers` option to be an object/],
    [{ headers: { "Content-Length": "5" } }, /headers: content-length is set by the connection itself/],
  ])("a wrong option is a ConfigError, for the client and for a single call", async (options, message) => {
    const baseUrl = "http://127.0.0.1:9";
    const create = (): unknown => createOpencodeClient({ baseUrl, ...options });
    expect(create).toThrow(ConfigError);
    expect(create).toThrow(message);
    expect(create).not.toThrow(/secret/);
    if ("maxResponseBytes" in options) return;
    const perCall = createOpencodeClient({ baseUrl }).GET("/session", options);
    expect(await rejection(perCall)).toBeInstanceOf(ConfigError);
  });

  test("a call's headers replace the client's, and the caller's objects stay unchanged", async () => {
    await using server = await startHttpServer(ok);
    const headers = { "X-One": "1", "x-two": "2" };
    const options = { baseUrl: server.url, headers };
    const client = createOpencodeClient(options);
    headers["X-One"] = "changed later";
    await client.GET("/session", { headers: { "x-two": "3" } });
    expect(server.requests[0]?.headers).toMatchObject({ "x-one": "1", "x-two": "3" });
    expect(options).toEqual({ baseUrl: server.url, headers: { "X-One": "changed later", "x-two": "2" } });
  });

  test.each([
    ...["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"],
    ...["content-length", "expect", "host"],
  ])("the header %s belongs to the connection and is a ConfigError", async (name) => {
    const create = (): unknown => createOpencodeClient({ baseUrl: "http://127.0.0.1:9", headers: { [name]: "x" } });
    expect(create).toThrow(ConfigError);
  });

  test("a Headers object is accepted as `headers`", async () => {
    await using server = await startHttpServer(ok);
    const headers = new Headers({ "X-One": "1" });
    // What JavaScript callers may give.
    const client = createOpencodeClient({ baseUrl: server.url, headers: headers as never });
    await client.GET("/session", { headers: new Headers({ "x-two": "2" }) as never });
    expect(server.requests[0]?.headers).toMatchObject({ "x-one": "1", "x-two": "2" });
  });

  test("a body without a JSON form is a ConfigError", async () => {
    const client = createOpencodeClient({ baseUrl: "http://127.0.0.1:9" });
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    for (const body of [cycle, { count: 1n }, () => 1]) {
      const error = await rejection(client.request("POST", "/session", { body }));
      expect(error).toBeInstanceOf(ConfigError);
      expect(String(error)).toContain("POST /session: the body cannot be written as JSON");
    }
  });

  test("an unknown log level is refused as an option, and ignored in OPENCODE_LOG", async () => {
    const baseUrl = "http://127.0.0.1:9";
    for (const logLevel of ["verbose", "constructor", "DEBUG", 5]) {
      const create = (): unknown => createOpencodeClient({ baseUrl, logLevel: logLevel as never });
      expect(create).toThrow(ConfigError);
      expect(create).toThrow(/^Expected the `logLevel` option to be one of off, error, warn, info, debug/);
    }
    try {
      for (const level of ["verbose", "constructor", "toString"]) {
        vi.stubEnv("OPENCODE_LOG", level);
        const logger = collector();
        const log = createOpencodeClient({ baseUrl, logger }).logger;
        for (const name of ["error", "warn", "info", "debug"] as const) log[name](name);
        expect(logger.lines).toEqual(["error error", "warn warn"]);
      }
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test("a logger that throws does not fail a call", async () => {
    await using server = await startHttpServer((_request, response, count) =>
      count === 1 ? response.writeHead(503, { "retry-after-ms": "1" }).end() : sendJson(response, []),
    );
    const fail = (): never => {
      throw new Error("disk full");
    };
    const logger = { error: fail, warn: fail, info: fail, debug: fail };
    const client = createOpencodeClient({ baseUrl: server.url, logger, logLevel: "debug" });
    expect((await client.GET("/session")).data).toEqual([]);
    expect(server.requests).toHaveLength(2);
  });

  test("a `fetch` option replaces the global fetch for the client or for one call", async () => {
    await using server = await startHttpServer(ok);
    const used: string[] = [];
    const named =
      (name: string): typeof fetch =>
      (input, init) => {
        used.push(`${name} ${String(input).slice(server.url.length)}`);
        return fetch(input, init);
      };
    const client = createOpencodeClient({ baseUrl: server.url, fetch: named("client") });
    await client.GET("/session");
    await client.GET("/session", { fetch: named("call") });
    expect(used).toEqual(["client /session", "call /session"]);
  });

  test("withOptions gives a changed copy and leaves the original", async () => {
    await using server = await startHttpServer(ok);
    const original = createOpencodeClient({ baseUrl: server.url, directory: "/one", headers: { "x-a": "1" } });
    const changed = original.withOptions({ directory: "/two" });
    const without = changed.withOptions({ directory: undefined, headers: undefined });
    for (const client of [original, changed, without]) await client.GET("/session");
    expect([original.directory, changed.directory, without.directory]).toEqual(["/one", "/two", undefined]);
    expect(server.requests.map(({ headers }) => [headers["x-opencode-directory"], headers["x-a"]])).toEqual([
      ["%2Fone", "1"],
      ["%2Ftwo", "1"],
      [undefined, undefined],
    ]);
  });
});

describe("undocumented routes", () => {
  test("client.request calls an undocumented route by method and path, with query and body", async () => {
    await using server = await startHttpServer((_request, response) => sendJson(response, { any: "thing" }));
    const client = createOpencodeClient({ baseUrl: server.url });
    const query = { tags: ["a", "b"], location: { directory: "/é" }, none: undefined };
    const { data } = await client.request("post", "/new/route", { query, body: { x: 1 } });
    expectTypeOf(data).toEqualTypeOf<unknown>();
    expect(data).toEqual({ any: "thing" });
    expect(server.requests[0]).toMatchObject({
      method: "POST",
      url: "/new/route?tags=a&tags=b&location[directory]=%2F%C3%A9",
      body: '{"x":1}',
    });
  });

  test("client.request refuses a path to another host and a query within the path", async () => {
    const client = createOpencodeClient({ baseUrl: "http://127.0.0.1:9", maxRetries: 0 });
    for (const path of ["@example.org/", ".example.org/", "http://example.org/", "", "/x?y=1", "/x#y"]) {
      expect(await rejection(client.request("GET", path)), path).toBeInstanceOf(ConfigError);
    }
    expect(await rejection(client.request("GET", "/x", { query: { a: [{ b: 1 }] } }))).toBeInstanceOf(ConfigError);
    expect(await rejection(client.request("GET", "/x", { body: {} }))).toBeInstanceOf(ConfigError);
  });
});

test("an invalid method, or a method that fetch refuses, is a ConfigError", async () => {
  const client = createOpencodeClient({ baseUrl: "http://127.0.0.1:9" });
  for (const method of ["", "GET X", "GET\r\nx: y", "CONNECT", "trace", "TRACK", 5 as never, undefined as never]) {
    expect(await rejection(client.request(method, "/session")), String(method)).toBeInstanceOf(ConfigError);
  }
  expect(await rejection(client.request("GET", undefined as never))).toBeInstanceOf(ConfigError);
});

describe("secrets", () => {
  test("a printed client shows neither password nor token", () => {
    const clients = [
      createOpencodeClient({ baseUrl: "http://me:hunter2@127.0.0.1:9", headers: { "x-key": "hunter2" } }),
      createOpencodeClient({ baseUrl: "http://127.0.0.1:9", password: "hunter2" }),
      createOpencodeClient({ baseUrl: "http://127.0.0.1:9", token: "hunter2" }),
    ];
    for (const client of clients) {
      const printed =
        inspect(client, { depth: 10, showHidden: true }) + JSON.stringify(client) + String(client.baseUrl);
      expect(printed).not.toMatch(/hunter2|aHVudGVyMg|bWU6aHVudGVyMg/);
      expect(client.baseUrl).toBe("http://127.0.0.1:9");
    }
  });

  test("log lines name method, path, status, time and try, and hold no secret, query or body", async () => {
    await using server = await startHttpServer((_request, response, count) =>
      count === 1
        ? response.writeHead(503, { "retry-after-ms": "1" }).end('{"message":"password=hunter2"}')
        : sendJson(response, { key: "hunter2" }),
    );
    const logger = collector();
    const url = server.url.replace("//", "//me:hunter2@");
    const client = createOpencodeClient({ baseUrl: url, logger, logLevel: "debug", headers: { "x-key": "hunter2" } });
    await client.request("PUT", "/auth/x", { body: { key: "hunter2" }, query: { auth_token: "hunter2" } });
    expect(logger.lines).toEqual([
      "debug PUT /auth/x (try 1)",
      expect.stringMatching(/^debug PUT \/auth\/x -> 503 in \d+ ms \(try 1\)$/),
      expect.stringMatching(
        /^info PUT \/auth\/x: try 1 failed, again in 1 ms: PUT \/auth\/x: 503 password=\[redacted\]$/,
      ),
      "debug PUT /auth/x (try 2)",
      expect.stringMatching(/^debug PUT \/auth\/x -> 200 in \d+ ms \(try 2\)$/),
    ]);
    expect(client.logger.isDebug).toBe(true);
  });

  test("an error shows no password and no secret header, printed or as JSON", async () => {
    const client = createOpencodeClient({ baseUrl: "http://me:hunter2@127.0.0.1:9", maxRetries: 0 });
    const error = await rejection(client.GET("/session", { headers: { "x-key": "hunter2" } }));
    expect(inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error)).not.toMatch(
      /hunter2|bWU6aHVudGVyMg/,
    );
  });
});
