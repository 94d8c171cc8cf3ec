import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type } from "arktype";
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { AbortedError, type Answer, ask, ConfigError, createOpencode, StructuredOutputError } from "../../src/index.js";
import { toolCall } from "../../src/testing/index.js";
import { fakeAgent } from "../support/fake-agent.js";
import {
  createLookupModel,
  eventually,
  type Fixture,
  hermetic,
  startFixture,
  temporaryFolder,
} from "../support/fixture.js";
import { isAlive } from "../support/processes.js";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

describe("ask()", () => {
  test("ask() resolves to the text, the usage, the model and the ids of the session and the message", async () => {
    const { oc, answer, model } = fixture;
    answer("what is it", { text: ["forty", "-two"], usage: { input: 7, output: 3, reasoning: 2, cacheRead: 1 } });
    const result = await oc.ask("what is it");
    expect(`${result}`).toBe("forty-two");
    expect(result).toMatchObject({
      text: "forty-two",
      output: undefined,
      model: "scripted/model",
      finishReason: "stop",
      cost: 0,
      costKnown: false,
      denials: [],
      usage: { input: 7, output: 3, reasoning: 2, cacheRead: 1, cacheWrite: 0 },
    });
    expect(result.sessionId).toMatch(/^ses_/);
    expect(result.messageId).toMatch(/^msg_/);
    expect(model.calls("what is it")).toBe(1);
  });

  test("ask() makes no model call for a session title", async () => {
    const before = fixture.model.requests.length;
    await fixture.oc.ask("no title please");
    expect(fixture.model.requests.length - before).toBe(1);
  });

  test("an answer has the tool calls of all steps and the text of the last step", async () => {
    const { oc, answer } = fixture;
    answer(
      "count the files",
      toolCall("bash", { command: "echo 17", description: "count" }, { text: "Let me see. " }),
      "There are 17.",
    );
    const result = await oc.ask("count the files");
    expect(result.text).toBe("There are 17.");
    expect(result.toolCalls).toHaveLength(1);
    expect(result.toolCalls[0]).toMatchObject({ tool: "bash", status: "completed", input: { command: "echo 17" } });
    expect(result.toolCalls[0]?.output).toContain("17");
    expect(result.toolCalls[0]?.durationMs).toBeGreaterThanOrEqual(0);
    expect(result.usage.input).toBe(20);
  });

  test("the usage of an answer includes the usage of its sub-agents", async () => {
    const { oc, answer } = fixture;
    answer(
      "delegate",
      toolCall("task", { description: "sub", prompt: "do the part", subagent_type: "general" }),
      "All done.",
    );
    answer("do the part", { text: "part done", usage: { input: 100, output: 50 } });
    const result = await oc.ask("delegate");
    expect(result.text).toBe("All done.");
    expect(result.usage.input).toBe(10 + 10 + 100);
    expect(result.usage.output).toBe(5 + 5 + 50);
  });

  test("the system option of a turn reaches the model", async () => {
    await fixture.oc.ask("with a system text", { system: "SPEAK LIKE A PIRATE", agent: "plan" });
    const request = fixture.model.requests.at(-1);
    expect(request?.system).toContain("SPEAK LIKE A PIRATE");
  });

  test("twenty parallel questions on one server get their own answers with one model call each", async () => {
    const questions = Array.from({ length: 20 }, (_, index) => `question ${index}`);
    const answers = await Promise.all(questions.map((question) => fixture.oc.ask(question)));
    expect(answers.map(({ text }) => text)).toEqual(questions.map((question) => `echo: ${question}`));
    for (const question of questions) expect(fixture.model.calls(question)).toBe(1);
  });

  test.each(["with space", "ünïcödé é", "中文目录", "per%cent 100%"])("a turn runs in directory %j", async (name) => {
    const directory = join(fixture.directory, name);
    await mkdir(directory);
    fixture.answer("where", toolCall("bash", { command: "pwd", description: "where" }), "here");
    const session = await fixture.oc.createSession({ directory });
    const result = await session.ask("where");
    expect(session.directory).toBe(directory);
    expect(result.toolCalls[0]?.output?.trim()).toBe(directory);
  });

  test("createSession rejects a directory that the server would decode to another path", async () => {
    const directory = join(fixture.directory, "a%41b");
    await mkdir(directory);
    await expect(fixture.oc.createSession({ directory })).rejects.toThrow(/would run its turns in .*aAb/);
  });

  test("two sessions run in two directories at the same time", async () => {
    const folders = [await temporaryFolder(), await temporaryFolder()];
    fixture.answer("pwd", toolCall("bash", { command: "pwd", description: "where" }), "ok");
    const results = await Promise.all(
      folders.map(async (directory) => (await fixture.oc.createSession({ directory })).ask("pwd")),
    );
    expect(results.map(({ toolCalls }) => toolCalls[0]?.output?.trim())).toEqual(folders);
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true })));
  });

  test.each([
    ["an empty prompt", () => fixture.oc.ask(" "), /empty/],
    ["a model without a provider", () => fixture.oc.ask("x", { model: "gpt" }), /provider\/model/],
    ["a timeout of zero", () => fixture.oc.ask("x", { timeout: 0 }), /timeout/],
    ["a callback that is none", () => fixture.oc.ask("x", { onPermission: "allow" as never }), /onPermission/],
  ])("ask() rejects %s before a model call", async (_what, run, message) => {
    const before = fixture.model.requests.length;
    await expect(run()).rejects.toThrow(message);
    await expect(run()).rejects.toBeInstanceOf(ConfigError);
    expect(fixture.model.requests.length).toBe(before);
  });
});

