/** The fold of events into a turn, with the events of real runs: cut, doubled and shuffled in every way. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toApiEvent } from "../../../src/api/v1/events.js";
import type { AgentEvent, ReadableMessage, ServerEvent } from "../../../src/index.js";
import { answerOf, failureOfTurn } from "../../../src/session/turn/outcome.js";
import { Turn } from "../../../src/session/turn/turn.js";
import { toolCall } from "../../../src/testing/index.js";
import { type Fixture, startFixture } from "../../support/fixture.js";
import { readable } from "../../support/recordings.js";

interface Recording {
  readonly sessionId: string;
  readonly messageId: string;
  readonly events: readonly ServerEvent[];
  readonly messages: ReadableMessage[];
  readonly text: string;
}

let fixture: Fixture;
let recording: Recording;
beforeAll(async () => {
  fixture = await startFixture();
  fixture.answer(
    "record",
    toolCall(
      "bash",
      { command: "echo 1", description: "x" },
      { reasoning: ["let ", "me"], text: ["I ", "will ", "run."] },
    ),
    toolCall("bash", { command: "echo 2", description: "x" }, { text: ["Again", "."] }),
    { reasoning: "so", text: ["All ", "done", ": ", "中 ", "end "] },
  );
  recording = await record("record");
});
afterAll(() => fixture[Symbol.asyncDispose]());

async function record(prompt: string): Promise<Recording> {
  const events: ServerEvent[] = [];
  const session = await fixture.oc.createSession();
  const stream = session.askStream(prompt);
  const listening = (async () => {
    for await (const event of fixture.oc.events()) {
      if (event.raw === undefined) continue;
      events.push(event.raw);
      if (event.raw.type === "session.idle") return;
    }
  })();
  const { messageId, sessionId } = await stream.answer;
  await listening;
  const messages = readable(await session.messages());
  const parts = messages.filter(({ info }) => info.role === "assistant").flatMap((message) => message.parts);
  const text = parts.map((part) => (part.type === "text" ? part.text : "")).join("");
  return { sessionId, messageId, events: unique(events), messages, text };
}

/** One server event may become several of ours. */
const unique = (events: readonly ServerEvent[]): ServerEvent[] =>
  events.filter((event, index) => event !== events[index - 1]);

const textIn = (events: readonly AgentEvent[]): string =>
  events.map((event) => (event.type === "text-delta" ? event.text : "")).join("");

const startTurn = (): Turn => {
  const turn = new Turn(recording.sessionId, recording.messageId);
  turn.begin();
  return turn;
};

/** What the server would list after these events: snapshots only, and the text of a running part is empty. */
function listed(events: readonly ServerEvent[]): ReadableMessage[] {
  const messages = new Map<string, ReadableMessage & { byId: Map<string, ReadableMessage["parts"][number]> }>();
  for (const { type, properties } of events) {
    if (type === "message.updated") {
      const info = properties["info"] as ReadableMessage["info"];
      messages.set(info.id, { byId: messages.get(info.id)?.byId ?? new Map(), info, parts: [] });
    } else if (type === "message.part.updated") {
      const part = properties["part"] as ReadableMessage["parts"][number];
      messages.get(part.messageID)?.byId.set(part.id, part);
    }
  }
  return [...messages.values()].map(({ info, byId }) => ({ info, parts: [...byId.values()] }));
}

/** On a busy machine the last snapshot of a text comes after the tool call, or the end of the step, that follows it. */
function lateEnds(events: readonly ServerEvent[]): ServerEvent[] {
  const result = [...events];
  for (let index = result.length - 1; index >= 0; index -= 1) {
    const part = result[index]?.properties["part"] as { type?: string; time?: { end?: number } } | undefined;
    if (part?.type !== "text" || part.time?.end === undefined) continue;
    const [end] = result.splice(index, 1);
    const finished = result.findIndex(({ properties }, later) => {
      const mark = properties["part"] as { type?: string } | undefined;
      return later >= index && mark?.type === "step-finish";
    });
    if (end !== undefined) result.splice(finished + 1, 0, end);
  }
  return result;
}

