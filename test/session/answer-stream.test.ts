import { expect, test } from "vitest";
import { type AgentEvent, type Answer, AnswerStream } from "../../src/index.js";
import type { TurnReport } from "../../src/session/answer-stream.js";

const sessionId = "ses_x";
const raw = (n: number): AgentEvent => ({ type: "raw", sessionId, raw: { type: "any", properties: { n } } });
const delta = (text: string): AgentEvent => ({ type: "text-delta", sessionId, text, partId: "prt_x" });

/** A turn that says all this before anybody looks. */
async function finished(emit: (report: TurnReport) => void): Promise<AnswerStream> {
  const stream = new AnswerStream(async (report) => {
    emit(report);
    return { sessionId, text: "the answer" } as Answer<undefined>; // as much of it as is looked at
  });
  await stream.answer;
  return stream;
}

async function all(stream: AnswerStream): Promise<AgentEvent[]> {
  const events: AgentEvent[] = [];
  for await (const event of stream.events) events.push(event);
  return events;
}

const textOf = (events: AgentEvent[]): string =>
  events.map((event) => (event.type === "text-delta" ? event.text : "")).join("");

test("a late reader of the events gets all text and the finish event, among at most 2,000 events", async () => {
  const stream = await finished(({ emit }) => {
    emit({ type: "start", sessionId, messageId: "msg_x" });
    for (let n = 0; n < 5_000; n += 1) {
      emit(raw(n));
      if (n % 5 === 0) emit(delta(`${n} `));
    }
  });
  const events = await all(stream);
  expect(events[0]?.type).toBe("start");
  expect(textOf(events).trim().split(" ")).toHaveLength(1_000);
  expect(events.at(-1)).toMatchObject({ type: "finish", answer: { text: "the answer" } });
  expect(events.length).toBeGreaterThan(1_700);
  expect(events.length).toBeLessThanOrEqual(2_000);
});

test("a stream without a reader keeps at most 2,000 events, the latest ones", async () => {
  const stream = await finished(({ emit }) => {
    for (let n = 0; n < 5_000; n += 1) emit({ type: "file-edited", sessionId, file: String(n) });
  });
  const events = await all(stream);
  expect(events.length).toBeGreaterThan(1_700);
  expect(events.length).toBeLessThanOrEqual(2_000);
  expect(events.at(-2)).toMatchObject({ file: "4999" });
  expect(events.at(-1)?.type).toBe("finish");
});

test("a slow reader that was there before the events gets all 5,000 events", async () => {
  let report: TurnReport | undefined;
  let finish = (): void => {};
  const over = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const stream = new AnswerStream(async (given) => {
    report = given;
    await over;
    return { sessionId } as Answer<undefined>; // as much of it as is looked at
  });
  const reader = stream.events[Symbol.asyncIterator]();
  for (let n = 0; n < 5_000; n += 1) report?.emit(raw(n));
  finish();
  await stream.answer;
  let count = 0;
  while (!(await reader.next()).done) count += 1;
  expect(count).toBe(5_001);
});

test("a stalled reader of the events holds at most 20,000 events and gets the whole text", async () => {
  let report: TurnReport | undefined;
  let finish = (): void => {};
  const over = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const stream = new AnswerStream(async (given) => {
    report = given;
    await over;
    return { sessionId } as Answer<undefined>; // as much of it as is looked at
  });
  const reader = stream.events[Symbol.asyncIterator]();
  const text = stream[Symbol.asyncIterator]();
  for (let n = 0; n < 100_000; n += 1) {
    report?.emit(raw(n));
    report?.emit(delta(`${n} `));
  }
  finish();
  await stream.answer;
  let count = 0;
  let streamed = "";
  for (let step = await reader.next(); step.done !== true; step = await reader.next()) {
    count += 1;
    if (step.value.type === "text-delta") streamed += step.value.text;
  }
  expect(count).toBeLessThanOrEqual(20_000);
  expect(streamed.trim().split(" ")).toHaveLength(100_000);
  let pieces = "";
  for (let step = await text.next(); step.done !== true; step = await text.next()) pieces += step.value;
  expect(pieces.trim().split(" ")).toHaveLength(100_000);
});