describe("structured output", () => {
  const Person = z.object({ name: z.string(), age: z.number() });

  test("structured output is typed and validated by a zod schema", async () => {
    fixture.answer("who", { structured: { name: "Ada", age: 36 } });
    const result = await fixture.oc.ask("who", { schema: Person });
    expectTypeOf(result.output).toEqualTypeOf<{ name: string; age: number }>();
    expect(result.output).toEqual({ name: "Ada", age: 36 });
    expect(result.finishReason).toBe("stop");
  });

  test("structured output is typed and validated by an arktype schema", async () => {
    fixture.answer("who else", { structured: { name: "Bob" } });
    const result = await fixture.oc.ask("who else", { schema: type({ name: "string" }) });
    expectTypeOf(result.output.name).toEqualTypeOf<string>();
    expect(result.output).toEqual({ name: "Bob" });
  });

  test("a plain JSON Schema with an array as its root gives an array", async () => {
    fixture.answer("primes", { structured: { value: [2, 3, 5] } });
    const schema = {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "array",
      items: { type: "integer" },
    };
    const result = await fixture.oc.ask<number[]>("primes", { schema });
    expectTypeOf(result).toEqualTypeOf<Answer<number[]>>();
    expect(result.output).toEqual([2, 3, 5]);
  });

  test.each([
    ["zod", Person],
    ["JSON Schema", { type: "object", properties: { age: { type: "number" } }, required: ["age"] }],
  ])("an output that does not fit the schema rejects with its issues (%s)", async (_kind, schema) => {
    fixture.answer("misfit", { structured: { name: "Ada", age: "old" } });
    const error = await fixture.oc.ask("misfit", { schema, maxRepairs: 0 }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StructuredOutputError);
    expect(error).toMatchObject({ raw: { name: "Ada", age: "old" }, attempts: 1 });
    expect((error as StructuredOutputError).issues[0]?.path?.map(String)).toEqual(["age"]);
  });

  test("an answer in prose to a schema rejects with StructuredOutputError", async () => {
    fixture.answer("prose", "I would rather talk.");
    await expect(fixture.oc.ask("prose", { schema: Person })).rejects.toMatchObject({ name: "StructuredOutputError" });
  });

  test("a session with structured output can be read and forked", async () => {
    const session = await fixture.oc.createSession();
    await session.ask("first");
    fixture.answer("now as JSON", 'Here it is:\n```json\n{"name": "Eve", "age": 1}\n```');
    const { output } = await session.ask("now as JSON", { schema: Person });
    expect(output).toEqual({ name: "Eve", age: 1 });
    expect(await session.messages()).toHaveLength(4);
    const fork = await session.fork();
    expect(await fork.messages()).toHaveLength(4);
  });
});