describe("a turn", () => {
  test("a turn is settled by its events alone, with the stored text", () => {
    const turn = startTurn();
    const events = recording.events.flatMap((event) => turn.event(toApiEvent(event)));
    expect(turn.isSettled).toBe(true);
    expect(textIn(events)).toBe(recording.text);
    expect(recording.text).toContain("中");
    expect(turn.answerMessages()).toHaveLength(3);
  });

  test("a turn whose gap was before its start emits all of its text", () => {
    const turn = new Turn(recording.sessionId, recording.messageId);
    turn.gap();
    turn.begin();
    expect(textIn(recording.events.flatMap((event) => turn.event(toApiEvent(event))))).toBe(recording.text);
  });

  test("a turn is not settled before its last event", () => {
    const turn = startTurn();
    const last = recording.events.findLastIndex(
      ({ type, properties }) => type === "session.status" && JSON.stringify(properties).includes("idle"),
    );
    for (const event of recording.events.slice(0, last)) turn.event(toApiEvent(event));
    expect(turn.isSettled).toBe(false);
  });

  test.each([
    ["as they came", (events: readonly ServerEvent[]) => events],
    ["with the end of each text after the end of its step", lateEnds],
  ])("a turn emits every text once and in order, wherever its stream is cut: %s", (_order, arrange) => {
    const { text, messages } = recording;
    const events = arrange(recording.events);
    let cases = 0;
    for (let from = 0; from <= events.length; from += 1) {
      for (const length of [0, 1, 2, 3, 5, 8, 13, 21, events.length]) {
        const to = Math.min(from + length, events.length);
        const turn = startTurn();
        const told = events.slice(0, from).flatMap((event) => turn.event(toApiEvent(event)));
        turn.gap();
        told.push(...turn.stored(listed(events.slice(0, to)), false));
        told.push(...events.slice(to).flatMap((event) => turn.event(toApiEvent(event))));
        told.push(...turn.stored(messages, true));
        expect(textIn(told), `cut from ${from} to ${to}`).toBe(text);
        expect(
          told.filter(({ type }) => type === "tool-result"),
          `tools, cut from ${from} to ${to}`,
        ).toHaveLength(2);
        expect(turn.isSettled, "a cut turn needs a read").toBe(false);
        cases += 1;
      }
    }
    expect(cases).toBeGreaterThan(300);
  });

  test("a read that is older than the events changes nothing of a turn", () => {
    const { events, text, messages } = recording;
    for (let at = 0; at <= events.length; at += 1) {
      const turn = startTurn();
      const told = events.slice(0, at).flatMap((event) => turn.event(toApiEvent(event)));
      const stale = listed(events.slice(0, Math.max(0, at - 3)));
      told.push(...turn.stored(stale, false));
      told.push(...events.slice(at).flatMap((event) => turn.event(toApiEvent(event))));
      expect(turn.isSettled).toBe(true);
      told.push(...turn.stored(messages, true));
      expect(textIn(told), `read at ${at}`).toBe(text);
    }
  });

  test("repeated snapshots change neither the text nor the end of a turn", () => {
    const turn = startTurn();
    const doubled = recording.events.flatMap((event) =>
      event.type === "message.part.delta" ? [event] : [event, event],
    );
    expect(textIn(doubled.flatMap((event) => turn.event(toApiEvent(event))))).toBe(recording.text);
    expect(turn.isSettled).toBe(true);
  });

  test("a turn over any order of events has the stored answer after a read of the messages", () => {
    let seed = 7;
    const random = (): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed / 2 ** 31;
    };
    for (let round = 0; round < 200; round += 1) {
      const shuffled = recording.events.map((event) => ({ event, key: random() })).sort((a, b) => a.key - b.key);
      const turn = startTurn();
      turn.gap(); // what comes out of order was not whole: a stream keeps its order
      for (const { event } of shuffled) turn.event(toApiEvent(event));
      turn.stored(recording.messages, true);
      const parts = turn.answerMessages().flatMap((message) => message.parts);
      expect(parts.map((part) => (part.type === "text" ? part.text : "")).join("")).toBe(recording.text);
    }
  });

  test("events of other sessions and malformed events change nothing of a turn", () => {
    const turn = startTurn();
    const odd: unknown[] = [
      null,
      0,
      "x",
      [],
      {},
      { sessionID: recording.sessionId },
      { sessionID: recording.sessionId, info: 1, part: [], status: null, error: 7 },
    ];
    for (const type of [
      "message.updated",
      "message.part.updated",
      "message.part.delta",
      "session.status",
      "session.error",
      "session.created",
      "nonsense",
    ]) {
      for (const properties of odd)
        turn.event(
          toApiEvent({
            type,
            properties: (typeof properties === "object" && properties !== null ? properties : {}) as never,
          }),
        );
    }
    for (const event of recording.events)
      turn.event(
        toApiEvent({
          ...event,
          properties: JSON.parse(JSON.stringify(event.properties).replaceAll(recording.sessionId, "ses_other")),
        }),
      );
    expect(turn.answerMessages()).toEqual([]);
    expect(turn.isSettled).toBe(false);
  });

  test("a failed turn keeps the announced reason when the last update of the message is missing", () => {
    const turn = startTurn();
    const upTo = recording.events.findIndex(
      ({ type, properties }) => type === "message.updated" && JSON.stringify(properties).includes('"assistant"'),
    );
    for (const event of recording.events.slice(0, upTo + 1)) turn.event(toApiEvent(event));
    const error = { name: "APIError", data: { message: "scripted 401", statusCode: 401 } };
    turn.event(toApiEvent({ type: "session.error", properties: { sessionID: recording.sessionId, error } }));
    turn.event(toApiEvent({ type: "session.idle", properties: { sessionID: recording.sessionId } }));
    expect(turn.isSettled).toBe(false);
    const answer = answerOf(turn, { denials: [], ofChildren: [] });
    expect(failureOfTurn(turn, answer, false)).toMatchObject({ name: "ProviderAuthError", status: 401 });
  });

  test("an aborted turn can be asked again if the directory was disposed, and not if another client aborted it", () => {
    const directory = "/project";
    const failure = (...after: readonly ServerEvent[]): unknown => {
      const turn = startTurn();
      const upTo = recording.events.findIndex(
        ({ type, properties }) => type === "message.updated" && JSON.stringify(properties).includes('"assistant"'),
      );
      for (const event of recording.events.slice(0, upTo + 1)) turn.event(toApiEvent(event));
      const error = { name: "MessageAbortedError", data: { message: "Aborted" } };
      const aborted = { type: "session.error", properties: { sessionID: recording.sessionId, error } };
      for (const event of [aborted as ServerEvent, ...after]) turn.event(toApiEvent(event));
      return failureOfTurn(turn, answerOf(turn, { denials: [], ofChildren: [] }), false);
    };
    expect(failure()).toMatchObject({ name: "AbortedError", retryable: false });
    const disposed = { type: "server.instance.disposed", properties: { directory } } as ServerEvent;
    expect(failure(disposed)).toMatchObject({ name: "AbortedError", retryable: true });
  });
});
