/** Fallback models: a turn goes on with the next model in the same session, and no tool runs twice. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type AgentError,
  type AgentEvent,
  BudgetExceededError,
  ConfigError,
  ContentFilterError,
  createOpencode,
  ModelNotFoundError,
  type Opencode,
  ProviderAuthError,
  ProviderRateLimitError,
  type SteerResult,
} from "../../../src/index.js";
import { isOutageWait } from "../../../src/session/turn/fallback-reasons.js";
import {
  createScriptedModel,
  hold,
  type ModelRequest,
  type Reply,
  type ScriptedModel,
  toolCall,
} from "../../../src/testing/index.js";
import { killWhen, runAsker } from "../../support/asker.js";
import { eventually, shared, temporaryFolder } from "../../support/fixture.js";
import { unhurried } from "../../support/slowness.js";
import { startTcpProxy } from "../../support/tcp-proxy.js";

const own = "scripted/model";
const second = "scripted/second";
const third = "scripted/third";
const soon = { "retry-after": "0.05" };
const filtered: Reply = { text: "half a senten", end: "content_filter" };
const schema = { type: "object", properties: { n: { type: "number" } }, required: ["n"] } as const;

type Script = (request: ModelRequest) => Reply;
const scripts = new Map<string, Readonly<Record<string, Reply | Script>>>();
let model: ScriptedModel;
let oc: Opencode;
let directory: string;

/** What each model answers to the prompt; the last of a session's prompts counts. */
function script(prompt: string, replies: Readonly<Record<string, Reply | Script>>): string {
  scripts.set(prompt, replies);
  return prompt;
}

/** The model of each call for the prompt, in order. */
function called(prompt: string): string[] {
  return model.requests.filter((one) => one.kind === "chat" && promptOf(one) === prompt).map((one) => one.model);
}

function promptOf({ messages }: ModelRequest): string | undefined {
  const text = JSON.stringify(messages);
  return [...scripts.keys()]
    .filter((prompt) => text.includes(`"${prompt}`))
    .sort((a, b) => text.lastIndexOf(`"${b}`) - text.lastIndexOf(`"${a}`))[0];
}

beforeAll(async () => {
  model = await createScriptedModel(
    (request) => {
      const reply = scripts.get(promptOf(request) ?? "")?.[request.model] ?? `${request.model} answers`;
      return typeof reply === "function" ? reply(request) : reply;
    },
    { summary: { status: 400, message: "This model's maximum context length is 10 tokens" } },
  );
  directory = await temporaryFolder();
  const { scripted } = model.config.provider ?? {};
  const first = { ...scripted?.models?.["model"], variants: { high: { reasoningEffort: "high" } } };
  const models = {
    model: first,
    second: { ...first, name: "Second" },
    third: { ...first, name: "Third", variants: {} },
  };
  oc = await createOpencode({
    ...shared(model, directory),
    config: { ...model.config, provider: { scripted: { ...scripted, models } } },
  });
});

afterAll(async () => {
  await oc.close();
  await model.close();
});

/** Calls of `echo` into a file, and how many lines it has. */
function counting(name: string): { readonly call: Reply; runs(): Promise<number> } {
  const command = `echo ran >> ${name} && echo the result of ${name}`;
  return {
    call: toolCall("bash", { command, description: "d" }),
    runs: async () => (await readFile(join(directory, name), "utf8")).trim().split("\n").length,
  };
}

async function eventsOf(stream: { readonly events: AsyncIterable<AgentEvent> }): Promise<AgentEvent[]> {
  const events: AgentEvent[] = [];
  for await (const event of stream.events) events.push(event);
  return events;
}

const messageId = (): string => `msg_${crypto.randomUUID().replaceAll("-", "")}`;

