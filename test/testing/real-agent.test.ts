/** The scripted model behind the real agent: each kind of reply leads to the outcome that the documentation names. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Schemas } from "../../src/generated/schema.js";
import {
  createScriptedModel,
  failing,
  hold,
  type ModelRequest,
  type Reply,
  type Script,
  type ScriptedModel,
  toolCall,
  toolCalls,
} from "../../src/testing/index.js";
import { stringProperty } from "../../src/util/json.js";
import { type RawServer, startRawServer } from "../support/raw-server.js";
import { eventually } from "../support/slowness.js";

type Message = {
  info: Schemas["AssistantMessage"];
  parts: Schemas["Part"][];
};

const scripts = new Map<string, Reply[]>();
let model: ScriptedModel;
let server: RawServer;

beforeAll(async () => {
  const script: Script = ({ lastUserText }: ModelRequest) => {
    const replies = scripts.get(lastUserText);
    return replies?.shift() ?? { status: 400, message: `no reply left: ${lastUserText}` };
  };
  model = await createScriptedModel(script, {
    model: {
      cost: { input: 1, output: 2 },
      variants: { high: { reasoningEffort: "high" } },
      limit: { context: 50_000, output: 1000 },
    },
  });
  server = await startRawServer({ config: model.config });
  await turn("warm up", ["ready"]);
}, 120_000);
afterAll(async () => {
  await server?.close();
  await model?.close();
});

async function call(method: string, path: string, body?: object): Promise<{ status: number; json: unknown }> {
  const headers = { ...server.headers, "content-type": "application/json" };
  const response = await fetch(server.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const text = await response.text();
  return { status: response.status, json: text === "" ? undefined : JSON.parse(text) };
}

async function session(body: object = { title: "test" }): Promise<string> {
  return ((await call("POST", "/session", body)).json as { id: string }).id; // the route's documented answer
}

/** Runs one turn on a session of its own. `messages` are the assistant's, one per step. */
async function turn(prompt: string, replies: Reply[], body: object = {}, id?: string) {
  scripts.set(prompt, replies);
  const sessionId = id ?? (await session());
  const parts = [{ type: "text", text: prompt }];
  const { status, json } = await call("POST", `/session/${sessionId}/message`, { parts, ...body });
  const { info, parts: answered } = json as Message; // the route's documented answer
  const texts = answered.flatMap((part) => (part.type === "text" ? [part.text] : []));
  return { status, info, parts: answered, texts, sessionId, types: answered.map(({ type }) => type) };
}

async function tools(sessionId: string): Promise<Schemas["ToolPart"][]> {
  const { json } = await call("GET", `/session/${sessionId}/message`);
  return (json as Message[]).flatMap(({ parts }) => parts.filter((part) => part.type === "tool"));
}

/** Waits until the agent has begun to store the model's text: then it has read it. */
async function speaking(sessionId: string): Promise<void> {
  await eventually("its text is stored", async () => {
    const { json } = await call("GET", `/session/${sessionId}/message`);
    const answers = (json as Message[]).filter(({ info }) => info.role === "assistant");
    return answers.some(({ parts }) => parts.some(({ type }) => type === "text"));
  });
}

