import { execFile } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { promisify } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { openEndpoint } from "../../src/testing/endpoint.js";
import { createScriptedModel, hold, type Script, type ScriptedModel, toolCalls } from "../../src/testing/index.js";
import { complete, keyOf, request } from "../support/model-client.js";
import { eventually, scaled } from "../support/slowness.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
async function scripted(script: Script): Promise<ScriptedModel> {
  const model = await createScriptedModel(script);
  open.push(model);
  return model;
}
const head = { id: expect.stringMatching(/^chatcmpl-/), model: "model", created: expect.any(Number) };
const chunk = (delta: object, finish_reason: string | null = null) => ({
  ...head,
  object: "chat.completion.chunk",
  choices: [{ index: 0, delta, logprobs: null, finish_reason }],
});

describe("the stream in OpenAI's form", () => {
  test("the stream has role, content chunks, finish reason, usage and [DONE] in OpenAI's form", async () => {
    const model = await scripted({
      text: ["hello ", "world"],
      reasoning: "hm",
      usage: { input: 100, output: 20, reasoning: 7, cacheRead: 30 },
    });
    const { status, headers, chunks } = await complete(model, "go");
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/event-stream");
    expect(chunks).toEqual([
      chunk({ role: "assistant", content: "" }),
      chunk({ reasoning_content: "hm" }),
      chunk({ content: "hello " }),
      chunk({ content: "world" }),
      chunk({}, "stop"),
      {
        ...head,
        object: "chat.completion.chunk",
        choices: [],
        usage: {
          prompt_tokens: 130,
          completion_tokens: 27,
          total_tokens: 157,
          prompt_tokens_details: { cached_tokens: 30 },
          completion_tokens_details: { reasoning_tokens: 7 },
        },
      },
      "[DONE]",
    ]);
  });

  test("a tool call is streamed as its name and two pieces of arguments, with its own index", async () => {
    const model = await scripted(
      toolCalls([
        { name: "bash", args: { command: "ls" }, id: "call_1" },
        { name: "read", args: "{broken", id: "call_2" },
      ]),
    );
    const { chunks } = await complete(model, "go");
    const call = (index: number, rest: object) => chunk({ tool_calls: [{ index, ...rest }] });
    expect(chunks.slice(0, -2)).toEqual([
      chunk({ role: "assistant", content: "" }),
      call(0, { id: "call_1", type: "function", function: { name: "bash", arguments: "" } }),
      call(0, { function: { arguments: '{"comman' } }),
      call(0, { function: { arguments: 'd":"ls"}' } }),
      call(1, { id: "call_2", type: "function", function: { name: "read", arguments: "" } }),
      call(1, { function: { arguments: "{bro" } }),
      call(1, { function: { arguments: "ken" } }),
      chunk({}, "tool_calls"),
    ]);
  });

  test("an error inside the stream is its last chunk", async () => {
    const model = await scripted({ text: "half", end: { error: "overloaded" } });
    const { text, chunks } = await complete(model, "go");
    expect(chunks.at(-1)).toEqual({ error: { message: "overloaded", type: "scripted_error", code: null } });
    expect(text).not.toContain("[DONE]");
  });

  test("a cut stream has its text and no finish reason", async () => {
    const model = await scripted({ text: ["a", "b"], end: "cut" });
    const response = await request(model, "go");
    const seen: string[] = [];
    const reading = (async () => {
      for await (const bytes of response.body ?? []) seen.push(Buffer.from(bytes).toString());
    })();
    await expect(reading).rejects.toThrow("terminated");
    expect(seen.join("")).toContain('"content":"b"');
    expect(seen.join("")).not.toContain('finish_reason":"');
    expect(model.requests[0]?.aborted).toBe(false);
  });
});

describe("a request with `stream: false`", () => {
  test("a response without streaming has text, reasoning and usage", async () => {
    const model = await scripted({ text: ["a", "b"], reasoning: ["c", "d"] });
    expect((await complete(model, "go", { stream: false })).json).toEqual({
      ...head,
      object: "chat.completion",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "ab", reasoning_content: "cd" },
          logprobs: null,
          finish_reason: "stop",
        },
      ],
      usage: expect.objectContaining({ prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }),
    });
  });

  test("a response without streaming has tool calls", async () => {
    const model = await scripted(toolCalls([{ name: "bash", args: { command: "ls" }, id: "call_1" }]));
    const { json } = await complete(model, "go", { stream: false });
    const call = { id: "call_1", type: "function", function: { name: "bash", arguments: '{"command":"ls"}' } };
    expect(json).toMatchObject({
      choices: [{ message: { content: null, tool_calls: [call] }, finish_reason: "tool_calls" }],
    });
  });

  test("a stream error becomes a 500 without streaming, and a cut stays a cut", async () => {
    const model = await scripted([
      { text: "x", end: { error: "no" } },
      { text: "x", end: "cut" },
    ]);
    expect(await complete(model, "go", { stream: false })).toMatchObject({
      status: 500,
      json: { error: { message: "no" } },
    });
    await expect(request(model, "go", { stream: false })).rejects.toThrow("fetch failed");
  });
});