describe("a turn with fallback models", () => {
  test("a turn whose provider refuses the key goes on with the next model and tells of it", async () => {
    const prompt = script("refused key", { model: { status: 401 } });
    const session = await oc.createSession();
    const stream = session.askStream(prompt, { fallbackModels: [second, third] });
    const events = await eventsOf(stream);
    const answer = await stream.answer;
    expect(answer).toMatchObject({
      text: "second answers",
      model: second,
      attempts: [{ model: own }, { model: second }],
    });
    expect(answer.attempts[0]?.error).toBeInstanceOf(ProviderAuthError);
    expect(answer.attempts[1]?.error).toBeUndefined();
    const told = events.filter(({ type }) => type === "fallback");
    expect(told).toEqual([{ type: "fallback", sessionId: session.id, from: own, to: second, reason: "auth" }]);
    expect(called(prompt)).toEqual(["model", "second"]);
    const prompts = (await session.messages()).filter(({ info }) => info.role === "user");
    expect(prompts).toHaveLength(1);
  });

  test("the session has its own model again in the turn after a fallback", async () => {
    const prompt = script("own model afterwards", { model: { status: 401 } });
    const { sessionId } = await oc.ask(prompt, { fallbackModels: [second] });
    const answer = await oc.session(sessionId).ask(script("after the fallback", {}));
    expect(answer.model).toBe(own);
  });

  test("a steer at the event of a fallback is given to the next model once", async () => {
    const steer = "steer at the fallback";
    const prompt = script("steered at the fallback", { model: { status: 401 } });
    const session = await oc.createSession();
    const stream = session.askStream(prompt, { fallbackModels: [second] });
    let steered: Promise<SteerResult> | undefined;
    for await (const event of stream.events) if (event.type === "fallback") steered = stream.steer(steer);
    await (await steered)?.answer;
    await stream.answer;
    const steps = model.requests.filter(({ kind, sessionId }) => kind === "chat" && sessionId === session.id);
    expect(steps.filter(({ messages }) => JSON.stringify(messages).includes(steer))).toHaveLength(1);
  });

  test("a tool that ran before the failure does not run again, and the next model has its result", async () => {
    const { call, runs } = counting("once.txt");
    const failing: Script = ({ stepIndex }) => (stepIndex === 0 ? call : { status: 503, headers: soon });
    const prompt = script("tool before the failure", { model: failing });
    const answer = await oc.ask(prompt, { fallbackModels: [second] });
    expect(answer).toMatchObject({ text: "second answers", toolCalls: [{ status: "completed" }] });
    expect(await runs()).toBe(1);
    const last = model.requests.findLast((one) => one.model === "second" && promptOf(one) === prompt);
    expect(last?.toolResults.map(({ content }) => content.trim())).toEqual(["the result of once.txt"]);
  });

  test("a tool in the very step that has failed does not run again, and the next model has its result", async () => {
    const { call, runs } = counting("in-step.txt");
    const prompt = script("tool in the failed step", { model: { ...(call as object), end: "content_filter" } });
    const answer = await oc.ask(prompt, { fallbackModels: [second] });
    expect(answer.text).toBe("second answers");
    expect(await runs()).toBe(1);
    const last = model.requests.findLast((one) => one.model === "second" && promptOf(one) === prompt);
    expect(JSON.stringify(last?.messages)).toContain("the result of in-step.txt");
  });

  test("a filtered answer is taken out of the conversation before the next model is asked", async () => {
    const prompt = script("filtered answer", { model: filtered });
    const session = await oc.createSession();
    const stream = session.askStream(prompt, { fallbackModels: [second] });
    const events = await eventsOf(stream);
    expect((await stream.answer).text).toBe("second answers");
    expect(events.find(({ type }) => type === "fallback")).toMatchObject({ reason: "content-filter" });
    expect(JSON.stringify(await session.messages())).not.toContain("half a senten");
    expect(called(prompt)).toEqual(["model", "second"]);
  });

  test("a conversation that cannot be compacted goes on with a model that has room for it", async () => {
    const overflow: Reply = { status: 400, message: "This model's maximum context length is 10 tokens" };
    const prompt = script("too long for one", { model: overflow });
    const session = await oc.createSession();
    const stream = session.askStream(prompt, { fallbackModels: [second] });
    const events = await eventsOf(stream);
    expect((await stream.answer).text).toBe("second answers");
    expect(events.find(({ type }) => type === "fallback")).toMatchObject({ reason: "context-overflow" });
    expect((await session.ask(script("after the overflow", {}))).model).toBe(own);
  });

  test("a provider that asks for a wait beyond maxRetryWait is left for the next model", async () => {
    const prompt = script("long wait", { model: { status: 429, headers: { "retry-after": "600" } } });
    const answer = await oc.ask(prompt, { fallbackModels: [second] });
    expect(answer).toMatchObject({ text: "second answers", attempts: [{ model: own }, { model: second }] });
    expect(answer.attempts[0]?.error).toBeInstanceOf(ProviderRateLimitError);
    expect(answer.attempts[0]?.error).toHaveProperty("retryAt");
    expect(called(prompt)).toEqual(["model", "second"]);
  });

  test("the last model that asks for a long wait rejects with its limit, which is in the attempts, too", async () => {
    const wait = { status: 429, headers: { "retry-after": "600" } };
    const prompt = script("limits at the end", { model: { status: 401 }, second: wait });
    const error = await oc.ask(prompt, { fallbackModels: [second] }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "ProviderRateLimitError", attempts: [{ model: own }, { model: second }] });
    const [, last] = (error as AgentError).attempts as readonly { error?: Error }[];
    expect(last?.error).toBeInstanceOf(ProviderRateLimitError);
    expect(() => JSON.stringify(error)).not.toThrow();
  });

  test("a wait within maxRetryWait is waited for and no other model is asked", async () => {
    const replies: Reply[] = [{ status: 429, headers: soon }, "answers in the end"];
    const prompt = script("short wait", { model: () => replies.shift() ?? "" });
    const answer = await oc.ask(prompt, { fallbackModels: [second], maxRetryWait: 20_000 });
    expect(answer).toMatchObject({ text: "answers in the end", model: own, attempts: [{ model: own }] });
  });

  test.each([
    ["outage", 503],
    ["outage", 500],
    ["rate-limit", 429],
  ] as const)("the reason of a fallback is %s if the server waits too long after a %i", async (reason, status) => {
    const prompt = script(`a long wait after ${status}`, { model: { status } });
    const session = await oc.createSession();
    const stream = session.askStream(prompt, { fallbackModels: [second], maxRetryWait: 500 });
    const [events, answer] = await Promise.all([eventsOf(stream), stream.answer]);
    expect(events.find(({ type }) => type === "fallback")).toMatchObject({ from: own, to: second, reason });
    expect([answer.model, called(prompt)]).toEqual([second, ["model", "second"]]);
    expect(answer.attempts[0]?.error?.name).toBe(reason === "outage" ? "AgentError" : "ProviderRateLimitError");
  });

  test("a wait of the server is an outage by its words or its length, unless its words name a limit", () => {
    const isOutage = (message: string, attempt: number, wait: number): boolean =>
      isOutageWait({
        retry: { sessionId: "ses_1", attempt, message, next: 0 },
        wait,
        error: new ProviderRateLimitError(""),
      });
    expect(isOutage("Cannot connect to API", 5, 39_000)).toBe(true);
    expect(isOutage("Cannot connect to API", 1, 39_000)).toBe(false);
    expect(isOutage("Service Unavailable", 1, 120_000)).toBe(true);
    expect(isOutage("Too Many Requests", 5, 39_000)).toBe(false);
    expect(isOutage("Rate limit reached for model-x", 1, 2_300)).toBe(false);
  });

  test("a turn that all models have failed rejects with the last failure and lists all attempts", async () => {
    const prompt = script("all of them fail", { model: { status: 401 }, second: filtered, third: { status: 403 } });
    const session = await oc.createSession();
    const error: AgentError = await session.ask(prompt, { fallbackModels: [second, third] }).then(
      () => expect.fail("it was answered"),
      (reason: AgentError) => reason,
    );
    expect(error).toBeInstanceOf(ProviderAuthError);
    expect(error).toMatchObject({ status: 403, attempts: [{ model: own }, { model: second }, { model: third }] });
    const causes = (error.attempts as readonly { error?: Error }[]).map((attempt) => attempt.error?.name);
    expect(causes).toEqual(["ProviderAuthError", "ContentFilterError", "ProviderAuthError"]);
    expect(() => JSON.stringify(error)).not.toThrow();
    expect(called(prompt)).toEqual(["model", "second", "third"]);
    expect((await session.ask(script("after all have failed", {}))).model).toBe(own);
  });

  test("the session's own model in the list is asked once, and the models before it are not left out", async () => {
    const prompt = script("own model in the list", { model: { status: 401 }, second: { status: 401 } });
    const answer = await oc.ask(prompt, { fallbackModels: [second, own, third] });
    expect(answer.attempts.map((one) => one.model)).toEqual([own, second, third]);
    expect(called(prompt)).toEqual(["model", "second", "third"]);
  });

  test("a model whose output is repaired has not failed", async () => {
    const replies: Reply[] = ["no output", { structured: { n: 1 } }];
    const prompt = script("repaired by the same", { model: () => replies.shift() ?? "" });
    const answer = await oc.ask<{ n: number }>(prompt, { schema, fallbackModels: [second] });
    expect(answer).toMatchObject({ output: { n: 1 }, attempts: [{ model: own }] });
    expect(answer.attempts[0]?.error).toBeUndefined();
  });

  test("a failure that another model would not cure rejects at once", async () => {
    const prompt = script("bad request", { model: { status: 400 } });
    const asking = oc.ask(prompt, { fallbackModels: [second] });
    await expect(asking).rejects.toMatchObject({ status: 400, attempts: [{ model: own, error: { status: 400 } }] });
    expect(called(prompt)).toEqual(["model"]);
  });

  test("a structured output comes from the next model, and its repair asks that model", async () => {
    const replies: Reply[] = [{ structured: { n: "one" } }, { structured: { n: 1 } }];
    const prompt = script("structured fallback", { model: { status: 401 }, second: () => replies.shift() ?? "" });
    const answer = await oc.ask<{ n: number }>(prompt, { schema, fallbackModels: [second] });
    expect(answer).toMatchObject({ output: { n: 1 }, model: second, attempts: [{ model: own }, { model: second }] });
  });

  test("a structured output in words comes from the next model in an existing session", async () => {
    const prompt = script("structured in words", { model: filtered, second: '{"n": 2}' });
    const session = await oc.createSession();
    const answer = await session.ask<{ n: number }>(prompt, { schema, fallbackModels: [second] });
    expect(answer).toMatchObject({ output: { n: 2 }, model: second });
  });

  test("a fallback model whose request has lost its response is asked once", async () => {
    const { url, password } = oc.server ?? expect.fail("no server");
    await using proxy = await startTcpProxy(url);
    const { reconnectTimeout } = unhurried();
    await using client = await createOpencode({ baseUrl: proxy.url, password, directory, reconnectTimeout });
    proxy.block(/^GET \/event/);
    const prompt = script("lost response", {
      model: () => {
        proxy.loseAnswers(/^POST .*prompt_async/, 1); // the next one's, which is for the second model
        return { status: 401 };
      },
      second: { status: 401 },
    });
    const answer = await client.ask(prompt, { fallbackModels: [second, third] });
    expect([answer.model, called(prompt)]).toEqual([third, ["model", "second", "third"]]);
  });

  test("a variant goes along to a fallback model that has it and to no other", async () => {
    const prompt = script("with a variant", { model: { status: 401 }, second: { status: 401 } });
    await oc.ask(prompt, { model: own, variant: "high", fallbackModels: [second, third] });
    const efforts = model.requests
      .filter((one) => promptOf(one) === prompt)
      .map(({ body }) => body["reasoning_effort"]);
    expect(efforts).toEqual(["high", "high", undefined]);
  });

  test("the steps of all models count in the budget of a turn with fallback models", async () => {
    const { call, runs } = counting("budget.txt");
    const steps: Script = ({ stepIndex }) => (stepIndex === 0 ? call : { status: 401 });
    // A third step waits: the abort may come while a quick model is asked once more.
    const others: Script = ({ toolResults }) => (toolResults.length < 2 ? call : { silent: true });
    const prompt = script("budget over all", { model: steps, second: others });
    const asking = oc.ask(prompt, { fallbackModels: [second], maxSteps: 2 });
    await expect(asking).rejects.toBeInstanceOf(BudgetExceededError);
    await expect(asking).rejects.toMatchObject({ attempts: [{ model: own }, { model: second }] });
    expect(await runs()).toBe(2);
  });

  test("an abort ends a turn with fallback models and asks no other model", async () => {
    const prompt = script("aborted", { model: { text: ["begun"], end: "hang" } });
    const controller = new AbortController();
    const stream = oc.askStream(prompt, { fallbackModels: [second], signal: controller.signal });
    stream.answer.catch(() => {});
    await eventually("the model is asked", () => called(prompt).length > 0);
    controller.abort();
    await expect(stream.answer).rejects.toMatchObject({ name: "AbortedError" });
    expect(called(prompt)).toEqual(["model"]);
  });
});

