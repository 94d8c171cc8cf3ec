/**
 * Servers that mean harm, or are no opencode servers at all: every call ends with a right result or a typed error, within
 * a bound of bytes and time. (A rejection that nobody handles, or an uncaught error, fails the run by itself.)
 */
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createOpencodeClient } from "../../src/client/client.js";
import {
  APIAbortError,
  APIConnectionError,
  APIResponseValidationError,
  APIStatusError,
  APITimeoutError,
  OpencodeError,
  RateLimitError,
} from "../../src/errors/index.js";
import { parseJson } from "../../src/util/json.js";
import { rejection, sendJson, startHttpServer } from "../support/http-server.js";
import { scaled } from "../support/slowness.js";
import { drip, flood, startSocketServer } from "../support/socket-server.js";

const megabyte = 1024 * 1024;

/** What one read gives, as a value or as an error, from a server that answers so. No repeats. */
async function ask(
  speak: (socket: Socket, count: number) => void,
  options: { readonly timeout?: number; readonly maxResponseBytes?: number } = {},
): Promise<{ readonly result: unknown; readonly sent: number }> {
  await using server = await startSocketServer(speak);
  const client = createOpencodeClient({ baseUrl: server.url, password: "hunter2", maxRetries: 0, ...options });
  const result = await client.GET("/project").then(
    ({ data }) => data,
    (error: unknown) => error,
  );
  return { result, sent: server.sent };
}

const head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
const say = (bytes: string | Uint8Array) => (socket: Socket) => void socket.end(bytes);
const json = (body: string | Uint8Array, headers = ""): Uint8Array =>
  Buffer.concat([
    Buffer.from(`${head}content-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n`),
    Buffer.from(body),
  ]);

