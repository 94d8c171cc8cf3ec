/** Structured output that does not come right at once: repairs, providers that refuse forced tools, answers in prose. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createOpencode, type Opencode, StructuredOutputError } from "../../../src/index.js";
import type { ModelRequest, Reply } from "../../../src/testing/index.js";
import { createScriptedModel, type ScriptedModel } from "../../../src/testing/index.js";
import { hermetic, temporaryFolder } from "../../support/fixture.js";

const Person = z.object({ name: z.string(), age: z.number() });
const repairText = /^Your final answer does not fit the schema: /;

let model: ScriptedModel;
let oc: Opencode;
/** What is answered to a prompt at first, and then to each repair of it. */
const scripts = new Map<string, (Reply | ((request: ModelRequest) => Reply))[]>();
const asked = (prompt: string): ModelRequest[] =>
  model.requests.filter(({ messages }) => JSON.stringify(messages).includes(prompt));

beforeAll(async () => {
  model = await createScriptedModel((request) => {
    const texts = request.messages.flatMap(({ role, content }) => (role === "user" ? [JSON.stringify(content)] : []));
    const [prompt, replies] = [...scripts].findLast(([key]) => texts.some((text) => text.includes(key))) ?? [];
    if (prompt === undefined || replies === undefined) return "echo";
    const repairs = texts.slice(texts.findLastIndex((text) => text.includes(prompt)) + 1).length;
    const reply = replies[Math.min(repairs, replies.length - 1)] ?? "";
    return typeof reply === "function" ? reply(request) : reply;
  });
  oc = await createOpencode(hermetic(model, await temporaryFolder()));
});
afterAll(async () => {
  await oc?.close();
  await model?.close();
});

describe("an output that does not fit", () => {
  test("an output that does not fit is repaired by a second model call that names the wrong field", async () => {
    scripts.set("repair me", [{ structured: { name: "Ada", age: "old" } }, { structured: { name: "Ada", age: 36 } }]);
    const answer = await oc.ask("repair me", { schema: Person });
    expect(answer.output).toEqual({ name: "Ada", age: 36 });
    expect(asked("repair me")).toHaveLength(2);
    expect(asked("repair me").at(-1)?.lastUserText).toMatch(repairText);
    expect(asked("repair me").at(-1)?.lastUserText).toContain("age");
    const [first] = answer.parts;
    expect(answer.parts.filter(({ type }) => type === "step-finish")).toHaveLength(2);
    expect(first?.type).toBe("step-start");
    expect(answer.usage.total).toBeGreaterThan(0);
  });

  test("a repair in a conversation is a prompt in words, and the session can still be read and forked", async () => {
    scripts.set("talk to me", ["My answer: it is Ada.", 'Sure:\n```json\n{ "name": "Ada", "age": 36 }\n```']);
    const session = await oc.createSession({ title: "t" });
    const answer = await session.ask("talk to me", { schema: Person });
    expect(answer.output).toEqual({ name: "Ada", age: 36 });
    const roles = (await session.messages()).map(({ info }) => info.role);
    expect(roles).toEqual(["user", "assistant", "user", "assistant"]);
    await expect(session.fork()).resolves.toBeDefined();
  });

  test("an output that never fits rejects with StructuredOutputError and the number of attempts", async () => {
    scripts.set("hopeless", [{ structured: { name: 1 } }]);
    const error = await oc.ask("hopeless", { schema: Person, maxRepairs: 1 }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StructuredOutputError);
    expect(error).toMatchObject({ attempts: 2, raw: { name: 1 }, sessionId: expect.stringMatching(/^ses_/) });
    expect(asked("hopeless")).toHaveLength(2);
  });

  test("a queued prompt of a session runs after the repairs of the previous prompt", async () => {
    scripts.set("hold the line", [{ structured: { name: "x" } }, "{}", '{"name":"Ada","age":1}']);
    const session = await oc.createSession({ title: "t" });
    const [first] = await Promise.all([session.ask("hold the line", { schema: Person }), session.ask("the next one")]);
    expect(first.output).toEqual({ name: "Ada", age: 1 });
    const texts = (await session.messages()).flatMap(({ info, parts }) =>
      info.role === "user" ? parts.map((part) => (part.type === "text" ? part.text.slice(0, 10) : "")) : [],
    );
    expect(texts.at(-1)).toBe("the next o");
  });

  test("a repaired output is returned for its messageId without another model call", async () => {
    scripts.set("named repair", ["no json", '{"name":"Ada","age":2}']);
    const session = await oc.createSession({ title: "t" });
    const options = { schema: Person, messageId: "msg_named_repair" };
    expect((await session.ask("named repair", options)).output).toEqual({ name: "Ada", age: 2 });
    const before = model.requests.length;
    expect((await session.ask("named repair", options)).output).toEqual({ name: "Ada", age: 2 });
    expect(model.requests).toHaveLength(before);
  });
});

