import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { expect, test } from "vitest";
import { toolCall } from "../../../../src/testing/index.js";
import { property } from "../../../../src/util/json.js";
import { eventually } from "../../../support/slowness.js";
import { startStage } from "./stage.js";

test("a sub-agent is a child session that inherits the rules and asks under its own id", async () => {
  await using stage = await startStage();
  const { client, events, directory, answer } = stage;
  const permissions = [{ action: "shell", resource: "*", effect: "ask" }];
  answer("delegate", toolCall("subagent", { agent: "general", description: "d", prompt: "child work" }), "all done");
  answer("child work", toolCall("shell", { command: "echo child" }), "child says so");
  const parent = await client.session(directory, { permissions });
  await client.data("POST", `/api/session/${parent}/prompt`, { text: "delegate" });
  const ask = await events.first("permission.asked");
  const child = String(property(ask["data"], "sessionID"));
  expect(await client.data("GET", `/api/session/${child}`)).toMatchObject({
    parentID: parent,
    permissions,
    agent: "general",
  });
  expect(await client.items(`/api/session?parentID=${parent}`)).toMatchObject([{ id: child }]);
  expect(await events.first("session.tool.progress", parent)).toMatchObject({
    data: { metadata: { sessionID: child } },
  });
  await client.call("POST", `/api/session/${child}/permission/${property(ask["data"], "id")}/reply`, {
    decision: "once",
  });
  await events.first("session.execution.succeeded", parent);
  expect(await events.first("session.tool.success", parent)).toMatchObject({
    data: { content: [{ type: "text", text: "child says so" }], metadata: { sessionID: child } },
  });
  expect(stage.standIn.readViolations()).toEqual([]);
});

test("an MCP server is connected after the answer, told the session, and hidden behind `execute` by default", async () => {
  await using stage = await startStage();
  const { client, events, directory, answer, model } = stage;
  await using mcp = await startEcho();
  const place = `location[directory]=${encodeURIComponent(directory)}`;
  const put = (config: object) => client.call("PUT", `/api/experimental/mcp/my.tools?${place}`, { config });
  const connected = () =>
    eventually("the connection", async () => {
      const [server] = await client.items(`/api/mcp?${place}`);
      return property(server?.["status"], "status") === "connected";
    });
  answer("call", toolCall("my_tools_session", {}), "done");
  const session = await client.session(directory);
  const run = async (text: string): Promise<readonly string[] | undefined> => {
    await client.data("POST", `/api/session/${session}/prompt`, { text });
    await client.call("POST", `/api/experimental/session/${session}/wait`);
    return model.requests.find(({ lastUserText }) => lastUserText === text)?.tools;
  };
  expect((await put({ type: "remote", url: mcp.url })).status).toBe(204);
  await connected();
  expect(await run("hidden")).toContain("execute");
  await put({ type: "remote", url: mcp.url, codemode: false, oauth: false });
  await connected();
  expect(await run("call")).toContain("my_tools_session");
  expect(await events.first("session.tool.success", session)).toMatchObject({
    data: { content: [{ type: "text", text: session }] },
  });
  expect(stage.standIn.readViolations()).toEqual([]);
});

/** One tool, `session`, that says which session it was called for. */
async function startEcho(): Promise<AsyncDisposable & { readonly url: string }> {
  const http = createServer(async (request, response) => {
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined } as never);
    const server = new McpServer({ name: "echo", version: "1.0.0" });
    server.registerTool("session", { description: "Says the session." }, (extra) => ({
      content: [{ type: "text", text: String(extra._meta?.["ai.opencode/sessionID"]) }],
    }));
    await server.connect(transport as Transport); // the library's types do not fit `exactOptionalPropertyTypes`
    await transport.handleRequest(request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}
