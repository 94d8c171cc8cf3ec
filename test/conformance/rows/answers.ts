/** Answers of the model: text, reasoning, usage, and the ways in which a model call fails. */
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import {
  type AgentEvent,
  AgentNotFoundError,
  type AnswerStream,
  attach,
  ContentFilterError,
  ContextOverflowError,
  ModelNotFoundError,
  ProviderAuthError,
  RunawayError,
  type SettledNotice,
  UnsupportedEndpointError,
} from "../../../src/index.js";
import { failing, hold, type ModelRequest } from "../../../src/testing/index.js";
import { startHttpServer } from "../../support/http-server.js";
import { absent, type Behaviour, behaviour, differs } from "../behaviour.js";
import { refuses } from "../refusal.js";
import type { World } from "../world.js";

/** One transparent pixel. */
const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** The requests of two turns of one session, the first of them with a system text. */
async function systemTexts({ oc, model }: World): Promise<readonly ModelRequest[]> {
  const session = await oc.createSession({ title: "system" });
  await session.ask("with system text", { system: "Say it in Latin." });
  await session.ask("without the text");
  return model.requests.filter(({ lastUserText }) => /with(out the| system) text/.test(lastUserText));
}

const tooLong = { status: 400, message: "This model's maximum context length is 200000 tokens." };

/** The model is overloaded once. */
function askWithRetry({ oc, answer }: Pick<World, "oc" | "answer">, prompt: string): AnswerStream<undefined> {
  let tries = 0;
  const busy = { status: 503, headers: { "retry-after": "0.2" } };
  answer(prompt, () => (tries++ === 0 ? busy : "after all"));
  return oc.askStream(prompt);
}

/** The first model is limited for so many seconds; the turn goes on with another one. */
async function limited({ oc, answer }: Pick<World, "oc" | "answer">, prompt: string, wait: string): Promise<void> {
  const refusal = { status: 429, headers: { "retry-after": wait } };
  answer(prompt, ({ model }) => (model === "other" ? "not limited" : refusal));
  const stream = oc.askStream(prompt, { fallbackModels: ["scripted/other"] });
  const told = (await readAll(stream)).filter(({ type }) => type === "fallback");
  expect(told).toMatchObject([{ from: "scripted/model", to: "scripted/other", reason: "rate-limit" }]);
  expect(await stream.answer).toMatchObject({ model: "scripted/other" });
}

/** All events of the stream, and its answer. */
async function readAll(stream: AnswerStream<undefined>): Promise<readonly AgentEvent[]> {
  const events: AgentEvent[] = [];
  for await (const event of stream.events) events.push(event);
  await stream.answer;
  return events;
}

const textOf = (events: readonly AgentEvent[], type: "text-delta" | "reasoning-delta"): string =>
  events.map((event) => (event.type === type ? event.text : "")).join("");

const noNativeOutput = absent(
  '2.x has no structured output of its own. Use `structured: "prompt"`.',
  async ({ oc, callsOf }) => {
    const asked = oc.ask("natively absent", { schema: { type: "object" }, structured: "native" });
    await expect(asked).rejects.toBeInstanceOf(UnsupportedEndpointError);
    expect(callsOf("natively absent")).toBe(0);
  },
);

