/** Tools without an agent: what `defineTool` takes, how a call is run, and who is let in. */
import { request } from "node:http";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { createOpencode as createInBrowser } from "../../src/client.js";
import { ConfigError, createOpencode, defineTool, type Tool } from "../../src/index.js";
import { outcomeOf } from "../../src/node/tools/content.js";
import { McpEndpoint } from "../../src/node/tools/endpoint.js";
import { ToolServer } from "../../src/node/tools/http-server.js";
import { loadLibrary } from "../../src/node/tools/mcp-sdk.js";
import { runTool, type ToolRun } from "../../src/node/tools/run-tool.js";
import { createLogger } from "../../src/util/logger.js";

const facts = { sessionId: "ses_1", messageId: "msg_1", callId: "call_1", directory: "/w" };
const run = (tool: Tool, args: unknown, more: Partial<ToolRun> = {}) =>
  runTool({
    tool,
    args,
    facts,
    signal: new AbortController().signal,
    report: () => {},
    logger: createLogger({ logLevel: "off" }),
    ...more,
  });

describe("defineTool", () => {
  const common = { name: "add", description: "Adds." };

  test("defineTool types `execute` by the schema and passes values with defaults", async () => {
    const input = z.object({ a: z.number(), text: z.string().default("none") });
    const seen: unknown[] = [];
    const execute = (args: { a: number; text: string }): void => void seen.push(args);
    defineTool({
      ...common,
      input,
      execute: (args, { signal, sessionId }) => {
        expectTypeOf(args).toEqualTypeOf<{ a: number; text: string }>();
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
        expectTypeOf(sessionId).toEqualTypeOf<string>();
      },
    });
    const tool = defineTool({ ...common, input, execute });
    expect(await run(tool, { a: 1 })).toEqual({ content: [{ type: "text", text: "Done." }] });
    expect(seen).toEqual([{ a: 1, text: "none" }]);
    // @ts-expect-error: the schema has no such argument
    defineTool({ ...common, input, execute: ({ b }) => b });
  });

  const schemas = {
    zod: z.object({ a: z.number(), b: z.number().optional() }),
    arktype: type({ a: "number", "b?": "number" }),
    valibot: toStandardJsonSchema(v.object({ a: v.number(), b: v.optional(v.number()) })),
  };

  test.each(Object.entries(schemas))("defineTool accepts schemas of %s", async (_name, input) => {
    const tool = defineTool({ ...common, input, execute: ({ a, b = 1 }) => a + b });
    expect(tool.inputSchema).toMatchObject({ type: "object", properties: { a: { type: "number" } }, required: ["a"] });
    expect(await run(tool, { a: 1, b: 2 })).toEqual({ content: [{ type: "text", text: "3" }] });
    const wrong = await run(tool, { a: "one" });
    expect(wrong.isError).toBe(true);
    expect(wrong.content[0]).toMatchObject({ text: expect.stringMatching(/do not fit.*\ba\b/s) });
  });

  test("defineTool accepts a JSON Schema with the caller's type", async () => {
    const input = { type: "object", properties: { a: { type: "integer" } }, required: ["a"] };
    const tool = defineTool<{ a: number }>({ ...common, input, execute: ({ a }) => a * 2 });
    expect(await run(tool, { a: 4 })).toEqual({ content: [{ type: "text", text: "8" }] });
    expect(await run(tool, { a: 0.5 })).toMatchObject({ isError: true });
  });

  test.each([
    ["a name with a blank", { name: "a b" }, /name/],
    ["a name that is too long", { name: "a".repeat(49) }, /name/],
    ["no description", { description: " " }, /description/],
    ["no function", { execute: "x" }, /execute/],
    ["a timeout of 0", { timeout: 0 }, /timeout/],
    ["a schema that is none", { input: "text" }, /input of the tool "add"/],
    ["a schema of another type", { input: z.string() }, /object/],
    ["a union", { input: z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]) }, /object/],
    ["a record", { input: z.record(z.string(), z.number()) }, /names no property/],
    ["a type that JSON does not have", { input: z.object({ at: z.date() }) }, /JSON Schema/],
  ])("defineTool refuses %s with a ConfigError", (_what, change, message) => {
    const definition = { ...common, input: z.object({}), execute: () => 1, ...change };
    const define = () => defineTool(definition as never); // what JavaScript lets through
    expect(define).toThrow(ConfigError);
    expect(define).toThrow(message);
  });

  test("the `tools` option of a client is checked before the server starts", async () => {
    const tool = defineTool({ ...common, input: { type: "object" }, execute: () => 1 });
    const broken = { type: "object", properties: { a: { type: "string", pattern: "(" } } };
    for (const [tools, message] of [
      [[tool, tool], /two tools/],
      [[{ ...tool }], /defineTool/],
      [[defineTool({ ...common, input: broken, execute: () => 1 })], /JSON Schema cannot be used/],
    ] as const) {
      const failed = createOpencode({ tools, binary: "/nowhere/opencode" });
      await expect(failed).rejects.toThrow(message);
      await expect(failed).rejects.toBeInstanceOf(ConfigError);
    }
    const inBrowser = createInBrowser({ baseUrl: "http://127.0.0.1:9", tools: [tool] } as never); // not in its types
    await expect(inBrowser).rejects.toThrow(/tools need Node/);
  });
});