describe.concurrent("an answer", () => {
  test("a text answer arrives whole, with the scripted usage and its price", async () => {
    const usage = { input: 100, output: 20, reasoning: 7, cacheRead: 30 };
    const { status, info, texts } = await turn("text", [{ text: ["hello ", "world"], usage }]);
    expect({ status, texts, finish: info.finish }).toEqual({ status: 200, texts: ["hello world"], finish: "stop" });
    expect(info.tokens).toMatchObject({ input: 100, output: 20, reasoning: 7, cache: { read: 30 } });
    expect(info.cost).toBeCloseTo((100 + 2 * 27) / 1e6, 12);
    expect(model.calls("text")).toBe(1);
  });

  test("an answer with reasoning has a reasoning part", async () => {
    const { parts } = await turn("reason", [{ reasoning: ["let me ", "think"], text: "done" }]);
    expect(parts).toMatchObject([
      { type: "step-start" },
      { type: "reasoning", text: "let me think" },
      { type: "text", text: "done" },
      { type: "step-finish", reason: "stop" },
    ]);
  });

  test("an empty answer has no text part and no error", async () => {
    const { status, info, types } = await turn("empty", [{}]);
    expect({ status, error: info.error, finish: info.finish }).toEqual({ status: 200, finish: "stop" });
    expect(types).toEqual(["step-start", "step-finish"]);
  });

  test("an answer that is cut by its length keeps its text and has no error", async () => {
    const { info, texts } = await turn("length", [{ text: "half a sen", end: "length" }]);
    expect({ error: info.error, finish: info.finish, texts }).toEqual({ finish: "length", texts: ["half a sen"] });
  });

  test("an answer that the content filter stops has a ContentFilterError", async () => {
    const { status, info } = await turn("filter", [{ text: "no", end: "content_filter" }]);
    expect(status).toBe(200);
    expect(info).toMatchObject({ finish: "content-filter", error: { name: "ContentFilterError" } });
  });

  test("a prompt with a variant sends the options of that variant to the model", async () => {
    const { info } = await turn("variant", ["ok"], { variant: "high" });
    expect(info).toMatchObject({ variant: "high" });
    const asked = model.requests.find(({ lastUserText }) => lastUserText === "variant");
    expect(asked).toMatchObject({ body: { reasoning_effort: "high", stream: true }, toolChoice: "auto", stepIndex: 0 });
    expect(asked?.sessionId).toBe(info.sessionID);
  });
});

describe.concurrent("tools", () => {
  test("the tools of the real agent run in each step, and the script gets their results", async () => {
    const { info, sessionId, texts } = await turn("three steps", [
      toolCall("bash", { command: "echo one", description: "say" }, { text: "first" }),
      toolCall("write", { filePath: join(server.directory, "two.txt"), content: "two" }),
      "done",
    ]);
    expect({ finish: info.finish, texts }).toEqual({ finish: "stop", texts: ["done"] });
    expect(readFileSync(join(server.directory, "two.txt"), "utf8")).toBe("two");
    expect(await tools(sessionId)).toMatchObject([
      { tool: "bash", state: { status: "completed", output: "one\n" } },
      { tool: "write", state: { status: "completed" } },
    ]);
    const steps = model.requests.filter(({ lastUserText }) => lastUserText === "three steps");
    expect(steps.map(({ stepIndex }) => stepIndex)).toEqual([0, 1, 2]);
    expect(steps[2]?.toolResults).toMatchObject([
      { name: "bash", content: "one\n" },
      { name: "write", content: expect.stringContaining("Wrote file") },
    ]);
    expect(model.calls("three steps")).toBe(3);
  });

  test("the model may call several tools in one step", async () => {
    const say = (word: string) => ({ name: "bash", args: { command: `echo ${word}`, description: "say" } });
    const { sessionId, texts } = await turn("several", [toolCalls([say("a"), say("b"), say("c")]), "done"]);
    expect(texts).toEqual(["done"]);
    expect((await tools(sessionId)).map(({ state }) => state)).toMatchObject(
      ["a\n", "b\n", "c\n"].map((output) => ({ status: "completed", output })),
    );
  });

  test("a call with broken JSON or an unknown name becomes the tool `invalid`, and the turn continues", async () => {
    const { sessionId, texts } = await turn("bad calls", [toolCall("bash", "{broken"), toolCall("nosuch", {}), "done"]);
    expect(texts).toEqual(["done"]);
    expect(await tools(sessionId)).toMatchObject([
      { tool: "invalid", state: { status: "completed", input: { tool: "bash" } } },
      { tool: "invalid", state: { status: "completed", input: { tool: "nosuch" } } },
    ]);
  });

  test("a tool call with arguments of the wrong shape fails, and the turn continues", async () => {
    const { sessionId, texts } = await turn("bad shape", [toolCall("bash", { cmd: "ls" }), "done"]);
    expect(texts).toEqual(["done"]);
    expect(await tools(sessionId)).toMatchObject([{ tool: "bash", state: { status: "error" } }]);
  });

  test("a sub-agent calls the model in a session of its own", async () => {
    const task = { description: "help", prompt: "child work", subagent_type: "general" };
    scripts.set("child work", ["child result"]);
    const { sessionId, texts } = await turn("parent work", [toolCall("task", task), "parent done"]);
    expect(texts).toEqual(["parent done"]);
    expect(await tools(sessionId)).toMatchObject([
      { tool: "task", state: { status: "completed", output: expect.stringContaining("child result") } },
    ]);
    const child = model.requests.find(({ lastUserText }) => lastUserText === "child work");
    expect(child?.kind).toBe("chat");
    expect(child?.sessionId).not.toBe(sessionId);
  });
});