describe("oversized responses", () => {
  test("an endless body is cut at `maxResponseBytes`", async () => {
    const { result, sent } = await ask(
      (socket) => {
        socket.write(`${head}\r\n`);
        flood(socket, `[${"1,".repeat(30_000)}`);
      },
      { maxResponseBytes: 5 * megabyte },
    );
    expect(result).toBeInstanceOf(APIResponseValidationError);
    expect(String(result)).toContain(`longer than ${5 * megabyte} bytes`);
    expect(sent).toBeLessThan(50 * megabyte);
  });

  test("`maxResponseBytes` limits the decompressed size of a compressed body", async () => {
    const member = gzipSync(Buffer.alloc(64 * megabyte));
    const bomb = Buffer.concat(Array.from({ length: 16 }, () => member)); // a gibibyte of zeros (RFC 1952, section 2.2)
    const before = process.memoryUsage().rss;
    const { result, sent } = await ask(say(json(bomb, "content-encoding: gzip\r\n")), {
      maxResponseBytes: 10 * megabyte,
    });
    expect(result).toBeInstanceOf(APIResponseValidationError);
    expect(String(result)).toContain("longer than");
    expect(sent).toBeLessThan(2 * megabyte);
    expect(process.memoryUsage().rss - before).toBeLessThan(500 * megabyte);
  });

  test("JSON with millions of values is refused without being parsed", async () => {
    const wide = `[${"{},".repeat(2_100_000)}{}]`;
    const { result } = await ask(say(json(wide)));
    expect(result).toBeInstanceOf(APIResponseValidationError);
    expect(String(result)).toContain("JSON that cannot be parsed");
    // Commas and brackets in texts are no values.
    const text = JSON.stringify([`\\",[{`.repeat(1_000_000)]);
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  test("JSON nested a million deep is data in a response, and is shortened in an error", async () => {
    const deep = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;
    for (const depth of [100_000, 1_000_000]) {
      const { result } = await ask(say(json(deep(depth))));
      expect(Array.isArray(result)).toBe(true);
      const refused = await ask(say(`HTTP/1.1 500 No\r\n\r\n${deep(depth)}`));
      expect(refused.result).toMatchObject({ name: "InternalServerError", status: 500 });
      expect(JSON.stringify(refused.result).length).toBeLessThan(10_000);
    }
  });

  test.each([
    ["headers without an end", "x-a: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n"],
    ["one header without an end", "x".repeat(65_536)],
    ["a status line without an end", ""],
    ["interim answers without an end", "\r\nHTTP/1.1 102 Processing\r\n"],
  ])("a response with %s is a connection error or a timeout", async (name, piece) => {
    const before = process.memoryUsage().rss;
    const start = name.startsWith("a status")
      ? "HTTP/1.1 200 "
      : name.startsWith("interim")
        ? "HTTP/1.1 102 x\r\n"
        : head;
    const { result, sent } = await ask(
      (socket) => {
        socket.write(start);
        flood(socket, piece || "y".repeat(65_536));
      },
      { timeout: 1_500 },
    );
    expect(result instanceof APIConnectionError || result instanceof APITimeoutError, String(result)).toBe(true);
    // Node reads on in a status line and between interim answers, until the time is up; it keeps nothing of them.
    if (/header/.test(name)) expect(sent).toBeLessThan(50 * megabyte);
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * megabyte);
  });
});

describe("slow responses", () => {
  test("response headers that drip end in an APITimeoutError", async () => {
    const { result } = await ask(
      (socket) => drip(socket, "HTTP/1.1 200 OK\r\nx-a: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", 20),
      {
        timeout: 300,
      },
    );
    expect(result).toBeInstanceOf(APITimeoutError);
    expect(String(result)).toContain("the response headers");
  });

  test("a response body that drips ends in an APITimeoutError", async () => {
    const { result } = await ask(
      (socket) => {
        socket.write(`${head}\r\n`);
        drip(socket, "[1,", 20);
      },
      { timeout: scaled(600) },
    );
    expect(result).toBeInstanceOf(APITimeoutError);
    expect(String(result)).toContain("the response body");
  });

  test("an abort ends the wait for a `retry-after` of years, and `retryAt` is a valid date", async () => {
    for (const value of ["999999999", "Fri, 31 Dec 9999 23:59:59 GMT"]) {
      await using server = await startHttpServer((_request, response) => {
        response.writeHead(429, { "retry-after": value }).end();
      });
      const client = createOpencodeClient({ baseUrl: server.url });
      const stop = new AbortController();
      const outcome = rejection(client.GET("/project", { signal: stop.signal }));
      await server.arrived(1);
      stop.abort();
      expect(await outcome).toBeInstanceOf(APIAbortError);
      const error = await rejection(client.GET("/project", { maxRetries: 0 }));
      expect(error).toBeInstanceOf(RateLimitError);
      expect(Number.isFinite((error as RateLimitError).retryAt?.getTime())).toBe(true);
    }
  });

  test.each(["1e9", "-1", "NaN", "Infinity", "soon", ""])("a `retry-after` of %o is ignored", async (value) => {
    await using server = await startHttpServer((_request, response) => {
      response.writeHead(503, { "retry-after": value }).end();
    });
    const client = createOpencodeClient({ baseUrl: server.url, maxRetries: 1 });
    expect(await rejection(client.GET("/project"))).toMatchObject({ status: 503 });
    expect(server.requests).toHaveLength(2);
  });
});

describe("malformed HTTP", () => {
  const right: unknown = [{ ok: 1 }];
  const body = JSON.stringify(right);
  /** Either outcome is fine: what matters is that it is one of the two. */
  test.each<[string, string | Uint8Array]>([
    ["an unknown HTTP version", `HTTP/9.9 200 OK\r\n\r\n${body}`],
    ["no status", "HTTP/1.1 abc\r\n\r\n"],
    ["status 0", "HTTP/1.1 000 No\r\n\r\n"],
    ["status 99", "HTTP/1.1 099 No\r\n\r\n"],
    ["status 999", `HTTP/1.1 999 No\r\ncontent-length: 0\r\n\r\n`],
    ["status 101", "HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"],
    ["no bytes", ""],
    ["zeros", Buffer.alloc(100_000)],
    ["an echo of the request", "GET /project HTTP/1.1\r\nauthorization: Basic b3BlbmNvZGU6aHVudGVyMg==\r\n\r\n"],
    ["a negative length", `${head}content-length: -5\r\n\r\n${body}`],
    ["an invalid length", `${head}content-length: NaN\r\n\r\n${body}`],
    ["two lengths", `${head}content-length: 3\r\ncontent-length: 20\r\n\r\n${body}`],
    ["a length and chunks", `${head}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n3\r\n[1]\r\n0\r\n\r\n`],
    ["chunks of no length", `${head}transfer-encoding: chunked\r\n\r\nzz\r\n[1]\r\n`],
    ["a chunk of an exabyte", `${head}transfer-encoding: chunked\r\n\r\nfffffffffffffff\r\n[1]`],
    ["a longer length", `${head}content-length: 1000\r\n\r\n${body}`],
    ["invalid gzip", json(body, "content-encoding: gzip\r\n")],
    ["gzip that ends early", json(gzipSync(body).subarray(0, 12), "content-encoding: gzip\r\n")],
    ["a coding that does not exist", json(body, "content-encoding: nonsense\r\n")],
    ["a hundred codings", json(body, `content-encoding: ${Array(100).fill("gzip").join(", ")}\r\n`)],
    ["NUL in a header", json(body, "x-a: \0\r\n")],
    ["a header without a name", json(body, ": x\r\n")],
    ["control characters in the status text", `HTTP/1.1 200 O\x01K\r\ncontent-type: application/json\r\n\r\n${body}`],
  ])("a response with %s is the right value or a typed error", async (_name, bytes) => {
    const { result } = await ask(say(bytes), { timeout: scaled(3_000) });
    if (!(result instanceof OpencodeError)) expect([right, [1]]).toContainEqual(result);
    else expect(JSON.stringify(result)).not.toContain("b3BlbmNvZGU6aHVudGVyMg");
  });

  test("a body longer than its content-length does not spoil the next response", async () => {
    await using server = await startSocketServer((socket) => {
      socket.on("data", () =>
        socket.write(`${head}content-length: 2\r\n\r\n[]HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n["no"]`),
      );
      socket.write(`${head}content-length: 2\r\n\r\n[]["no"]`);
    });
    const client = createOpencodeClient({ baseUrl: server.url, maxRetries: 0, timeout: scaled(3_000) });
    for (let call = 0; call < 5; call += 1) {
      const result = await client.GET("/project").then(
        ({ data }) => data,
        (error: unknown) => error,
      );
      if (!(result instanceof OpencodeError)) expect(result).toEqual([]);
    }
  });

  test("a connection that is reset at once is an APIConnectionError", async () => {
    const { result } = await ask((socket) => void socket.resetAndDestroy());
    expect(result).toBeInstanceOf(APIConnectionError);
  });
});

describe("misleading responses", () => {
  test.each([
    ["a body that is not UTF-8", Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d])],
    ["a body cut within a character", Buffer.from([0x5b, 0x22, 0xe4, 0xb8])],
    ["UTF-16", Buffer.from("\ufeff[1]", "utf16le")],
  ])("%s is an APIResponseValidationError", async (_name, bytes) => {
    const { result } = await ask(say(json(bytes)));
    expect(result).toBeInstanceOf(APIResponseValidationError);
    expect(String(result)).toContain("not UTF-8");
  });

  test("a byte order mark is skipped, and U+FFFD is an ordinary character of JSON", async () => {
    const { result } = await ask(say(json('\ufeff["\ufffd"]')));
    expect(result).toEqual(["\ufffd"]);
  });

  test.each([204, 205, 304])("a %d in place of a body is a typed error", async (status) => {
    const { result } = await ask(say(`HTTP/1.1 ${status} Nothing\r\ncontent-type: application/json\r\n\r\n`));
    expect(result).toBeInstanceOf(OpencodeError);
  });

  test("JSON keys such as `__proto__` and `constructor` are plain data", async () => {
    const text = '[{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":1,"then":1}]';
    const { result } = await ask(say(json(text)));
    expect(JSON.stringify(result)).toBe(text);
    const { result: refused } = await ask(say(`HTTP/1.1 400 No\r\n\r\n${text.slice(1, -1)}`));
    expect(refused).toMatchObject({ name: "BadRequestError" });
    expect(JSON.parse(JSON.stringify(refused))).toMatchObject({ code: "bad_request" });
    expect({}).not.toHaveProperty("polluted");
  });
});

