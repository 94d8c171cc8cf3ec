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
  test("of one reply gives it for ever", async () => {
    const model = await scripted("hi");
    expect([await say(model, "a"), await say(model, "b")]).toEqual(["hi", "hi"]);
  });

  test("of one tool call stops a turn that goes round", async () => {
    const model = await scripted(toolCall("bash", {}));
    const step = { role: "assistant", content: "", tool_calls: [] };
    const turn = (steps: number) => ({ messages: [user("go"), ...new Array(steps).fill(step)] });
    expect((await complete(model, "", turn(49))).status).toBe(200);
    const { status, json } = await complete(model, "", turn(50));
    expect(status).toBe(400);
    expect(json).toMatchObject({ error: { message: expect.stringContaining("give a list") } });
  });

  test("of a list is used up in order, and says when it is", async () => {
    const model = await scripted(["one", "two"]);
    expect([await say(model, "a"), await say(model, "b")]).toEqual(["one", "two"]);
    expect(await say(model, "and now?")).toEqual([400, "the script has no reply left for request 3: and now?"]);
    expect(await say(model, "again")).toEqual([400, "the script has no reply left for request 4: again"]);
  });

  test("of a function is asked with the request, and may take its time", async () => {
    const model = await scripted(async ({ index, lastUserText }) => `${index} ${lastUserText}`);
    expect([await say(model, "a"), await say(model, "b")]).toEqual(["0 a", "1 b"]);
  });

  test("that throws, or gives no reply, is an error that opencode does not repeat", async () => {
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

  test("whose text throws ends the stream with the reason", async () => {
    const model = await scripted({
      text: (async function* () {
        yield "half";
        throw new Error("my bug");
      })(),
    });
    const { chunks } = await complete(model, "go");
    expect(chunks.at(-1)).toMatchObject({ error: { message: expect.stringContaining("my bug") } });
  });

  test("must be one", async () => {
    await expect(createScriptedModel(undefined as unknown as Script)).rejects.toThrow(
      "Expected the `script` option to be a reply",
    );
  });

  test("is not used up by titles and summaries", async () => {
    const model = await scripted(["one"]);
    expect(await say(model, "", titleRequest)).toBe("Scripted session");
    expect(await say(model, "", summaryRequest)).toBe("Summary.");
    expect(await say(model, "go")).toBe("one");
    expect(model.requests.map(({ kind }) => kind)).toEqual(["title", "summary", "chat"]);
  });

  test("leaves titles and summaries to their own options", async () => {
    const model = await scripted("one", { title: "My title", summary: { status: 500 } });
    expect(await say(model, "", titleRequest)).toBe("My title");
    expect(await say(model, "", summaryRequest)).toEqual([500, "scripted 500"]);
  });
});

describe("a reply", () => {
  test("failing(n, error, reply) is n errors, then the reply", async () => {
    const model = await scripted([...failing(2, { status: 503 }, "fine"), "next"]);
    const said = [await say(model, "a"), await say(model, "a"), await say(model, "a"), await say(model, "b")];
    expect(said).toEqual([[503, "scripted 503"], [503, "scripted 503"], "fine", "next"]);
  });

  test("with a status has its message, body and headers", async () => {
    const model = await scripted([
      { status: 429, message: "slow down", headers: { "retry-after": "0.2" } },
      { status: 418, body: { mine: true } },
    ]);
    const first = await complete(model, "go");
    expect(first).toMatchObject({ status: 429, json: { error: { message: "slow down" } } });
    expect(first.headers.get("retry-after")).toBe("0.2");
    expect(await complete(model, "go")).toMatchObject({ status: 418, json: { mine: true } });
  });

  test("is structured output by the tool where that is offered, by text where not", async () => {
    const model = await scripted({ structured: ["a", 1] });
    expect(await say(model, "go")).toBe('["a",1]');
    const offered = [{ type: "function", function: { name: "StructuredOutput" } }];
    const { json } = await complete(model, "go", { stream: false, tools: offered });
    const call = { function: { name: "StructuredOutput", arguments: '["a",1]' } };
    expect(json).toMatchObject({ choices: [{ message: { tool_calls: [call] }, finish_reason: "tool_calls" }] });
  });

  test("sends a held chunk only when it is released", async () => {
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

  test("may be empty, and end as it likes", async () => {
    const model = await scripted([{}, "", { text: "x", end: "length" }, { text: "x", end: "content_filter" }]);
    const ends = await Promise.all([0, 1, 2, 3].map(() => complete(model, "go", { stream: false })));
    expect(ends.map(({ json }) => json)).toMatchObject(
      ["stop", "stop", "length", "content_filter"].map((finish_reason) => ({ choices: [{ finish_reason }] })),
    );
  });
});

describe("a request", () => {
  test("is read into what a script and a test want to know", async () => {
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

  test("counts for its prompt, by a whole text part", async () => {
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

  test("of an agent without tools is a turn, whatever its prompt is about", async () => {
    const model = await scripted("hi");
    const prompts = ["You are a poet. Summarize nothing.", "Help the title generator.", ""];
    for (const prompt of prompts) await complete(model, "", { messages: [system(prompt), user("x")] });
    await complete(model, "", { ...titleRequest, tools });
    expect(model.requests.map(({ kind }) => kind)).toEqual(["chat", "chat", "chat", "chat"]);
  });
});

test("the configuration names the model everywhere and merges what is given for it", async () => {
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
