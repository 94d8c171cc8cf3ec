/** The client against the real agent: what it answers to wrong requests, and what it makes of a directory. */
import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createOpencodeClient, type OpencodeClient } from "../../src/client/client.js";
import {
  AuthenticationError,
  BadRequestError,
  ConfigError,
  InternalServerError,
  MessageNotFoundError,
  NotFoundError,
  SessionNotFoundError,
  UnsupportedEndpointError,
} from "../../src/errors/index.js";
import { rejection } from "../support/http-server.js";
import { type RawServer, startRawServer } from "../support/raw-server.js";

const password = "a real pässword";
let server: RawServer;
let client: OpencodeClient;

beforeAll(async () => {
  server = await startRawServer({ password });
  client = createOpencodeClient({ baseUrl: server.url, password, maxRetries: 0 });
}, 60_000);
afterAll(() => server.close());

describe("unknown sessions", () => {
  const params = { path: { sessionID: "ses_nope" } };
  const parts = [{ type: "text" as const, text: "hello" }];
  const calls: [string, () => Promise<unknown>][] = [
    ["GET", () => client.GET("/session/{sessionID}", { params })],
    ["PATCH", () => client.PATCH("/session/{sessionID}", { params, body: { title: "x" } })],
    ["DELETE", () => client.DELETE("/session/{sessionID}", { params })],
    ["GET message", () => client.GET("/session/{sessionID}/message", { params })],
    ["POST message", () => client.POST("/session/{sessionID}/message", { params, body: { parts } })],
    ["POST prompt_async", () => client.POST("/session/{sessionID}/prompt_async", { params, body: { parts } })],
    ["GET children", () => client.GET("/session/{sessionID}/children", { params })],
    ["GET todo", () => client.GET("/session/{sessionID}/todo", { params })],
    ["POST fork", () => client.POST("/session/{sessionID}/fork", { params, body: {} })],
    [
      "POST command",
      () => client.POST("/session/{sessionID}/command", { params, body: { command: "init", arguments: "" } }),
    ],
    [
      "POST shell",
      () => client.POST("/session/{sessionID}/shell", { params, body: { agent: "build", command: "true" } }),
    ],
    ["POST revert", () => client.POST("/session/{sessionID}/revert", { params, body: { messageID: "msg_x" } })],
    ["POST share", () => client.POST("/session/{sessionID}/share", { params })],
  ];

  test.each(calls)("%s of an unknown session is a SessionNotFoundError", async (_name, call) => {
    const error = await rejection(call());
    expect(error).toBeInstanceOf(SessionNotFoundError);
    expect(error).toMatchObject({
      status: 404,
      sessionId: "ses_nope",
      message: expect.stringContaining("404 Session not found: ses_nope"),
    });
  });

  test("an abort of an unknown session is answered with true", async () => {
    expect((await client.POST("/session/{sessionID}/abort", { params })).data).toBe(true);
  });

  test("an unknown session of the newer API is a SessionNotFoundError", async () => {
    expect(await rejection(client.GET("/api/session/{sessionID}", { params }))).toBeInstanceOf(SessionNotFoundError);
  });
});