describe("a call", () => {
  const input = z.object({});
  const tool = (execute: (args: object, context: { signal: AbortSignal }) => unknown, timeout?: number): Tool =>
    defineTool({ name: "t", description: "d", input, execute, timeout });

  test("a tool that throws any value passes a message to the agent", async () => {
    const trap = (): never => {
      throw new Error("a trap");
    };
    const hostile = new Proxy({}, { get: trap, getPrototypeOf: trap, ownKeys: trap });
    for (const [thrown, text] of [
      [new Error("no such order"), "no such order"],
      [new TypeError(""), "TypeError"],
      ["just a text", "just a text"],
      [undefined, "undefined"],
      [{ message: "no such order", code: 404 }, "no such order"],
      [{ code: 404 }, '{"code":404}'],
      [new AggregateError([new Error("one"), "two"]), "one; two"],
      [Object.create(null), "{}"],
      [hostile, "The tool failed without a message."],
    ]) {
      const failing = tool(() => {
        throw thrown;
      });
      expect(await run(failing, {})).toEqual({ content: [{ type: "text", text }], isError: true });
    }
  });

  test("a call ends at its abort or timeout although the tool does not end", async () => {
    const stop = new AbortController();
    let seen: AbortSignal | undefined;
    const endless = tool((_args, { signal }) => {
      seen = signal;
      stop.abort(new Error("stopped by the test"));
      return new Promise(() => {});
    });
    expect(await run(endless, {}, { signal: stop.signal })).toMatchObject({
      content: [{ text: "stopped by the test" }],
      isError: true,
    });
    expect(seen?.aborted).toBe(true);
    const late = await run(
      tool(() => new Promise(() => {}), 20),
      {},
    );
    expect(late).toMatchObject({ content: [{ text: "The tool took longer than 20 ms." }], isError: true });
  });

  test("a tool that throws a long message passes its beginning to the agent", async () => {
    const failing = tool(() => {
      throw new Error(`the build failed\n${"x".repeat(1_000_000)}`);
    });
    const { content } = await run(failing, {});
    const [said] = content;
    const text = said?.type === "text" ? said.text : "";
    expect(text).toMatch(/^the build failed\nx+… \(cut: 1000017 characters\)$/);
    expect(text.length).toBeLessThan(30_000);
  });

  test("a progress update in each of 100,000 rounds is reported less than 1,000 times", async () => {
    const reports: unknown[] = [];
    const loop = defineTool({
      name: "t",
      description: "d",
      input,
      execute: (_args, { progress }) => {
        for (let done = 0; done < 100_000; done += 1) progress({ done, total: 100_000 });
      },
    });
    await run(loop, {}, { report: (update) => reports.push(update) });
    expect(reports[0]).toEqual({ done: 0, total: 100_000 });
    expect(reports.length).toBeLessThan(1_000);
  });

  test("an invalid progress update does not end the call", async () => {
    const reports: unknown[] = [];
    for (const update of [null, 5, { done: Number.NaN, total: "x", message: 7 }]) {
      const loose = defineTool({
        name: "t",
        description: "d",
        input,
        execute: (_args, { progress }) => progress(update as never), // what JavaScript can give
      });
      expect(await run(loose, {}, { report: (given) => reports.push(given) })).not.toHaveProperty("isError");
    }
    expect(reports).toEqual([{}, {}, {}]);
  });

  test("a running call reports signs of life until the tool ends", async () => {
    let signs = 0;
    let finish = (_value: string): void => {};
    const slow = tool(() => new Promise((resolve) => (finish = resolve)));
    const report = (): void => {
      signs += 1;
      if (signs === 3) finish("at last");
    };
    expect(await run(slow, {}, { report, liveness: 5 })).toEqual({ content: [{ type: "text", text: "at last" }] });
  });
});