describe.concurrent("structured output", () => {
  const format = (schema: object) => ({ format: { type: "json_schema", schema } });
  const object = format({ type: "object", properties: { n: { type: "number" } }, required: ["n"] });

  test("structured output is the scripted value after one model call", async () => {
    const { info, types } = await turn("structured", [{ structured: { n: 1 } }], object);
    expect(info).toMatchObject({ structured: { n: 1 }, finish: "tool-calls" });
    expect(types).toEqual(["step-start", "tool", "step-finish"]);
    expect(model.requests.find(({ lastUserText }) => lastUserText === "structured")?.toolChoice).toBe("required");
    expect(model.calls("structured")).toBe(1);
  });

  test("structured output may be a list or a string", async () => {
    const list = await turn("list", [{ structured: [1, 2] }], format({ type: "array" }));
    const bare = await turn("bare", [{ structured: "word" }], format({ type: "string" }));
    expect([list.info.structured, bare.info.structured]).toEqual([[1, 2], "word"]);
  });

  test("a text in place of structured output is a StructuredOutputError", async () => {
    const { info } = await turn("unstructured", ["just text"], object);
    expect(info.error).toMatchObject({ name: "StructuredOutputError" });
  });
});

describe.concurrent("a failure of the model", () => {
  const soon = { headers: { "retry-after": "0.1" } };

  test.each([400, 401, 403, 404])("the model status %i ends the turn after one call", async (status) => {
    const { info, types, status: http } = await turn(`fail ${status}`, [{ status, message: `no ${status}` }]);
    const data = { statusCode: status, isRetryable: false, message: `no ${status}` };
    expect({ http, types }).toEqual({ http: 200, types: [] });
    expect(info.error).toMatchObject({ name: "APIError", data });
    expect(info).not.toHaveProperty("finish");
    expect(model.calls(`fail ${status}`)).toBe(1);
  });

  test.each([408, 409, 429, 500, 503])("the server repeats the model call after the status %i", async (status) => {
    const { info, texts } = await turn(`retry ${status}`, failing(2, { status, ...soon }, "recovered"));
    expect({ error: info.error, texts }).toEqual({ texts: ["recovered"] });
    expect(model.calls(`retry ${status}`)).toBe(3);
  });

  test("a repeated model failure is an APIError after six calls", async () => {
    const { info } = await turn("never", failing(6, { status: 500, ...soon }, "too late"));
    expect(info.error).toMatchObject({ name: "APIError", data: { statusCode: 500, isRetryable: true } });
    expect(model.calls("never")).toBe(6);
  });

  test("a cut stream is repeated, and its abandoned text is stored empty", async () => {
    const held = hold("");
    const sessionId = await session();
    const run = turn("cut", [{ text: ["abandoned", held], end: "cut" }, "whole"], {}, sessionId);
    await speaking(sessionId);
    held.release();
    const { info, types, texts } = await run;
    expect(info.error).toBeUndefined();
    expect(types).toEqual(["step-start", "text", "step-start", "text", "step-finish"]);
    expect(texts).toEqual(["", "whole"]);
    expect(model.calls("cut")).toBe(2);
  });

  test("a stream error is repeated if its text is `overloaded`, and otherwise ends the turn", async () => {
    const [passing, lasting] = await Promise.all([
      turn("overload", [{ text: "half", end: { error: "overloaded" } }, "whole"]),
      turn("in-stream", [{ text: "half", end: { error: "my reason" } }]),
    ]);
    expect({ error: passing.info.error, texts: passing.texts }).toEqual({ texts: ["", "whole"] });
    expect(lasting.info.error).toMatchObject({
      name: "UnknownError",
      data: { message: expect.stringContaining("my reason") },
    });
    expect(lasting.texts).toEqual(["half"]);
    expect([model.calls("overload"), model.calls("in-stream")]).toEqual([2, 1]);
  });

  test("a script without a reply ends the turn with an APIError that names the prompt", async () => {
    const { info } = await turn("nothing", []);
    expect(info.error).toMatchObject({ name: "APIError", data: { message: "no reply left: nothing" } });
  });
});

