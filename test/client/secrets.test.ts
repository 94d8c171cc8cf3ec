/** What the client keeps of a server's words, and what it logs: never a credential, also not one the server quotes. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createOpencodeClient, type OpencodeClient } from "../../src/client/client.js";
import { statusError } from "../../src/client/status-error.js";
import { APIConnectionError, APIResponseValidationError, ConfigError } from "../../src/errors/index.js";
import { redact } from "../../src/util/redact.js";
import { type Handler, rejection, sendJson, startHttpServer } from "../support/http-server.js";
import { type RawServer, startRawServer } from "../support/raw-server.js";

/** Everything of an error that could be shown. */
const shown = (error: unknown): string =>
  [
    inspect(error, { depth: 20, showHidden: true }),
    JSON.stringify(error),
    error instanceof Error ? `${error.message}${error.stack}` : "",
  ].join("\n");

const refused = (status: number, body: unknown): Error =>
  statusError({
    status,
    bodyText: typeof body === "string" ? body : JSON.stringify(body),
    method: "PUT",
    path: "/x",
    headers: new Headers(),
  });

describe("redaction", () => {
  const once = JSON.stringify({ apiKey: 'hunt"er2\\', other: "kept" });
  test.each([
    ["password=hunter2 kept"],
    ["OPENCODE_SERVER_PASSWORD=hunter2, kept"],
    ["AWS_SECRET_ACCESS_KEY=hunter2 kept"],
    ["CLIENT_SECRET_VALUE: hunter2 kept"],
    ["private_key: 'hunter2 hunter2' kept"],
    ["Authorization: Bearer hunter2 kept"],
    ["authorization: basic hunt kept"],
    ['{"key":"hunter2","other":"kept"}'],
    ['{"refresh": "hunter2", "access":"hunter2","x":"kept"}'],
    ['{"token":"hun\\"hunter2","other":"kept"}'],
    [once],
    [JSON.stringify(once)],
    [JSON.stringify(JSON.stringify(once))],
    ["http://:hunter2@host/kept"],
    ["http://me:hunter2@host/kept"],
    ["http://me:hunt@hunter2@host/kept"],
    ["eyJhbGciOi.eyJzdWIi.hunter2 kept"],
    ["kept\\neyJhbGciOi.eyJzdWIi.hunter2"],
    ["AIzahunter2hunter2hunter2 kept"],
    ["github_pat_hunter2hunter2 kept"],
    ["xai-hunter2hunter2 kept"],
    ["kept\\nsk-hunter2hunter2"],
    ['password="hunter2 without an end\nhunter2'],
  ])("redact takes the credential out of %s", (text) => {
    const result = redact(text);
    expect(result).not.toMatch(/hunt|er2/);
    expect(result).toContain("[redacted]");
    if (text.includes("kept")) expect(result).toContain("kept");
    expect(redact(result)).toBe(result);
  });

  test("redact leaves ordinary text unchanged", () => {
    for (const text of [
      "tokens: 500, key: value, task-runner-of-the-day, http://127.0.0.1:4096/a@b",
      '{"path":["key"],"message":"Expected string"}',
    ]) {
      expect(redact(text)).toBe(text);
    }
  });

  test.each([
    "password",
    "token ",
    'token="',
    "token=\\",
    'token=\\"',
    "secret",
    "secret-",
    "//a:",
    "//:",
    "eyJ",
    "eyJ-",
    "eyJ.",
    "basic ",
    "bearer\t",
    "sk-",
    "_key",
    '"key',
    "\\",
    "a",
  ])("redact terminates on a megabyte of %s", (piece) => {
    expect(redact(piece.repeat(1_000_000 / piece.length)).length).toBeLessThan(2_000_000);
    expect(redact(`token="${piece.repeat(1_000_000 / piece.length)}`).length).toBeLessThan(2_000_000);
  });
});