describe("a result", () => {
  const image = { type: "image", data: new Uint8Array([1, 2, 3]), mimeType: "image/png" };

  test.each([
    ["a text", "hello", [{ type: "text", text: "hello" }]],
    ["JSON", { type: "text", text: "x", more: 1 }, [{ type: "text", text: '{"type":"text","text":"x","more":1}' }]],
    ["a list of texts, which is JSON", ["a"], [{ type: "text", text: '["a"]' }]],
    ["null", null, [{ type: "text", text: "null" }]],
    ["content", { type: "text", text: "x" }, [{ type: "text", text: "x" }]],
    ["an image", image, [{ type: "image", data: "AQID", mimeType: "image/png" }]],
    [
      "a list of content",
      [
        { type: "text", text: "x" },
        { ...image, data: "AQID" },
      ],
      [
        { type: "text", text: "x" },
        { type: "image", data: "AQID", mimeType: "image/png" },
      ],
    ],
  ])("a tool result can be %s", (_what, result, content) => {
    expect(outcomeOf(result)).toEqual({ content });
  });

  const cyclic: Record<string, unknown> = {};
  cyclic["self"] = cyclic;
  test.each([
    ["a cycle", cyclic, /form as JSON/],
    ["a function", () => 1, /form as JSON/],
    ["a BigInt", 1n, /form as JSON/],
    ["a Map, which JSON would make empty", new Map([["a", 1]]), /form as JSON: it is a Map/],
    ["an Error that was returned", new Error("x"), /form as JSON: it is a Error/],
    ["a Map inside of an object", { users: new Map([["ada", 1]]) }, /form as JSON: "users" is a Map/],
    ["a Set in a list", { tags: [new Set(["a"])] }, /"0" is a Set/],
    ["an Error inside of an object", { error: new TypeError("x") }, /"error" is a TypeError/],
    ["a promise that nobody awaits", { answer: Promise.resolve(1) }, /"answer" is a Promise/],
    ["a generator", (function* () {})(), /form as JSON: it is a Generator/],
    ["an async generator", (async function* () {})(), /form as JSON: it is a AsyncGenerator/],
    ["a Response inside of an object", { response: new Response("x") }, /"response" is a Response/],
    ["content of the protocol that has no form here", { content: [{ type: "audio", data: "" }] }, /content/],
    ["an image without a type", { type: "image", data: new Uint8Array([1]) }, /type undefined: expected "image/],
    ["an image of another type", { ...image, mimeType: "text/html" }, /image/],
    ["an image that is no base64", { ...image, data: "<svg>" }, /base64/],
    ["too much text", "x".repeat(1_000_001), /1000001 characters/],
    ["too large an image", { ...image, data: new Uint8Array(20_000_001) }, /bytes of images/],
  ])("a tool result that is %s is refused with a reason", (_what, result, message) => {
    expect(() => outcomeOf(result)).toThrow(message);
  });
});

describe("a result in the form of the protocol", () => {
  const text = (words: string) => ({ type: "text", text: words });
  const png = { type: "image", data: "iVBORw0KGgo=", mimeType: "image/png" };

  test.each([
    [
      "a failure",
      { content: [text("no such order")], isError: true },
      { content: [text("no such order")], isError: true },
    ],
    ["a failure without words", { content: [], isError: true }, { content: [{ type: "text" }], isError: true }],
    ["an image and a text", { content: [png, text("a")] }, { content: [png, text("a")] }],
    [
      "a resource and a link",
      {
        content: [
          { type: "resource", resource: { uri: "a:b", text: "in it" } },
          { type: "resource_link", uri: "a:b", name: "n" },
        ],
      },
      { content: [text("in it"), text("a:b")] },
    ],
    ["data only", { content: [], structuredContent: { a: 1 }, isError: false }, { content: [text('{"a":1}')] }],
  ])("an MCP result with %s becomes the outcome of the call", (_what, result, outcome) => {
    expect(outcomeOf(result)).toMatchObject(outcome);
    expect(Object.keys(outcomeOf(result))).toEqual(Object.keys(outcome));
  });

  test("an object that is no valid MCP result is returned as JSON", () => {
    for (const data of [{ content: [text("a")], total: 1 }, { content: [] }, { content: [{ type: "video" }] }]) {
      expect(outcomeOf(data)).toEqual({ content: [text(JSON.stringify(data))] });
    }
  });
});

describe("a schema whose properties are not at its root", () => {
  const part = (name: string, schema = {}) => ({
    type: "object",
    properties: { [name]: { type: "string", ...schema } },
    required: [name],
  });
  const offered = (input: object) =>
    defineTool({ name: "t", description: "d", input: input as never, execute: () => 1 }).inputSchema;

  test.each([
    ["allOf", { type: "object", allOf: [part("city"), part("unit")] }],
    ["allOf beside properties", { allOf: [part("city")], ...part("unit") }],
    ["allOf in allOf", { type: "object", allOf: [{ allOf: [part("city")] }, part("unit")] }],
    [
      "$ref",
      { $ref: "#/$defs/A", $defs: { A: { allOf: [part("city"), { $ref: "#/$defs/B~1c" }] }, "B/c": part("unit") } },
    ],
  ])("a tool offers the properties that its schema has in %s", (_where, input) => {
    const { properties, required, type, allOf, $ref } = offered(input);
    expect(Object.keys(properties as object).sort()).toEqual(["city", "unit"]);
    expect([...(required as string[])].sort()).toEqual(["city", "unit"]);
    expect([type, allOf, $ref]).toEqual(["object", undefined, undefined]);
  });

  test("a property in several parts of allOf is offered once and checked against all parts", async () => {
    const input = { type: "object", allOf: [part("city", { minLength: 2 }), part("city", { maxLength: 3 })] };
    expect(offered(input)["properties"]).toEqual({
      city: {
        allOf: [
          { type: "string", minLength: 2 },
          { type: "string", maxLength: 3 },
        ],
      },
    });
    const tool = defineTool({ name: "t", description: "d", input: input as never, execute: () => 1 });
    expect(await run(tool, { city: "Bern" })).toMatchObject({ isError: true });
    expect(await run(tool, { city: "Ulm" })).not.toHaveProperty("isError");
  });

  test.each([
    ["anyOf", { anyOf: [part("id"), part("name")] }],
    ["oneOf", { oneOf: [part("id"), part("name")] }],
    ["if", { ...part("kind"), if: part("id") }],
    ["dependentSchemas", { ...part("kind"), dependentSchemas: { kind: part("id") } }],
  ])("a schema with a property only in %s is refused", (keyword, input) => {
    expect(() => offered({ type: "object", ...input })).toThrow(`"id" in \`${keyword}\` only`);
  });

  test("a schema may use anyOf to require one of its properties", () => {
    const { required: _needed, ...both } = { ...part("id"), properties: { id: {}, name: {} } };
    const input = { ...both, anyOf: [{ required: ["id"] }, { required: ["name"] }] };
    expect(offered(input)).toEqual(input);
  });

  test.each([
    ["itself", { $ref: "#/$defs/A", $defs: { A: { $ref: "#/$defs/A" } } }],
    ["nothing", { $ref: "#/$defs/B", $defs: {} }],
    ["another document", { $ref: "https://example.com/a.json" }],
  ])("a schema with a reference to %s is refused", (_what, input) => {
    expect(() => offered(input)).toThrow(ConfigError);
  });
});

describe("the host of the tools", () => {
  const initialize = {
    jsonrpc: "2.0",
    id: 0,
    method: "initialize",
    params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "test", version: "1" } },
  };

  function post(url: string, headers: Record<string, string>, body: string): Promise<{ status: number; id: unknown }> {
    return new Promise((resolve, reject) => {
      const accept = { accept: "application/json, text/event-stream", "content-type": "application/json" };
      const sent = request(url, { method: "POST", headers: { ...accept, ...headers } }, (response) => {
        response.resume();
        response.once("end", () =>
          resolve({ status: response.statusCode ?? 0, id: response.headers["mcp-session-id"] }),
        );
      });
      sent.once("error", reject);
      sent.end(body);
    });
  }

  test("the tool host requires the token, the right Host header and no Origin header", async () => {
    const endpoint = new McpEndpoint(await loadLibrary(), [], async () => ({ content: [] }));
    const other = new McpEndpoint(await loadLibrary(), [], async () => ({ content: [] }));
    const server = await ToolServer.open();
    try {
      const { url, headers } = server.add(endpoint);
      const foreign = server.add(other);
      const { host, port } = new URL(url);
      const body = JSON.stringify(initialize);
      const right = await post(url, { ...headers }, body);
      expect(right).toMatchObject({ status: 200, id: expect.stringMatching(/^[\w-]{36}$/) });
      expect((await post(url, {}, body)).status).toBe(401);
      expect((await post(url, { Authorization: "Bearer x" }, body)).status).toBe(401);
      expect((await post(url, { ...foreign.headers }, body)).status).toBe(401);
      expect((await post(url.replace(/mcp.*/, "mcp/other"), { ...headers }, body)).status).toBe(401);
      for (const name of [`evil.example:${port}`, `localhost:${port}`, "127.0.0.1"]) {
        expect((await post(url, { ...headers, host: name }, body)).status).toBe(403);
      }
      expect((await post(url, { ...headers, origin: `http://${host}` }, body)).status).toBe(403);
      expect((await post(url, { ...headers }, "{")).status).toBe(400);
      expect((await post(url, { ...headers }, '{"jsonrpc":"2.0","id":1,"method":"tools/list"}')).status).toBe(400);
      expect((await post(url, { ...headers, "mcp-session-id": "unknown" }, body)).status).toBe(404);
      server.remove(endpoint);
      expect((await post(url, { ...headers }, body)).status).toBe(401);
    } finally {
      await endpoint.close();
      await other.close();
      await server.close();
    }
  });
});
