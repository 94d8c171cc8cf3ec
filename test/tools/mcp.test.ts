/** `oc.mcp`: MCP servers of others, added to the real agent while it runs. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { ConfigError, NotFoundError, ToolError } from "../../src/index.js";
import { toolCall } from "../../src/testing/index.js";
import { type Fixture, startFixture } from "../support/fixture.js";
import { startMcpServer } from "../support/mcp-server.js";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const offered = (prompt: string) => fixture.model.requests.find(({ lastUserText }) => lastUserText === prompt)?.tools;
const rejection = (promise: Promise<unknown>): Promise<unknown> => promise.then(String, (error: unknown) => error);

test("an added MCP server is connected, and its tools are offered until it is disconnected", async () => {
  const { oc, answer } = fixture;
  await using small = await startMcpServer({ token: "let-me-in" });
  const headers = { Authorization: "Bearer let-me-in" };
  expect(await oc.mcp.add("small", { type: "remote", url: small.url, headers })).toEqual({
    name: "small",
    status: "connected",
  });
  answer("greet", toolCall("small_hello", {}), "greeted");
  const { toolCalls, text } = await oc.ask("greet");
  expect(text).toBe("greeted");
  expect(toolCalls).toMatchObject([{ tool: "small_hello", output: "hello" }]);

  await oc.mcp.disconnect("small");
  expect(await oc.mcp.status()).toContainEqual({ name: "small", status: "disabled" });
  await oc.ask("without it");
  expect(offered("without it")).not.toContain("small_hello");
  expect(await oc.mcp.connect("small")).toEqual({ name: "small", status: "connected" });
  await oc.ask("with it again");
  expect(offered("with it again")).toContain("small_hello");
});

test("a failed MCP connection is a ToolError with the server's reason", async () => {
  const { mcp } = fixture.oc;
  const failed = await rejection(mcp.add("missing", { type: "local", command: ["no-such-program-here"] }));
  expect(failed).toBeInstanceOf(ToolError);
  expect(failed).toMatchObject({ server: "missing", serverStatus: "failed", code: "tool" });
  expect(String(failed)).toContain("no-such-program-here");
  expect(await mcp.status()).toContainEqual({ name: "missing", status: "failed", error: expect.any(String) });
  expect(await rejection(mcp.connect("missing"))).toMatchObject({ name: "ToolError", serverStatus: "failed" });

  await using locked = await startMcpServer({ token: "secret" });
  const needsAuth = await rejection(mcp.add("locked", { type: "remote", url: locked.url }));
  expect(needsAuth).toMatchObject({ name: "ToolError", serverStatus: "needs_auth" });
  const refused = mcp.add("locked", {
    type: "remote",
    url: locked.url,
    oauth: false,
    headers: { Authorization: "no" },
  });
  expect(await rejection(refused)).toMatchObject({ name: "ToolError", serverStatus: "failed" });
});

test("a disabled MCP server is added without a connection", async () => {
  const config = { type: "local", command: ["no-such-program"], enabled: false } as const;
  expect(await fixture.oc.mcp.add("later", { ...config, command: [...config.command] })).toEqual({
    name: "later",
    status: "disabled",
  });
});

test("an unknown MCP server name is a NotFoundError", async () => {
  expect(await rejection(fixture.oc.mcp.connect("nobody"))).toBeInstanceOf(NotFoundError);
  expect(await rejection(fixture.oc.mcp.disconnect("nobody"))).toBeInstanceOf(NotFoundError);
});

test.each([
  ["", { type: "remote", url: "http://127.0.0.1:1" }, /name/],
  ["x", { type: "remote", url: "127.0.0.1" }, /url/],
  ["x", { type: "local", command: [] }, /command/],
  ["x", { type: "stdio" }, /type/],
])("a wrong MCP configuration is a ConfigError: %j %j", async (name, config, message) => {
  const wrong = await rejection(fixture.oc.mcp.add(name, config as never)); // what JavaScript lets through
  expect(wrong).toBeInstanceOf(ConfigError);
  expect(String(wrong)).toMatch(message);
});