describe("the endpoint", () => {
  test("the endpoint has a loopback address and lists its model", async () => {
    const model = await scripted("hi");
    expect(model.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
    const response = await fetch(`${model.baseUrl}/models`, { headers: { authorization: `Bearer ${keyOf(model)}` } });
    expect(await response.json()).toMatchObject({ object: "list", data: [{ id: "model" }] });
  });

  test("the endpoint responds 401 without its key and records no request", async () => {
    const model = await scripted("hi");
    for (const authorization of ["", "Bearer ", `Bearer ${"x".repeat(32)}`, keyOf(model)]) {
      const url = `${model.baseUrl}/chat/completions`;
      const response = await fetch(url, { method: "POST", headers: { authorization }, body: '{"messages":[]}' });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining("key") } });
    }
    expect(model.requests).toEqual([]);
  });

  test("each endpoint has a key of its own", async () => {
    const [one, other] = [await scripted("hi"), await scripted("hi")];
    expect(keyOf(one)).toMatch(/^[0-9A-Za-z]{32}$/);
    expect(keyOf(one)).not.toBe(keyOf(other));
  });

  test("the endpoint responds 404 to another path and 400 to a malformed request, in JSON", async () => {
    const model = await scripted("hi");
    const headers = { authorization: `Bearer ${keyOf(model)}` };
    const post = (path: string, body: string) => fetch(model.baseUrl + path, { method: "POST", headers, body });
    for (const [path, body, status] of [
      ["/responses", "{}", 404],
      ["/chat/completions", "{", 400],
      ["/chat/completions", "[]", 400],
      ["/chat/completions", '{"messages":"x"}', 400],
      ["/chat/completions", '{"messages":[1]}', 400],
    ] as const) {
      const response = await post(path, body);
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ error: { message: expect.any(String) } });
    }
    expect(model.requests).toEqual([]);
  });

  test("the endpoint refuses a body beyond its limit with 413", async () => {
    const endpoint = await openEndpoint({
      apiKey: "k",
      models: [],
      maxBodyBytes: 1000,
      receive: () => undefined,
      answer: () => Promise.reject(new Error("not asked")),
    });
    open.push(endpoint);
    const headers = { authorization: "Bearer k" };
    const url = `${endpoint.baseUrl}/chat/completions`;
    const response = await fetch(url, { method: "POST", headers, body: "x".repeat(5_000_000) });
    expect(response.status).toBe(413);
  });

  test("the endpoint survives a client that disconnects, and marks the request as aborted", async () => {
    const held = hold("never");
    const model = await scripted((asked) => (asked.lastUserText === "hold" ? { text: ["x", held] } : { silent: true }));
    for (const prompt of ["hold", "silent"]) {
      const leave = new AbortController();
      const asking = request(model, prompt, {}, leave.signal).then((response) => response.text());
      await eventually("the model is asked", () => model.calls(prompt) === 1);
      leave.abort();
      await expect(asking).rejects.toThrow("aborted");
      await eventually("the model knows", () => model.requests.at(-1)?.aborted === true);
    }
    const socket = connect(Number(new URL(model.baseUrl).port), "127.0.0.1");
    const start = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${keyOf(model)}\r\n`;
    socket.write(`${start}content-length: 100\r\n\r\n{"mess`);
    await once(socket, "ready");
    socket.resetAndDestroy();
    await once(socket, "close");
    expect((await request(model, "hold")).status).toBe(200);
  });

  test("close() ends open responses, can be repeated, and nothing listens afterwards", async () => {
    const model = await createScriptedModel({ text: "said", end: "hang" });
    const asking = request(model, "go").then((response) => response.text());
    await eventually("the model is asked", () => model.requests.length === 1);
    await Promise.all([model.close(), expect(asking).rejects.toThrow()]);
    await model.close();
    await model[Symbol.asyncDispose]();
    expect(model.requests[0]?.aborted).toBe(false);
    await expect(request(model, "go")).rejects.toThrow("fetch failed");
  });

  test("the endpoint does not keep a process alive without close()", async () => {
    const program = `
      import { createScriptedModel } from "./src/testing/index.ts";
      const model = await createScriptedModel("hi");
      const headers = { authorization: "Bearer " + model.config.provider.scripted.options.apiKey };
      console.log((await fetch(model.baseUrl + "/models", { headers })).status);`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--import", "tsx", "--input-type=module", "--eval", program],
      { timeout: scaled(30_000) },
    );
    expect(stdout.trim()).toBe("200");
  });
});
