/** The server compacts a session by itself, in a turn and after it: the text and the answer are the prompt's all the same. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AgentEvent, AnswerStream } from "../../../src/index.js";
import { toolCall } from "../../../src/testing/index.js";
import { type Fixture, startFixture } from "../../support/fixture.js";

/** Nearly all of a context of 10,000 tokens. */
const usage = { input: 9_900, output: 50 };
const limit = { limit: { context: 10_000, output: 1_000 } };
const continued = "Continue if you have next steps";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture(
    {},
    ({ lastUserText, messages, stepIndex }) => {
      if (lastUserText.startsWith(continued)) return { text: ["after ", "the ", "compaction"], reasoning: "hm" };
      const isFirst = stepIndex === 0 && !JSON.stringify(messages).includes("THE SUMMARY");
      if (lastUserText === "full after a tool" && isFirst) {
        return { ...toolCall("bash", { command: "true", description: "d" }, { text: "before " }), usage };
      }
      if (lastUserText === "full after a tool") return { text: ["after ", "the ", "compaction"] };
      if (lastUserText === "too long" && isFirst) {
        return { status: 400, message: "This model's maximum context length is 10000 tokens." };
      }
      if (lastUserText === "too long") return { text: ["after ", "the ", "compaction"] };
      if (lastUserText === "full after the answer") return { text: "the real answer", usage };
      if (lastUserText === "full after json") return { text: '{"a": 1}', usage };
      return undefined;
    },
    { summary: "THE SUMMARY", model: limit },
  );
});
afterAll(() => fixture[Symbol.asyncDispose]());

async function collect(stream: AnswerStream<undefined>): Promise<{ text: string; events: AgentEvent[] }> {
  const events: AgentEvent[] = [];
  for await (const event of stream.events) events.push(event);
  return { events, text: events.map((event) => (event.type === "text-delta" ? event.text : "")).join("") };
}

describe("a compaction in a turn", () => {
  test("the streamed text goes on after a compaction within a turn, without the summary", async () => {
    const stream = fixture.oc.askStream("full after a tool");
    const { text, events } = await collect(stream);
    expect(text).toBe("before after the compaction");
    expect((await stream.answer).text).toBe("after the compaction");
    expect(events.map(({ type }) => type)).toContain("compacted");
  });

  test("a prompt that is too long is answered and streamed after a compaction", async () => {
    const session = await fixture.oc.createSession({ title: "t" });
    await session.ask("something to compact");
    const stream = session.askStream("too long");
    expect((await collect(stream)).text).toBe("after the compaction");
    expect((await stream.answer).text).toBe("after the compaction");
  });

  test("events() of a directory has no text of a compaction's summary", async () => {
    const session = await fixture.oc.createSession({ title: "t" });
    const events: AgentEvent[] = [];
    const listening = (async () => {
      for await (const event of fixture.oc.events()) {
        if (event.sessionId !== session.id) continue; // a turn before this one may still end
        events.push(event);
        if (event.type === "raw" && event.raw?.type === "session.idle") return;
      }
    })();
    await session.ask("full after a tool");
    await listening;
    const text = events.map((event) => (event.type === "text-delta" ? event.text : "")).join("");
    expect(text).toContain("after the compaction");
    expect(text).not.toContain("THE SUMMARY");
  });
});

describe("a compaction after the answer", () => {
  test("a turn with a compaction after its answer gives this answer, not the reply to Continue", async () => {
    const stream = fixture.oc.askStream("full after the answer");
    const { text } = await collect(stream);
    const answer = await stream.answer;
    expect(answer.text).toBe("the real answer");
    expect(text).toBe("the real answer");
    expect(answer.finishReason).toBe("stop");
    expect(answer.usage.input).toBeGreaterThan(usage.input); // what came after it was paid for, too
  });

  test("the output of a turn is kept when a compaction follows the answer", async () => {
    const schema = { type: "object", properties: { a: { type: "number" } }, required: ["a"] };
    const given = { schema, structured: "prompt", maxRepairs: 0 } as const;
    expect((await fixture.oc.ask("full after json", given)).output).toEqual({ a: 1 });
  });

  test("a session answers the next prompt after a compaction that followed an answer", async () => {
    const session = await fixture.oc.createSession({ title: "t" });
    await session.ask("full after the answer");
    expect((await session.ask("and then?")).text).toBe("echo: and then?");
  });
});
