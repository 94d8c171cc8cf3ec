import { afterEach, describe, expect, test } from "vitest";
import {
  createScriptedModel,
  failing,
  hold,
  type ModelRequest,
  type Reply,
  type Script,
  type ScriptedModel,
  type ScriptedModelOptions,
  toolCall,
} from "../../src/testing/index.js";
import { complete, request } from "../support/model-client.js";
import { eventually } from "../support/slowness.js";

const open: ScriptedModel[] = [];
afterEach(async () => {
  for (const model of open.splice(0)) await model.close();
});
async function scripted(script: Script, options?: ScriptedModelOptions): Promise<ScriptedModel> {
  const model = await createScriptedModel(script, options);
  open.push(model);
  return model;
}
async function say(model: ScriptedModel, prompt: string, body: object = {}): Promise<unknown> {
  const { status, json } = await complete(model, prompt, { stream: false, ...body });
  if (status !== 200) return [status, (json as { error: { message: string } }).error.message]; // as the endpoint's own tests say
  return (json as { choices: [{ message: { content: string } }] }).choices[0].message.content;
}
const system = (content: string) => ({ role: "system", content });
const user = (content: unknown) => ({ role: "user", content });
const tools = [{ type: "function", function: { name: "bash" } }];
const titleRequest = { messages: [system("You are a title generator. You output ONLY a title."), user("hi")] };
const summaryRequest = { messages: [system("You are a context summarization agent. You are given…"), user("hi")] };

describe("a script", () => {
  test("a script of one reply repeats that reply", async () => {
    const model = await scripted("hi");
    expect([await say(model, "a"), await say(model, "b")]).toEqual(["hi", "hi"]);
  });

  test("a script of one tool call ends a turn after 50 steps with an error", async () => {
    const model = await scripted(toolCall("bash", {}));
    const step = { role: "assistant", content: "", tool_calls: [] };
    const turn = (steps: number) => ({ messages: [user("go"), ...new Array(steps).fill(step)] });
    expect((await complete(model, "", turn(49))).status).toBe(200);
    const { status, json } = await complete(model, "", turn(50));
    expect(status).toBe(400);
    expect(json).toMatchObject({ error: { message: expect.stringContaining("give a list") } });
  });

  test("a script that is a list is used in order, and a request after its end fails", async () => {
    const model = await scripted(["one", "two"]);
    expect([await say(model, "a"), await say(model, "b")]).toEqual(["one", "two"]);
    expect(await say(model, "and now?")).toEqual([400, "the script has no reply left for request 3: and now?"]);
    expect(await say(model, "again")).toEqual([400, "the script has no reply left for request 4: again"]);
  });

  test("a script function gets the request and may be asynchronous", async () => {
    const model = await scripted(async ({ index, lastUserText }) => `${index} ${lastUserText}`);
    expect([await say(model, "a"), await say(model, "b")]).toEqual(["0 a", "1 b"]);
  });

  test("a script that throws or returns no reply responds 400 with the reason", async () => {
    const replies = [new Error("my bug"), undefined, 5, { status: 200 }] as unknown as Reply[]; // as JavaScript may
    const model = await scripted(({ index }) => {
      const reply = replies[index];
      if (reply instanceof Error) throw reply;
      return reply as Reply;
    });
    for (const reason of ["my bug", "undefined", "number", "status 200"]) {
      expect(await say(model, "go")).toEqual([400, expect.stringContaining(reason)]);
    }
  });

  test("a script whose text generator throws ends the stream with the reason", async () => {
    const model = await scripted({
      text: (async function* () {
        yield "half";
        throw new Error("my bug");
      })(),
    });
    const { chunks } = await complete(model, "go");
    expect(chunks.at(-1)).toMatchObject({ error: { message: expect.stringContaining("my bug") } });
  });

  test("createScriptedModel rejects a script that is undefined", async () => {
    await expect(createScriptedModel(undefined as unknown as Script)).rejects.toThrow(
      "Expected the `script` option to be a reply",
    );
  });

  test("title and summary requests do not use up a script", async () => {
    const model = await scripted(["one"]);
    expect(await say(model, "", titleRequest)).toBe("Scripted session");
    expect(await say(model, "", summaryRequest)).toBe("Summary.");
    expect(await say(model, "go")).toBe("one");
    expect(model.requests.map(({ kind }) => kind)).toEqual(["title", "summary", "chat"]);
  });

  test("the options `title` and `summary` supply the replies to title and summary requests", async () => {
    const model = await scripted("one", { title: "My title", summary: { status: 500 } });
    expect(await say(model, "", titleRequest)).toBe("My title");
    expect(await say(model, "", summaryRequest)).toEqual([500, "scripted 500"]);
  });
});