describe("messages of refusals", () => {
  test("the error for a broken configuration file names the problems and does not quote the file", () => {
    const file = '{\n  "apiKey": "hunter2" "x": 1 }\n--- Errors ---\nhunter2';
    const message = `\n--- JSONC Input ---\n${file}\n--- Errors ---\nCommaExpected at line 2, column 3\n   Line 2:  "hunter2"\n   ^\n--- End ---`;
    const error = refused(400, { name: "ConfigJsonError", data: { path: "/w/opencode.json", message } });
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toContain("/w/opencode.json: CommaExpected at line 2, column 3");
    expect(shown(error)).not.toContain("hunter2");
    const yaml = { path: "/w/a.md", message: "bad indentation at line 2, column 3:\n    key: hunter2\n    ^" };
    const other = refused(400, { name: "ConfigFrontmatterError", data: yaml });
    expect(other.message).toContain("/w/a.md: bad indentation at line 2, column 3");
    expect(shown(other)).not.toContain("hunter2");
  });

  test.each([
    ['Expected Auth, got {"type":"nope","key":"hunter2"}', "Expected Auth, got something else"],
    [
      'Expected object | null, got ["hunter2\\n at [1]"]\n  at ["a"]',
      'Expected object | null, got something else at ["a"]',
    ],
    ['Expected "a" | "b", got "hunter2"\n  at ["a"]', 'Expected "a" | "b", got something else at ["a"]'],
    ['Expected string, got 5\n  at ["title"]', 'Expected string, got 5 at ["title"]'],
  ])("a refusal with the message %s shows no secret of the refused value", (message, left) => {
    for (const body of [
      { name: "BadRequest", data: { message } },
      { name: "ConfigInvalidError", data: { path: "/w", issues: [{ message, path: ["a"] }] } },
      message,
      `{"name":"BadRequest","data":${JSON.stringify({ message })}`, // cut
    ]) {
      expect(shown(refused(400, body))).not.toContain("hunter2");
    }
    expect(refused(400, { name: "BadRequest", data: { message } }).message).toBe(`PUT /x: 400 ${left}`);
  });

  test("an error does not keep the refused input that early releases send back", () => {
    const error = refused(400, { success: false, errors: [{ message: "bad" }], data: { any: "hunter2" } });
    expect(error).toMatchObject({ body: { success: false, errors: [{ message: "bad" }] } });
    expect(shown(error)).not.toContain("hunter2");
  });

  test("credentials in a refusal's body are redacted, and long texts are cut", () => {
    const error = refused(500, { apiKey: "hunter2", list: [{ text: "password=hunter2" }], long: "x".repeat(50_000) });
    expect(error).toMatchObject({ body: { apiKey: "[redacted]", list: [{ text: "password=[redacted]" }] } });
    expect(shown(error)).not.toContain("hunter2");
    expect(JSON.stringify(error).length).toBeLessThan(3_000);
    expect(shown(refused(502, "<title>token=hunter2</title>"))).not.toContain("hunter2");
    expect(shown(refused(502, "upstream said apiKey: hunter2"))).not.toContain("hunter2");
  });
});

describe("invalid responses", () => {
  const providers = { providers: [{ key: "hunter2", options: { apiKey: "hunter2" } }] };
  test.each<[string, Handler]>([
    [
      "JSON that ends early",
      (_request, response) => {
        const text = JSON.stringify(providers);
        response.writeHead(200, { "content-type": "application/json" }).end(text.slice(0, -6));
      },
    ],
    [
      "text in place of JSON",
      (_request, response) => {
        response.writeHead(200, { "content-type": "application/json" }).end("no JSON, token=hunter2");
      },
    ],
    [
      "another content type",
      (_request, response) => {
        response.writeHead(200, { "content-type": "text/plain" }).end(JSON.stringify(providers));
      },
    ],
    ["another shape", (_request, response) => sendJson(response, { any: "hunter2" })],
  ])("the error for a response with %s shows no credential", async (name, handler) => {
    await using server = await startHttpServer(handler);
    const error = await rejection(createOpencodeClient({ baseUrl: server.url }).GET("/session"));
    expect(error).toBeInstanceOf(APIResponseValidationError);
    expect(error).not.toHaveProperty("cause");
    expect(shown(error)).not.toContain("hunter2");
    if (name === "another shape") {
      expect(error).not.toHaveProperty("body");
      expect(String(error)).toContain("200 with an object, expected an array");
    }
  });
});

test("the JSON of an error shows no credential of its message, body or cause", () => {
  const cause = new Error("connect http://me:hunter2@host");
  const error = new APIConnectionError("lost http://me:hunter2@host", { cause, body: [{ token: "hunter2" }] });
  expect(JSON.parse(JSON.stringify(error))).toMatchObject({
    message: "lost http://[redacted]@host",
    body: [{ token: "[redacted]" }],
    cause: { message: "connect http://[redacted]@host" },
  });
});

test("client.request refuses a path with a query, a fragment or a host, and the error shows no secret", async () => {
  const client = createOpencodeClient({ baseUrl: "http://127.0.0.1:9" });
  for (const path of ["/x?auth_token=hunter2", "/x#hunter2", "http://me:hunter2@host/"]) {
    const error = await rejection(client.request("GET", path));
    expect(error).toBeInstanceOf(ConfigError);
    expect(shown(error)).not.toContain("hunter2");
  }
});

describe("refusals of the real server", () => {
  let server: RawServer;
  let client: OpencodeClient;
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "opencode-ts-secrets-"));
    server = await startRawServer();
    client = createOpencodeClient({ baseUrl: server.url, maxRetries: 0 });
  }, 60_000);
  afterAll(async () => {
    await server.close();
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });

  test("the error for a broken configuration file names the line and shows no secret of the file", async () => {
    const text = '{\n  "provider": { "x": { "options": { "apiKey": "hunter2" "other": 1 } } }\n}';
    await writeFile(join(root, "opencode.json"), text);
    const error = await rejection(client.GET("/config", { directory: root }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toMatch(/opencode\.json: CommaExpected at line 2, column \d+/);
    expect(shown(error)).not.toContain("hunter2");
  });

  test.each([
    ["PUT", "/auth/x", { type: "nope", key: "hunter2" }],
    ["PUT", "/auth/x", { type: "api", key: ["hunter2"] }],
    ["POST", "/mcp", { name: "x", config: { type: "nope", url: "http://x", headers: { "x-y": "hunter2" } } }],
    ["POST", "/session/ses_x/message", { parts: [{ type: "nope", text: "hunter2" }] }],
  ])("the real server's refusal of %s %s shows no secret of the body", async (method, path, body) => {
    const error = await rejection(client.request(method, path, { body }));
    expect(error).toMatchObject({ status: 400, message: expect.stringMatching(/400 Expected .*, got something else/) });
    expect(shown(error)).not.toContain("hunter2");
  });
});