describe("wrong requests", () => {
  test("an unknown message is a MessageNotFoundError, and a malformed request is a BadRequestError", async () => {
    const { data: session } = await client.POST("/session", { body: { title: "test" } });
    const params = { path: { sessionID: session.id, messageID: "msg_nope" } };
    const error = await rejection(client.GET("/session/{sessionID}/message/{messageID}", { params }));
    expect(error).toBeInstanceOf(MessageNotFoundError);
    expect(error).toMatchObject({ sessionId: session.id });
    const wrong = client.request("GET", `/session/${session.id}/message`, { query: { limit: 2, before: "zzz" } });
    expect(await rejection(wrong)).toMatchObject({ name: "BadRequestError", body: { _tag: "BadRequest" } });
    const patch = client.request("PATCH", `/session/${session.id}`, { body: { title: 5 } });
    expect(await rejection(patch)).toMatchObject({ name: "BadRequestError", body: { name: "BadRequest" } });
    const empty = client.request("POST", `/session/${session.id}/message`, { body: {} });
    expect(String(await rejection(empty))).toMatch(/400 Missing key at \["parts"\]/);
  });

  test("a session id without its prefix is an InternalServerError with a reference", async () => {
    const error = await rejection(client.GET("/session/{sessionID}", { params: { path: { sessionID: "nope" } } }));
    expect(error).toBeInstanceOf(InternalServerError);
    expect(error).toMatchObject({
      status: 500,
      ref: expect.stringMatching(/^err_/),
      hint: expect.stringMatching(/log, under err_/),
    });
  });

  test("a permission id without its prefix is a BadRequestError, an unknown permission id a NotFoundError", async () => {
    const reply = (requestID: string) =>
      client.POST("/permission/{requestID}/reply", { params: { path: { requestID } }, body: { reply: "once" } });
    expect(await rejection(reply("zzz"))).toBeInstanceOf(BadRequestError);
    const unknown = await rejection(reply("per_nope"));
    expect(unknown).toBeInstanceOf(NotFoundError);
    expect(unknown).toMatchObject({ name: "NotFoundError", body: { _tag: "PermissionNotFoundError" } });
  });

  test("a missing query parameter and a bad body are a 400, and a wrong content type is a 415", async () => {
    expect(await rejection(client.request("GET", "/file/content"))).toMatchObject({
      name: "BadRequestError",
      message: 'GET /file/content: 400 Missing key at ["path"]',
    });
    expect(await rejection(client.request("POST", "/session", { body: { title: 5 } }))).toMatchObject({
      message: "POST /session: 400 BadRequest",
    });
    const headers = { "content-type": "text/plain" };
    const text = client.request("POST", "/session/ses_nope/message", { body: { parts: [] }, headers });
    expect(await rejection(text)).toMatchObject({
      status: 415,
      message: expect.stringContaining("Unsupported content-type"),
    });
  });

  test("an unknown workspace is an InternalServerError that names the workspace", async () => {
    const error = await rejection(client.withOptions({ workspace: "wrk_nope" }).GET("/session"));
    expect(error).toMatchObject({
      name: "InternalServerError",
      message: "GET /session: 500 Workspace not found: wrk_nope",
    });
  });

  test("unknown routes and methods are an UnsupportedEndpointError", async () => {
    for (const [method, path] of [
      ["GET", "/nosuch"],
      ["POST", "/nosuch"],
      ["DELETE", "/session"],
      ["GET", "/v1/session"],
      ["HEAD", "/global/health"],
    ] as const) {
      expect(await rejection(client.request(method, path)), `${method} ${path}`).toBeInstanceOf(
        UnsupportedEndpointError,
      );
    }
    const misplaced = client.withOptions({ baseUrl: `${server.url}/agent`, password });
    expect(await rejection(misplaced.GET("/session"))).toBeInstanceOf(UnsupportedEndpointError);
    expect(await rejection(client.stream("/events"))).toBeInstanceOf(UnsupportedEndpointError);
  });
});

describe("credentials", () => {
  test("missing or wrong credentials are an AuthenticationError", async () => {
    const nobody = createOpencodeClient({ baseUrl: server.url });
    const error = await rejection(nobody.GET("/session"));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ message: "GET /session: 401 without a message" });
    expect(error).not.toHaveProperty("body");
    expect(await rejection(nobody.GET("/api/health"))).toMatchObject({
      message: "GET /api/health: 401 Authentication required",
    });
    expect(await rejection(nobody.stream("/event"))).toBeInstanceOf(AuthenticationError);
    expect(await rejection(client.withOptions({ password: "wrong" }).GET("/session"))).toBeInstanceOf(
      AuthenticationError,
    );
  });

  test("credentials in the base URL are accepted", async () => {
    const url = server.url.replace("//", `//opencode:${encodeURIComponent(password)}@`);
    const { data } = await createOpencodeClient({ baseUrl: url }).GET("/global/health");
    expect(data.healthy).toBe(true);
  });
});

describe("directories", () => {
  const names = ["with space é 中", "a%41b", "100% q?x=1&y#z+"];
  let root: string;
  beforeAll(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "opencode-ts-names-")));
  });
  afterAll(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));

  test.each(names)("the directory %s reaches the server unchanged", async (name) => {
    const directory = join(root, name);
    await mkdir(directory);
    const inside = client.withOptions({ directory });
    expect((await inside.GET("/path")).data.directory).toBe(directory);
    expect((await client.GET("/path", { params: { query: { directory } } })).data.directory).toBe(directory);
    expect((await inside.POST("/session", { body: { title: name } })).data.directory).toBe(directory);
    expect((await inside.GET("/session")).data.map(({ title }) => title)).toEqual([name]);
  });
});

describe("event streams of the real server", () => {
  test("an event stream begins with server.connected and ends with its signal", async () => {
    const controller = new AbortController();
    const { body } = await client.stream("/event", { signal: controller.signal });
    const reader = body?.getReader();
    const first = await reader?.read();
    expect(new TextDecoder().decode(first?.value)).toContain('"type":"server.connected"');
    controller.abort();
    await rejection(reader?.read() ?? Promise.resolve());
  });
});

test("a broken OPENCODE_CONFIG_CONTENT is a ConfigError that names the variable", async () => {
  await using broken = await startRawServer({ env: { OPENCODE_CONFIG_CONTENT: "{ not json" } });
  const error = await rejection(createOpencodeClient({ baseUrl: broken.url }).GET("/config"));
  expect(error).toBeInstanceOf(ConfigError);
  expect(String(error)).toContain("the agent's configuration is wrong: OPENCODE_CONFIG_CONTENT");
}, 60_000);