describe("a reply", () => {
  test("failing(n, error, reply) returns n errors and then the reply", async () => {
    const model = await scripted([...failing(2, { status: 503 }, "fine"), "next"]);
    const said = [await say(model, "a"), await say(model, "a"), await say(model, "a"), await say(model, "b")];
    expect(said).toEqual([[503, "scripted 503"], [503, "scripted 503"], "fine", "next"]);
  });

  test("a reply with a status has its message, body and headers", async () => {
    const model = await scripted([
      { status: 429, message: "slow down", headers: { "retry-after": "0.2" } },
      { status: 418, body: { mine: true } },
    ]);
    const first = await complete(model, "go");
    expect(first).toMatchObject({ status: 429, json: { error: { message: "slow down" } } });
    expect(first.headers.get("retry-after")).toBe("0.2");
    expect(await complete(model, "go")).toMatchObject({ status: 418, json: { mine: true } });
  });

  test("a structured reply is a tool call if the tool is offered, and text otherwise", async () => {
    const model = await scripted({ structured: ["a", 1] });
    expect(await say(model, "go")).toBe('["a",1]');
    const offered = [{ type: "function", function: { name: "StructuredOutput" } }];
    const { json } = await complete(model, "go", { stream: false, tools: offered });
    const call = { function: { name: "StructuredOutput", arguments: '["a",1]' } };
    expect(json).toMatchObject({ choices: [{ message: { tool_calls: [call] }, finish_reason: "tool_calls" }] });
  });

  test("a reply sends a held chunk only after its release", async () => {
    const held = hold("second");
    const model = await scripted({ text: ["first ", held] });
    const response = await request(model, "go");
    const seen: string[] = [];
    const reading = (async () => {
      for await (const bytes of response.body ?? []) seen.push(Buffer.from(bytes).toString());
    })();
    await eventually("the first chunk is here", () => seen.join("").includes("first "));
    expect(seen.join("")).not.toContain("second");
    held.release();
    held.release();
    await reading;
    expect(seen.join("")).toContain("second");
  });

  test("a reply may be empty or end with another finish reason", async () => {
    const model = await scripted([{}, "", { text: "x", end: "length" }, { text: "x", end: "content_filter" }]);
    const ends = await Promise.all([0, 1, 2, 3].map(() => complete(model, "go", { stream: false })));
    expect(ends.map(({ json }) => json)).toMatchObject(
      ["stop", "stop", "length", "content_filter"].map((finish_reason) => ({ choices: [{ finish_reason }] })),
    );
  });
});

describe("a request", () => {
  test("a ModelRequest has the prompt, system text, tools, step index and tool results", async () => {
    const model = await scripted("hi");
    const call = (id: string, name: string) => ({ id, type: "function", function: { name, arguments: "{}" } });
    const messages = [
      system("Be kind."),
      user("old"),
      { role: "assistant", content: "", tool_calls: [call("c0", "read")] },
      { role: "tool", tool_call_id: "c0", content: "old result" },
      { role: "assistant", content: "old answer" },
      user([
        { type: "text", text: " the prompt\n" },
        { type: "text", text: "<system-reminder>\nPlan mode</system-reminder>" },
      ]),
      { role: "assistant", content: "", tool_calls: [call("c1", "bash"), call("c2", "write")] },
      { role: "tool", tool_call_id: "c1", content: "one" },
      { role: "tool", tool_call_id: "c2", content: [{ type: "text", text: "two" }] },
    ];
    await complete(model, "", { messages, tools, tool_choice: "auto", reasoning_effort: "high" });
    const seen: ModelRequest | undefined = model.requests[0];
    expect(seen).toMatchObject({
      index: 0,
      kind: "chat",
      model: "model",
      messages,
      tools: ["bash"],
      toolChoice: "auto",
      lastUserText: " the prompt\n",
      system: "Be kind.",
      stepIndex: 1,
      toolResults: [
        { id: "c1", name: "bash", content: "one" },
        { id: "c2", name: "write", content: "two" },
      ],
      body: { reasoning_effort: "high" },
      aborted: false,
      sessionId: undefined,
    });
    expect(seen?.receivedAt).toBeLessThanOrEqual(Date.now());
    expect(seen?.headers["content-type"]).toBe("application/json");
    expect(seen?.headers).not.toHaveProperty("authorization");
  });

  test("calls() counts the chat requests whose prompt has the text as a whole part", async () => {
    const model = await scripted("hi");
    await complete(model, "say hi");
    await complete(model, "", {
      messages: [
        user([
          { type: "text", text: "say hi\n" },
          { type: "text", text: "file" },
        ]),
      ],
    });
    await complete(model, "", { messages: [user("say hi"), { role: "assistant", content: "hi" }, user("more")] });
    await complete(model, "", { messages: [system("You are a title generator."), user("say hi")] });
    expect([model.calls("say hi"), model.calls(" more "), model.calls("say")]).toEqual([2, 1, 0]);
  });

  test("a request of an agent without tools has the kind `chat`", async () => {
    const model = await scripted("hi");
    const prompts = ["You are a poet. Summarize nothing.", "Help the title generator.", ""];
    for (const prompt of prompts) await complete(model, "", { messages: [system(prompt), user("x")] });
    await complete(model, "", { ...titleRequest, tools });
    expect(model.requests.map(({ kind }) => kind)).toEqual(["chat", "chat", "chat", "chat"]);
  });
});

test("the scripted configuration names its model and merges the given model options", async () => {
  const model = await scripted("hi", { model: { cost: { input: 1, output: 2 }, limit: { context: 10, output: 5 } } });
  expect(model.config).toMatchObject({
    model: "scripted/model",
    small_model: "scripted/model",
    enabled_providers: ["scripted"],
    provider: {
      scripted: {
        npm: "@ai-sdk/openai-compatible",
        options: { baseURL: model.baseUrl },
        models: { model: { name: "Scripted model", cost: { input: 1, output: 2 }, limit: { context: 10, output: 5 } } },
      },
    },
  });
});