describe("a prompt with fallback models that is asked again under its id", () => {
  test("a prompt that a fallback model has answered has its stored answer, and no model is asked", async () => {
    const prompt = script("answered by the second", { model: { status: 401 } });
    const session = await oc.createSession();
    const options = { messageId: messageId(), fallbackModels: [second] };
    await session.ask(prompt, options);
    const again = await session.ask(prompt, options);
    expect(again).toMatchObject({ text: "second answers", attempts: [{ model: own }, { model: second }] });
    expect(called(prompt)).toEqual(["model", "second"]);
  });

  test("a prompt whose process died after the failure of its model goes on with the next one", async () => {
    const { call, runs } = counting("again.txt");
    const steps: Script = ({ stepIndex }) => (stepIndex === 0 ? call : { status: 401 });
    const prompt = script("left after the failure", { model: steps });
    const session = await oc.createSession();
    const id = messageId();
    await expect(session.ask(prompt, { messageId: id })).rejects.toBeInstanceOf(ProviderAuthError);
    const answer = await session.ask(prompt, { messageId: id, fallbackModels: [second] });
    expect(answer).toMatchObject({ text: "second answers", attempts: [{ model: own }, { model: second }] });
    expect(await runs()).toBe(1);
    expect(called(prompt)).toEqual(["model", "model", "second"]);
  });

  test("a prompt whose process died in its model's wait goes on with the next one", async () => {
    const prompt = script("left in the wait", { model: { status: 429, headers: { "retry-after": "600" } } });
    const session = await oc.createSession();
    const id = messageId();
    const first = session.ask(prompt, { messageId: id, maxRetryWait: 1_000 });
    await expect(first).rejects.toBeInstanceOf(ProviderRateLimitError);
    const answer = await session.ask(prompt, { messageId: id, fallbackModels: [second] });
    expect(answer).toMatchObject({ text: "second answers", model: second });
    expect(called(prompt)).toEqual(["model", "second"]);
  });

  test("a prompt whose process is killed while the next model writes has that answer in the next process", async () => {
    const rest = hold(" in the end");
    const prompt = script("killed at the second", { model: filtered, second: () => ({ text: ["an answer", rest] }) });
    const session = await oc.createSession();
    const id = messageId();
    const turn = { fallbackModels: [second] };
    const { baseUrl } = oc.client;
    const options = {
      baseUrl,
      password: oc.server?.password,
      ...(session.directory && { directory: session.directory }),
    };
    const asker = runAsker({ options, sessionId: session.id, messageId: id, prompt, turn });
    await killWhen(asker, () => called(prompt).includes("second"));
    const answering = session.ask(prompt, { messageId: id, ...turn });
    rest.release();
    expect(await answering).toMatchObject({ text: "an answer in the end", model: second });
    expect(called(prompt)).toEqual(["model", "second"]);
  });

  test("a prompt that the last model has failed rejects with the stored failure, and no model is asked", async () => {
    const prompt = script("stored failure", { model: { status: 401 }, second: { status: 403 } });
    const session = await oc.createSession();
    const options = { messageId: messageId(), fallbackModels: [second] };
    await expect(session.ask(prompt, options)).rejects.toMatchObject({ status: 403 });
    await expect(session.ask(prompt, options)).rejects.toMatchObject({
      status: 403,
      attempts: [{ model: own }, { model: second }],
    });
    expect(called(prompt)).toEqual(["model", "second"]);
  });

  test("two callers of one id share a turn that falls back", async () => {
    const prompt = script("shared fallback", { model: filtered });
    const session = await oc.createSession();
    const options = { messageId: messageId(), fallbackModels: [second] };
    const answers = await Promise.all([session.ask(prompt, options), session.ask(prompt, options)]);
    expect(answers.map(({ text }) => text)).toEqual(["second answers", "second answers"]);
    expect(called(prompt)).toEqual(["model", "second"]);
  });
});