describe("the structured option", () => {
  test("ask() requests the output in words after the provider rejects a forced tool call", async () => {
    scripts.set("thinking model", [
      (request) =>
        request.toolChoice === "required"
          ? { status: 400, message: "Thinking may not be enabled when tool_choice forces tool use." }
          : '{"name":"Ada","age":3}',
    ]);
    const answer = await oc.ask("thinking model", { schema: Person });
    expect(answer.output).toEqual({ name: "Ada", age: 3 });
    expect(asked("thinking model").map(({ toolChoice }) => toolChoice)).toEqual(["required", "auto"]);
  });

  test("the output is taken from the text when the model does not call the tool", async () => {
    scripts.set("just text", ['Here you are: {"name":"Ada","age":4}']);
    expect((await oc.ask("just text", { schema: Person })).output).toEqual({ name: "Ada", age: 4 });
    expect(asked("just text")).toHaveLength(1);
  });

  test("the structured option selects words instead of a tool; a wrong value is a ConfigError", async () => {
    scripts.set("in words please", ['{"name":"Ada","age":5}']);
    expect((await oc.ask("in words please", { schema: Person, structured: "prompt" })).output.age).toBe(5);
    expect(asked("in words please")[0]?.toolChoice).toBe("auto");
    await expect(oc.ask("x", { schema: Person, structured: "magic" as never })).rejects.toMatchObject({
      name: "ConfigError",
    });
    await expect(oc.ask("x", { schema: Person, maxRepairs: -1 })).rejects.toMatchObject({ name: "ConfigError" });
  });
});

describe("an answer in words with more than one JSON value", () => {
  const object = {
    type: "object",
    properties: { a: { type: "number" } },
    required: ["a"],
    additionalProperties: false,
  } as const;
  const numbers = { type: "array", items: { type: "number" } } as const;
  test.each<[string, object, string, unknown]>([
    ["an example after it", object, 'Answer: {"a": 1}. For example {"b": 2} would be wrong.', { a: 1 }],
    ["the schema after it", object, `{"a": 1}\n\nThis follows ${JSON.stringify(object)}`, { a: 1 }],
    ["sixty blocks before it", object, `${"```json\nlog line\n```\n".repeat(60)}{"a": 1}`, { a: 1 }],
    ["another block after it", object, '```json\n{"a": 1}\n```\nnot\n```json\n{"a": "one"}\n```', { a: 1 }],
    ["a draft before it", object, 'First {"a": 1}, no: {"a": 2}', { a: 2 }],
    ["a footnote after it", numbers, "The ids are [1, 2]. Taken from the list in [3].", [1, 2]],
    ["an object before it", numbers, 'From {"ids": 2}: [1, 2]', [1, 2]],
  ])("the fitting JSON value is taken from an answer in words: %s", async (what, schema, text, expected) => {
    scripts.set(`prose with ${what}`, [text]);
    const { output } = await oc.ask(`prose with ${what}`, { schema, structured: "prompt", maxRepairs: 0 });
    expect(output).toEqual(expected);
  });
});