describe("redirects", () => {
  test("a redirect to another origin is a typed error, and no request goes to that origin", async () => {
    await using other = await startHttpServer((_request, response) => sendJson(response, []));
    const { host } = new URL(other.url);
    const places = [
      `${other.url}/project`,
      `//${host}/project`,
      `http://me:pw@${host}/`,
      `\\\\${host}\\x`,
      `http:${host}/x`,
      `https://${host}/`,
    ];
    for (const status of [301, 302, 303, 307, 308]) {
      for (const location of places) {
        await using server = await startHttpServer((_request, response) => {
          response.writeHead(status, { location }).end();
        });
        const client = createOpencodeClient({ baseUrl: server.url, password: "hunter2", maxRetries: 0 });
        for (const call of [
          () => client.GET("/project"),
          () => client.POST("/session"),
          () => client.DELETE("/session/{sessionID}", { params: { path: { sessionID: "ses_1" } } }),
          () => client.stream("/event"),
        ]) {
          expect(await rejection(call()), `${status} to ${location}`).toBeInstanceOf(OpencodeError);
        }
      }
    }
    expect(other.requests).toEqual([]);
  });

  test("a redirect to no HTTP address, or to an address with credentials, is a typed error", async () => {
    for (const location of [
      "javascript:alert(1)",
      "data:text/html,x",
      "file:///etc/passwd",
      "http://",
      "\u0000",
      "ftp://x/",
    ]) {
      await using server = await startSocketServer((socket) => {
        socket.end(`HTTP/1.1 302 Go\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`);
      });
      const client = createOpencodeClient({ baseUrl: server.url, maxRetries: 0 });
      expect(await rejection(client.GET("/project")), location).toBeInstanceOf(OpencodeError);
      expect(server.connections).toBe(1);
    }
    await using server = await startHttpServer((request, response) => {
      response.writeHead(302, { location: `http://me:planted-secret@${request.headers.host}/` }).end();
    });
    const error = await rejection(createOpencodeClient({ baseUrl: server.url, maxRetries: 0 }).GET("/project"));
    expect(error).toBeInstanceOf(OpencodeError);
    expect(JSON.stringify(error)).not.toContain("planted-secret");
  });

  test("a redirect loop ends with an APIStatusError after six requests", async () => {
    await using server = await startHttpServer((request, response) => {
      response.writeHead(302, { location: `${request.url}x` }).end();
    });
    const client = createOpencodeClient({ baseUrl: server.url, maxRetries: 0 });
    expect(await rejection(client.GET("/project"))).toBeInstanceOf(APIStatusError);
    expect(server.requests).toHaveLength(6);
  });
});