describe("the one-shot ask()", () => {
  test("parallel calls of the one-shot ask() with equal options share one server", async () => {
    const { model } = await createLookupModel();
    const directory = await temporaryFolder();
    const options = hermetic(model, directory);
    const answers = await Promise.all(["a", "b", "c"].map((prompt) => ask(prompt, options)));
    expect(answers.map(({ text }) => text)).toEqual(["echo: a", "echo: b", "echo: c"]);
    expect(new Set(model.requests.map(({ headers }) => headers["user-agent"])).size).toBe(1);
    await model.close();
  });

  test("the one-shot ask() continues one session with keep: true until a call with keep: false ends it", async () => {
    const { model, answer } = await createLookupModel();
    const directory = await temporaryFolder();
    const options = hermetic(model, directory);
    const users = (request: { messages: readonly Record<string, unknown>[] }): string =>
      String(request.messages.filter(({ role }) => role === "user").length);
    for (const prompt of ["one", "two", "three"]) answer(prompt, users);
    const first = await ask("one", { ...options, keep: true });
    const second = await ask("two", { ...options, keep: true });
    const third = await ask("three", { ...options, keep: false });
    expect([first.text, second.text, third.text]).toEqual(["1", "2", "3"]);
    expect(new Set([first.sessionId, second.sessionId, third.sessionId]).size).toBe(1);
    const fourth = await ask("one", options);
    expect(fourth.sessionId).not.toBe(first.sessionId);
    await model.close();
  });

  test("the one-shot ask() with keep: true keeps one session for each logger instance", async () => {
    class Log {
      readonly self = this;
      error(): void {}
      warn(): void {}
      info(): void {}
      debug(): void {}
    }
    const { model } = await createLookupModel();
    const options = hermetic(model, await temporaryFolder());
    const loggers = [new Log(), new Log()];
    const answers: Answer[] = [];
    for (const logger of [...loggers, ...loggers])
      answers.push(await ask("with a logger", { ...options, logger, keep: true }));
    const [first, second, third, fourth] = answers.map(({ sessionId }) => sessionId);
    expect([third, fourth]).toEqual([first, second]);
    expect(first).not.toBe(second);
    for (const logger of loggers) await ask("with a logger", { ...options, logger, keep: false });
    await model.close();
  });

  test("the one-shot ask() with an aborted signal starts no server", async () => {
    const folder = await temporaryFolder();
    const agent = await fakeAgent(join(folder, "agent"));
    const signal = AbortSignal.abort(new Error("no"));
    const asked = ask("x", { binary: agent.path, directory: folder, isolation: "clean", signal });
    await expect(asked).rejects.toBeInstanceOf(AbortedError);
    expect(await agent.calls()).toEqual([]);
    await rm(folder, { recursive: true });
  });

  test.each([undefined, true])("an abort of the one-shot ask() ends the starting server (keep: %s)", async (keep) => {
    const folder = await temporaryFolder();
    const pidFile = join(folder, "pid");
    const agent = await fakeAgent(join(folder, "agent"), {
      serve: `fs.writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => {}, 1_000);`,
    });
    const stop = new AbortController();
    const options = { binary: agent.path, directory: folder, isolation: "clean" as const, keep };
    // The limit is far beyond the test's own.
    const asked = ask("x", { ...options, serverTimeout: 600_000, signal: stop.signal });
    const rejected = expect(asked).rejects.toBeInstanceOf(AbortedError);
    await eventually("the server is starting", async () => (await readFile(pidFile, "utf8").catch(() => "")) !== "");
    const pid = Number(await readFile(pidFile, "utf8"));
    stop.abort();
    await rejected;
    expect(isAlive(pid)).toBe(false);
    await rm(folder, { recursive: true });
  });

  test("the one-shot ask() connects to a running server by its base URL and leaves the server running", async () => {
    const { server } = fixture.oc;
    if (server === undefined) throw new Error("the fixture has a server");
    const { url: baseUrl, password } = server;
    const answer = await ask("over the wire", { baseUrl, password, directory: fixture.directory });
    expect(answer.text).toBe("echo: over the wire");
    const connected = await createOpencode({ baseUrl, password, directory: fixture.directory });
    await connected.close();
    await eventually("the server still answers", async () => (await fixture.oc.health()).healthy);
  });
});