/** In the order of the table. */
export const answers: readonly Behaviour[] = [
  behaviour("an answer has the text, the model, the finish reason and the tokens", async ({ oc, answer, model }) => {
    const usage = { input: 70, output: 15, reasoning: 5, cacheRead: 30 };
    answer("plain", { text: ["one ", "two"], reasoning: ["think"], usage });
    const got = await oc.ask("plain");
    expect(got).toMatchObject({
      text: "one two",
      model: model.model,
      finishReason: "stop",
      denials: [],
      toolCalls: [],
    });
    expect(got.usage).toMatchObject({ input: 70, output: 15, reasoning: 5, cacheRead: 30, total: 120 });
    expect(got.parts.filter(({ type }) => type === "reasoning")).toMatchObject([{ text: "think" }]);
  }),

  behaviour("a stream has each piece of text once, equal to the stored text", async ({ oc, answer }) => {
    const pieces = Array.from({ length: 40 }, (_, index) => `piece ${index} `);
    answer("pieces", { text: pieces, reasoning: ["a ", "b ", "c"] });
    const stream = oc.askStream("pieces");
    const events = await readAll(stream);
    const { text, sessionId } = await stream.answer;
    expect(text).toBe(pieces.join(""));
    expect(textOf(events, "text-delta")).toBe(text);
    expect(textOf(events, "reasoning-delta")).toBe("a b c");
    const [stored] = (await oc.session(sessionId).messages({ limit: 1 })).flatMap(({ parts }) =>
      parts.filter(({ type }) => type === "text"),
    );
    expect(stored).toMatchObject({ text });
  }),

  behaviour(
    "an empty answer and one that is cut by the length resolve with their finish reason",
    async ({ oc, answer }) => {
      answer("nothing", {});
      answer("too long", { text: "cut", end: "length" });
      expect(await oc.ask("nothing")).toMatchObject({ text: "", finishReason: "stop" });
      expect(await oc.ask("too long")).toMatchObject({ text: "cut", finishReason: "length" });
    },
  ),

  behaviour("an answer that the content filter cuts rejects with ContentFilterError", async ({ oc, answer }) => {
    answer("filtered", { text: "half", end: "content_filter" });
    await expect(oc.ask("filtered")).rejects.toBeInstanceOf(ContentFilterError);
  }),

  behaviour("a refused key rejects with ProviderAuthError after one model call", async ({ oc, answer, callsOf }) => {
    answer("no key", { status: 401, message: "bad key" });
    await expect(oc.ask("no key")).rejects.toMatchObject({ name: ProviderAuthError.name });
    expect(callsOf("no key")).toBe(1);
  }),

  behaviour(
    "an overloaded model is asked again, and the turn has the later answer",
    async ({ oc, answer, callsOf }) => {
      const busy = { status: 503, headers: { "retry-after": "0.2" } };
      let tries = 0;
      const [first, second] = failing(1, busy, "after all");
      answer("overloaded", () => (tries++ === 0 ? first : second) ?? "none");
      expect(await oc.ask("overloaded")).toMatchObject({ text: "after all" });
      expect(callsOf("overloaded")).toBe(2);
    },
  ),

  behaviour(
    "a turn whose model fails goes on with a fallback model, and its tool runs once",
    async ({ oc, answer, bash, directory }) => {
      const call = bash("echo ran >> fallback.txt");
      answer("fallen back", ({ model, stepIndex }) =>
        model === "other" ? "the other answers" : stepIndex === 0 ? call : { status: 401 },
      );
      const session = await oc.createSession({ title: "fallback" });
      const stream = session.askStream("fallen back", { fallbackModels: ["scripted/other"] });
      const told = (await readAll(stream)).filter(({ type }) => type === "fallback");
      expect(told).toMatchObject([{ from: "scripted/model", to: "scripted/other", reason: "auth" }]);
      const models = [{ model: "scripted/model" }, { model: "scripted/other" }];
      const got = await stream.answer;
      expect(got).toMatchObject({ model: "scripted/other", attempts: models, toolCalls: [{ status: "completed" }] });
      expect(readFileSync(join(directory, "fallback.txt"), "utf8").trim()).toBe("ran");
      expect((await session.ask("after the fallback")).model).toBe("scripted/model");
    },
  ),

  behaviour(
    "a filtered answer gives way to that of a fallback model, once for one prompt id",
    async ({ oc, answer, model }) => {
      answer("filtered first", (request) =>
        request.model === "other" ? "not filtered" : { text: "half", end: "content_filter" },
      );
      const session = await oc.createSession({ title: "filter" });
      const messageId = `msg_${crypto.randomUUID().replaceAll("-", "")}`;
      const options = { messageId, fallbackModels: ["scripted/other"] };
      const first = await session.ask("filtered first", options);
      // The preview asks for a title at any time, without tools.
      const isStep = ({ tools, messages }: ModelRequest): boolean =>
        tools.length > 0 && JSON.stringify(messages).includes("filtered first");
      const steps = () => model.requests.filter(isStep).map((request) => request.model);
      const before = steps();
      const again = await session.ask("filtered first", options);
      expect(first).toMatchObject({ model: "scripted/other", attempts: [{ model: "scripted/model" }, {}] });
      expect(again).toMatchObject({ model: "scripted/other", text: first.text });
      expect([before, steps()]).toEqual([
        ["model", "other"],
        ["model", "other"],
      ]);
    },
  ),

  behaviour(
    "a provider that asks for a wait beyond maxRetryWait is left for a fallback model",
    (world) => limited(world, "asks for a wait", "600"),
    {
      preview: differs(
        "The preview tells of no wait: the limit counts when its own retries have failed, however long they wait.",
        (world) => limited(world, "asks for a short wait", "0.2"),
      ),
    },
  ),

  behaviour(
    "a retry event tells that the server asks the model again",
    async ({ oc, answer }) => {
      const events = await readAll(askWithRetry({ oc, answer }, "told of the retry"));
      expect(events.filter(({ type }) => type === "retry")).toMatchObject([{ attempt: 1 }]);
    },
    {
      preview: differs("The preview asks the model again without telling it.", async ({ oc, answer }) => {
        const events = await readAll(askWithRetry({ oc, answer }, "told of no retry"));
        expect(events.map(({ type }) => type)).not.toContain("retry");
      }),
    },
  ),

  behaviour(
    "a prompt that does not fit is answered after a compaction",
    async ({ oc, answer }) => {
      const session = await oc.createSession({ title: "overflow" });
      await session.ask("something to compact");
      let tries = 0;
      answer("does not fit", () => (tries++ === 0 ? tooLong : "it fits now"));
      expect(await session.ask("does not fit")).toMatchObject({ text: "it fits now" });
    },
    {
      preview: differs("The preview ends the run. It compacts by its own estimate only.", async ({ oc, answer }) => {
        answer("does not fit", tooLong);
        await expect(oc.ask("does not fit")).rejects.toBeInstanceOf(ContextOverflowError);
      }),
    },
  ),

  behaviour("a compaction by the server itself is an event, and the session goes on", async ({ oc, answer }) => {
    // Full by what the model says, and by the length of the text: servers count one or the other.
    answer("fill the context", { text: "filled", usage: { input: 19_500, output: 50 } });
    const session = await oc.createSession({ title: "full", model: "scripted/small" });
    const events = [
      ...(await readAll(session.askStream(`fill the context ${"word ".repeat(12_000)}`))),
      ...(await readAll(session.askStream("behind the full context"))),
    ];
    expect(events.map(({ type }) => type)).toContain("compacted");
    const last = "the prompt behind all compactions"; // longer than the others: its message may have them in it
    answer(last, "went on");
    expect(await session.ask(last)).toMatchObject({ text: "went on" });
  }),

  behaviour("an unknown model rejects with ModelNotFoundError before the model is asked", async ({ oc, callsOf }) => {
    await expect(oc.ask("unknown model", { model: "scripted/nobody" })).rejects.toBeInstanceOf(ModelNotFoundError);
    await expect(oc.ask("unknown model", { model: "nobody/model" })).rejects.toBeInstanceOf(ModelNotFoundError);
    expect(callsOf("unknown model")).toBe(0);
  }),

  behaviour("an unknown agent rejects with AgentNotFoundError before the model is asked", async ({ oc, callsOf }) => {
    await expect(oc.ask("unknown agent", { agent: "nobody" })).rejects.toBeInstanceOf(AgentNotFoundError);
    expect(callsOf("unknown agent")).toBe(0);
  }),

  behaviour("the first prompt in a new directory is answered", async ({ connect, folder }) => {
    const oc = await connect({ directory: await folder() });
    expect(await oc.ask("first prompt here")).toMatchObject({ text: "echo: first prompt here" });
  }),

  behaviour("an agent of one turn is not the agent of the next turn", async ({ oc, answer }) => {
    answer("as plan", "planned");
    answer("as before", "built");
    const session = await oc.createSession({ title: "agents" });
    await session.ask("as plan", { agent: "plan" });
    await session.ask("as before");
    const agents = (await session.messages()).flatMap(({ info }) => (info.role === "assistant" ? [info.mode] : []));
    expect(agents).toEqual(["plan", "build"]);
  }),

  behaviour("the agent of createSession() runs the turns that name none, also for another client", async (world) => {
    const { id } = await world.oc.createSession({ title: "own agent", agent: "plan" });
    const session = (await world.connect()).session(id);
    await session.ask("as its own");
    await session.ask("as another", { agent: "build" });
    await (await world.connect()).session(id).ask("as its own again");
    const agents = (await session.messages()).flatMap(({ info }) => (info.role === "assistant" ? [info.mode] : []));
    expect(agents).toEqual(["plan", "build", "plan"]);
  }),

  behaviour("a model of one turn is not the model of the next turn, also for another client", async (world) => {
    const session = await world.oc.createSession({ title: "models" });
    const models = [await session.ask("by its own"), await session.ask("by the other", { model: "scripted/other" })];
    const another = (await world.connect()).session(session.id);
    models.push(await another.ask("by its own again"), await session.ask("and again"));
    expect(models.map(({ model }) => model)).toEqual(
      ["model", "other", "model", "model"].map((id) => `scripted/${id}`),
    );
  }),

  behaviour(
    "a system text of one turn reaches the model in this turn only",
    async (world) => {
      const [first, second] = await systemTexts(world);
      expect(JSON.stringify(first?.body)).toContain("Say it in Latin.");
      expect(second?.system).not.toContain("Say it in Latin.");
      expect(second?.lastUserText).not.toContain("Say it in Latin.");
    },
    {
      "stand-in-2.1": differs(
        "2.1 keeps the text in the conversation. The next turn is told that it no longer counts.",
        async (world) => {
          const [first, second] = await systemTexts(world);
          expect(JSON.stringify(first?.body)).toContain("Say it in Latin.");
          expect(JSON.stringify(second?.body)).toContain("no longer counts");
        },
      ),
    },
  ),

  behaviour("onSettled tells a function and a signed web hook once of a settled turn", async ({ oc, answer }) => {
    answer("settled", "the end");
    const notices: SettledNotice[] = [];
    const { messageId, sessionId } = await oc.ask("settled", { onSettled: (notice) => notices.push(notice) });
    await using receiver = await startHttpServer((_request, response, count) => {
      response.writeHead(count === 1 ? 500 : 204).end();
    });
    const secret = `whsec_${Buffer.alloc(32, "key").toString("base64")}`;
    const hooked = await oc.ask("settled", { onSettled: { url: receiver.url, secret } });
    await receiver.arrived(2);
    expect(notices).toMatchObject([
      { id: `${messageId}-answered`, data: { messageId, sessionId, outcome: "answered", text: "the end" } },
    ]);
    for (const { headers, body } of receiver.requests) {
      const { "webhook-id": id, "webhook-timestamp": time, "webhook-signature": signature } = headers;
      const signed = createHmac("sha256", Buffer.alloc(32, "key")).update(`${id}.${time}.${body}`).digest("base64");
      expect({ id, signature }).toEqual({ id: `${hooked.messageId}-answered`, signature: `v1,${signed}` });
    }
  }),

  behaviour("maxSteps ends a turn that goes on with BudgetExceededError", async ({ oc, answer, bash }) => {
    answer("goes on", bash("echo 1"), bash("echo 2"), bash("echo 3"), "end");
    await expect(oc.ask("goes on", { maxSteps: 2 })).rejects.toMatchObject({ name: "BudgetExceededError" });
  }),

  behaviour(
    "maxRepeats tells of an agent that goes round in circles, refuses its call, and ends it with RunawayError",
    async ({ oc, answer, bash, model }) => {
      answer("goes round", bash("echo round"));
      const session = await oc.createSession({ title: "round" });
      const stream = session.askStream("goes round", {
        maxRepeats: 2,
        permission: { bash: "ask" },
        onPermission: () => "once",
      });
      const loops: AgentEvent[] = [];
      const replies: string[] = [];
      const reading = (async () => {
        for await (const event of stream.events) {
          if (event.type === "loop") loops.push(event);
          if (event.type === "permission-reply") replies.push(event.reply);
        }
      })();
      await expect(stream.answer).rejects.toMatchObject({ name: RunawayError.name, tool: "bash", count: 4 });
      await reading.catch(() => {});
      expect(loops).toEqual([{ type: "loop", sessionId: session.id, tool: "bash", count: 2 }]);
      expect(replies).toEqual(["once", "once", "reject", "reject"]);
      expect(model.requests.filter(({ lastUserText }) => lastUserText.includes("goes round")).length).toBeGreaterThan(
        3,
      );
    },
  ),

  behaviour("a structured answer that does not fit is repaired by a second prompt", async ({ oc, answer }) => {
    const schema = { type: "object", properties: { count: { type: "number" } }, required: ["count"] } as const;
    answer("how many", '{"count":"two"}');
    answer("Your final answer does not fit", '{"count":2}');
    const session = await oc.createSession({ title: "structured" });
    expect(await session.ask("how many", { schema, structured: "prompt" })).toMatchObject({ output: { count: 2 } });
  }),

  behaviour("partialOutput grows with the text of a structured answer", async ({ oc, answer }) => {
    const properties = { name: { type: "string" }, count: { type: "number" } } as const;
    const schema = { type: "object", properties, required: ["name", "count"] } as const;
    const last = hold('"count":1}');
    // 2.x has the instructions in the prompt: its text is the longest script that they could have.
    const prompt = "write the object piece by piece, so that it grows";
    answer(prompt, { text: ['{"name":"A', 'da",', last] }, '{"name":"Ada","count":1}'); // a call may be repeated
    const stream = oc.askStream(prompt, { schema, structured: "prompt" });
    const values: unknown[] = [];
    for await (const value of stream.partialOutput) {
      values.push(value);
      if (JSON.stringify(value) === '{"name":"Ada"}') last.release();
    }
    expect(values).toContainEqual({ name: "Ada" });
    expect(values.at(-1)).toBe((await stream.answer).output);
    expect(values.at(-1)).toEqual({ name: "Ada", count: 1 });
  }),

  behaviour(
    "a structured answer in the server's own form has the output",
    async ({ oc, answer }) => {
      const schema = { type: "object", properties: { count: { type: "number" } }, required: ["count"] } as const;
      answer("natively how many", { structured: { count: 3 } });
      expect(await oc.ask("natively how many", { schema, structured: "native" })).toMatchObject({
        output: { count: 3 },
      });
    },
    { preview: noNativeOutput, "stand-in-2.1": noNativeOutput },
  ),

  behaviour("an answer has the cost of its tokens by the price of the model", async ({ oc, answer }) => {
    answer("what does it cost", { text: "1 and 2 USD per million", usage: { input: 1_000, output: 1_000 } });
    expect(await oc.ask("what does it cost")).toMatchObject({ cost: 0.003, costKnown: true });
  }),

  behaviour("maxCost ends a turn that goes on with BudgetExceededError", async ({ oc, answer, calls }) => {
    const bash = { name: "bash", args: { command: "echo spent", description: "d" } };
    answer("spend more", { ...calls(bash), usage: { input: 1_000, output: 1_000 } }, "end");
    await expect(oc.ask("spend more", { maxCost: 0.001 })).rejects.toMatchObject({ name: "BudgetExceededError" });
  }),

  behaviour(
    "a budget of a session binds every client, and refuses a turn before the model is asked",
    async ({ oc, connect, callsOf }) => {
      const session = await oc.createSession({ budget: { steps: 2 } });
      await session.ask("spend of a session");
      const other = (await connect()).session(session.id);
      await other.ask("spend of a session");
      await expect(other.ask("spend of a session")).rejects.toMatchObject({
        name: "BudgetExceededError",
        scope: "session",
      });
      expect(callsOf("spend of a session")).toBe(2);
      expect(await session.budget()).toMatchObject({ spent: { steps: 2 }, left: { steps: 0 } });
    },
    {
      preview: absent(
        "The preview keeps no metadata of a session. Give the budget to `createOpencode()`.",
        async ({ oc }) => {
          await refuses(oc.createSession({ budget: { steps: 2 } }));
        },
      ),
    },
  ),

  behaviour(
    "a budget of a client holds over its sessions, and a turn that uses the rest is aborted",
    async ({ connect, answer, bash, callsOf }) => {
      const client = await connect({ budget: { steps: 2 }, permission: { bash: "allow" } });
      await client.ask("spend of a client");
      answer("spend it all", bash("echo spent"), bash("echo spent"), "end");
      const refused = { name: "BudgetExceededError", scope: "client", limit: "budget.steps" };
      await expect(client.ask("spend it all")).rejects.toMatchObject({ ...refused, used: 2 });
      await expect(client.ask("spend of a client")).rejects.toMatchObject(refused);
      expect(callsOf("spend of a client")).toBe(1);
    },
  ),

  behaviour("an image reaches the model, and a text file is part of the prompt", async ({ oc, model }) => {
    const files = [
      attach(png, { filename: "dot.png" }),
      attach(new TextEncoder().encode("line of the file\n"), { filename: "a.txt" }),
    ];
    await oc.ask("look at the files", { files });
    const [request] = model.requests.filter(
      ({ kind, lastUserText }) => kind === "chat" && lastUserText.includes("look at"),
    );
    const sent = JSON.stringify(request?.body);
    expect([sent.includes("line of the file"), sent.includes("data:image/png;base64,")]).toEqual([true, true]);
  }),
];