describe.concurrent("a model that hangs", () => {
  test.each<[string, Reply, string[]]>([
    ["before the headers", { silent: true }, []],
    ["after the headers", { end: "hang" }, []],
    ["after some text", { text: "half", end: "hang" }, ["half"]],
  ])("a model that hangs %s keeps the turn open until an abort", async (where, reply, texts) => {
    const sessionId = await session();
    const running = turn(where, [reply], {}, sessionId);
    await eventually("the model is asked", () => model.calls(where) === 1);
    if (texts.length > 0) await speaking(sessionId);
    await call("POST", `/session/${sessionId}/abort`);
    const answer = await running;
    expect(answer.info.error).toMatchObject({ name: "MessageAbortedError" });
    expect(answer.texts).toEqual(texts);
    const request = model.requests.find(({ lastUserText }) => lastUserText === where);
    await eventually("the model knows", () => request?.aborted === true);
  });
});

describe.concurrent("requests beside the turn", () => {
  test("a title request is recognized, answered, and not counted for the prompt", async () => {
    const sessionId = await session({});
    await turn("untitled", ["ok"], {}, sessionId);
    const title = async () => stringProperty((await call("GET", `/session/${sessionId}`)).json, "title");
    await eventually("it has its title", async () => (await title()) === "Scripted session");
    const asked = model.requests.filter((request) => request.sessionId === sessionId);
    expect(asked.map(({ kind }) => kind).sort()).toEqual(["chat", "title"]);
    expect(model.calls("untitled")).toBe(1);
  });

  test("a summary request of a compaction is recognized and answered", async () => {
    const sessionId = await session();
    await turn("before", ["small"], {}, sessionId);
    const body = { providerID: "scripted", modelID: "model" };
    expect((await call("POST", `/session/${sessionId}/summarize`, body)).json).toBe(true);
    const { json } = await call("GET", `/session/${sessionId}/message`);
    const summary = (json as Message[]).find(({ info }) => info.summary === true);
    expect(summary?.parts).toContainEqual(expect.objectContaining({ type: "text", text: "Summary." }));
    const kinds = model.requests.filter((request) => request.sessionId === sessionId).map(({ kind }) => kind);
    expect(kinds).toEqual(["chat", "summary"]);
  });
});

test("the real agent offers only the scripted provider", async () => {
  const { json } = await call("GET", "/config/providers");
  expect((json as { providers: { id: string }[] }).providers.map(({ id }) => id)).toEqual(["scripted"]);
  expect(existsSync(join(server.home, "config"))).toBe(true); // the home is the temporary one
});