describe("the option fallbackModels", () => {
  const bad: readonly [string, unknown][] = [
    ["an empty list", []],
    ["no list", second],
    ["a name without a provider", ["second"]],
    ["a name twice", [second, second]],
    ["the turn's model", [own]],
  ];

  test.each(bad)("fallbackModels with %s is refused before anything is sent", async (_what, fallbackModels) => {
    const before = model.requests.length;
    const asking = oc.ask("never sent", { model: own, fallbackModels: fallbackModels as string[] });
    await expect(asking).rejects.toThrow(/fallbackModels/);
    await expect(asking).rejects.toBeInstanceOf(ConfigError);
    expect(model.requests.length).toBe(before);
  });

  test("an unknown fallback model is refused before anything is sent", async () => {
    const before = model.requests.length;
    const options = { fallbackModels: [second, "scripted/secnd"] };
    await expect(oc.ask("never sent either", options)).rejects.toBeInstanceOf(ModelNotFoundError);
    const session = await oc.createSession();
    await expect(session.ask("nor this", options)).rejects.toMatchObject({ suggestions: [second, third] });
    expect(model.requests.length).toBe(before);
    expect(await session.messages()).toEqual([]);
  });

  test("fallbackModels of a client hold for its turns, without the model of a turn", async () => {
    const { client, server } = oc;
    const given = { baseUrl: client.baseUrl, password: server?.password, fallbackModels: [second, third] };
    await using another = await createOpencode({ ...given, ...(client.directory && { directory: client.directory }) });
    const prompt = script("default of a client", { model: { status: 401 }, second: { status: 401 } });
    expect((await another.ask(prompt)).attempts.map((one) => one.model)).toEqual([own, second, third]);
    expect((await another.ask(prompt, { model: second })).attempts.map((one) => one.model)).toEqual([second, third]);
    await expect(another.ask(prompt, { model: second, fallbackModels: [second] })).rejects.toBeInstanceOf(ConfigError);
    const session = await another.createSession();
    expect((await session.shell("echo a line")).toolCalls).toHaveLength(1);
  });

  test("fallbackModels is no option of a shell line", async () => {
    const session = await oc.createSession();
    const options = { fallbackModels: [second] } as object;
    await expect(session.shell("echo", options)).rejects.toBeInstanceOf(ConfigError);
  });

  test("the failure of a model rejects without attempts in a turn that has no fallbackModels", async () => {
    const prompt = script("no fallback", { model: filtered });
    const error = await oc.ask(prompt).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ContentFilterError);
    expect(error).not.toHaveProperty("attempts");
    expect((error as ContentFilterError).answer?.attempts).toEqual([{ model: own }]);
  });
});
