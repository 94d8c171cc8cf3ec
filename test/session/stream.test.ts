import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AbortedError, type AgentEvent, type Part } from "../../src/index.js";
import { hold, toolCall } from "../../src/testing/index.js";
import { eventually, type Fixture, startFixture } from "../support/fixture.js";
import { scaled } from "../support/slowness.js";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

async function collect(stream: AsyncIterable<string>): Promise<string[]> {
  const chunks: string[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

/** The assistant's text parts as stored. */
async function storedText(sessionId: string): Promise<string> {
  const messages = await fixture.oc.session(sessionId).messages();
  const parts: Part[] = messages.filter(({ info }) => info.role === "assistant").flatMap((message) => message.parts);
  return parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}

describe("askStream()", () => {
  test("askStream() gives the first text before the model has written the rest", async () => {
    const rest = hold(" and the rest");
    fixture.answer("slowly", { text: ["the beginning", rest] });
    const stream = fixture.oc.askStream("slowly");
    const iterator = stream[Symbol.asyncIterator]();
    expect(await iterator.next()).toEqual({ done: false, value: "the beginning" });
    rest.release();
    expect(await iterator.next()).toEqual({ done: false, value: " and the rest" });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect((await stream.answer).text).toBe("the beginning and the rest");
  });

  test("askStream() gives exactly the stored text parts, without reasoning, prompt and tool output", async () => {
    fixture.answer(
      "mixed",
      toolCall(
        "bash",
        { command: "echo tool-output", description: "say" },
        { reasoning: "secret thought", text: ["Running", " it.  "] },
      ),
      { reasoning: ["more", " thought"], text: ["Done", ": ", "ünï 中\n", "  "] },
    );
    const stream = fixture.oc.askStream("mixed");
    const chunks = await collect(stream);
    const { sessionId, text } = await stream.answer;
    expect(chunks.join("")).toBe(await storedText(sessionId));
    expect(chunks.join("")).toBe("Running it.  Done: ünï 中\n  ");
    expect(text).toBe("Done: ünï 中\n  ");
  });

  test("askStream() gives the events of a run in order", async () => {
    fixture.answer("events", toolCall("bash", { command: "echo 1", description: "one" }, { reasoning: "hm" }), "end");
    const stream = fixture.oc.askStream("events");
    const types: AgentEvent["type"][] = [];
    for await (const event of stream.events) types.push(event.type);
    const interesting = types.filter((type) => !["status", "raw"].includes(type));
    expect(interesting).toEqual([
      "start",
      "step-start",
      "reasoning-delta",
      "tool-call",
      "tool-progress",
      "tool-result",
      "step-finish",
      "step-start",
      "text-delta",
      "step-finish",
      "finish",
    ]);
  });

  test("a stream that nobody iterates settles, and its session id is known", async () => {
    const stream = fixture.oc.askStream("nobody reads this");
    expect(await stream.sessionId).toMatch(/^ses_/);
    expect((await stream.answer).text).toBe("echo: nobody reads this");
  });

  test("the text and the events of one stream can be read at the same time", async () => {
    const stream = fixture.oc.askStream("both");
    const [chunks, events] = await Promise.all([
      collect(stream),
      (async () => {
        const texts: string[] = [];
        for await (const event of stream.events) if (event.type === "text-delta") texts.push(event.text);
        return texts;
      })(),
    ]);
    expect(chunks.join("")).toBe("echo: both");
    expect(events.join("")).toBe("echo: both");
  });

  test("a stream cannot be iterated twice", async () => {
    const stream = fixture.oc.askStream("once");
    await collect(stream);
    await expect(collect(stream)).rejects.toThrow(/iterated already/);
  });

  test("a stream tells of the server's retry, and its answer has no text of the failed attempt", async () => {
    fixture.answer("shaky", (request) =>
      fixture.model.calls("shaky") === 1
        ? { text: ["abandoned "], end: { error: "overloaded" } }
        : { text: `whole answer, step ${request.stepIndex}` },
    );
    const stream = fixture.oc.askStream("shaky");
    const events: AgentEvent[] = [];
    for await (const event of stream.events) events.push(event);
    expect(events.find((event) => event.type === "retry")).toMatchObject({ attempt: 1 });
    const streamed = events.map((event) => (event.type === "text-delta" ? event.text : "")).join("");
    const answer = await stream.answer;
    expect(streamed).toBe(`abandoned ${answer.text}`);
    expect(answer.text).toBe("whole answer, step 0");
  });
});

describe("abort of a stream", () => {
  const isRunning = async (sessionId: string): Promise<boolean> =>
    (await fixture.oc.session(sessionId).status()).type !== "idle";

  test("break in a loop over a stream aborts the run on the server", async () => {
    fixture.answer("endless", { text: ["a ", "b "], end: "hang" });
    const stream = fixture.oc.askStream("endless");
    const sessionId = await stream.sessionId;
    for await (const _chunk of stream) break;
    expect(await isRunning(sessionId)).toBe(false);
    await expect(stream.answer).rejects.toBeInstanceOf(AbortedError);
  });

  test("break in a loop over a stream with detach: true leaves the run going", async () => {
    const rest = hold("late");
    fixture.answer("detached", { text: ["early ", rest] });
    const stream = fixture.oc.askStream("detached", { detach: true });
    for await (const _chunk of stream) break;
    expect(await isRunning(await stream.sessionId)).toBe(true);
    rest.release();
    expect((await stream.answer).text).toBe("early late");
  });

  test("abort() rejects the iteration and the answer of a stream, with the partial answer", async () => {
    fixture.answer("to be aborted", { text: ["partial ", "text"], end: "hang" });
    const stream = fixture.oc.askStream("to be aborted");
    const seen: string[] = [];
    const reading = (async () => {
      for await (const chunk of stream) {
        seen.push(chunk);
        if (seen.join("") === "partial text") void stream.abort();
      }
    })();
    await expect(reading).rejects.toBeInstanceOf(AbortedError);
    const error = await stream.answer.catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "AbortedError", answer: { text: "partial text" } });
    expect(seen.join("")).toBe("partial text");
  });

  test("break during a tool call aborts the turn, and the session is idle", async () => {
    fixture.answer("sleeping tool", toolCall("bash", { command: "sleep 300", description: "sleep" }), "never");
    const controller = new AbortController();
    const stream = fixture.oc.askStream("sleeping tool", { signal: controller.signal });
    for await (const event of stream.events) {
      if (event.type === "tool-call") break;
    }
    const error = await stream.answer.catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "AbortedError" });
    expect(await isRunning(await stream.sessionId)).toBe(false);
  });

  test("ask() with an aborted signal makes no model call", async () => {
    const before = fixture.model.requests.length;
    await expect(fixture.oc.ask("never sent", { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(AbortedError);
    expect(fixture.model.requests.length).toBe(before);
  });

  test("the timeout of a turn ends the run on the server and rejects with the partial answer", async () => {
    fixture.answer("too slow", { text: ["some"], end: "hang" });
    const session = await fixture.oc.createSession();
    const error = await session.ask("too slow", { timeout: scaled(2_000) }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "TurnTimeoutError", answer: { text: "some" } });
    expect(await isRunning(session.id)).toBe(false);
    expect((await session.ask("after it")).text).toBe("echo: after it");
  });

  test("break during the server's retry wait rejects the answer, and the session becomes idle", async () => {
    fixture.answer("limited", { status: 429, headers: { "retry-after": "120" } });
    const stream = fixture.oc.askStream("limited");
    for await (const event of stream.events) if (event.type === "retry") break;
    await expect(stream.answer).rejects.toBeInstanceOf(AbortedError);
    await eventually("idle", async () => !(await isRunning(await stream.sessionId)));
  });
});
