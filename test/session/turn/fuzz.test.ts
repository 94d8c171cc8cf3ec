/** The fold of events into a turn: those of real runs, lost, doubled, shuffled and broken in ways nobody has thought of. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toApiEvent } from "../../../src/api/v1/events.js";
import { asPart } from "../../../src/api/v1/part.js";
import { routeOf } from "../../../src/client/routes.js";
import { createEventMapper } from "../../../src/events/agent-event.js";
import type { AgentEvent, ReadableMessage, ServerEvent } from "../../../src/index.js";
import { answerOf, failureOfTurn } from "../../../src/session/turn/outcome.js";
import { Turn } from "../../../src/session/turn/turn.js";
import { type Fixture, startFixture } from "../../support/fixture.js";
import { type Recording, recordAll, type Scenario, scenarios } from "../../support/recordings.js";

let fixture: Fixture;
let recordings: Recording[];
beforeAll(async () => {
  fixture = await startFixture();
  recordings = await recordAll(fixture);
});
afterAll(() => fixture[Symbol.asyncDispose]());

/** By name: a recording itself would fill the report of a failure. */
const scenario = fc.constantFrom(...scenarios);
function recordingOf(name: Scenario): Recording {
  const recording = recordings.find((candidate) => candidate.name === name);
  if (recording === undefined) throw new Error(`${name} was not recorded`);
  return recording;
}

const textIn = (events: readonly AgentEvent[]): string =>
  events.map((event) => (event.type === "text-delta" ? event.text : "")).join("");

/** The stored texts; before them, of what was abandoned, as much as was seen. */
function expectWhole(told: readonly AgentEvent[], { text, abandoned }: Recording): void {
  const seen = textIn(told);
  expect(seen.slice(-text.length || seen.length)).toBe(text);
  expect(abandoned.startsWith(seen.slice(0, seen.length - text.length))).toBe(true);
}

/** What was told of each text part. */
function byPart(told: readonly AgentEvent[]): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const event of told) {
    if (event.type === "text-delta") texts[event.partId] = (texts[event.partId] ?? "") + event.text;
  }
  return texts;
}

/** The text of each of the assistant's text parts that has one. */
function storedByPart({ messages }: Recording): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const { info, parts } of messages) {
    for (const part of parts) {
      if (info.role === "assistant" && part.type === "text" && part.text !== "") texts[part.id] = part.text;
    }
  }
  return texts;
}

function startTurn({ sessionId, messageId }: Recording): Turn {
  const turn = new Turn(sessionId, messageId);
  turn.begin();
  return turn;
}

/** Everything that is read of a turn. None of it may throw, whatever the turn was told. */
function readAll(turn: Turn): void {
  const answer = answerOf(turn, { denials: [], ofChildren: [] });
  String(failureOfTurn(turn, answer, false));
  String(answer);
  void [turn.hasOpenText, turn.isComplete, turn.subAgents, turn.foreignMessages];
}

/** What may be said of a turn that calls itself settled. */
function checkSettled(turn: Turn): void {
  if (!turn.isSettled) return;
  const last = turn.answerMessages().at(-1)?.info;
  expect([turn.isWhole, turn.isIdle]).toEqual([true, true]);
  expect(last?.time.completed).toBeDefined();
  const hasEnd = last?.error !== undefined || last?.structured !== undefined || last?.finish !== "tool-calls";
  expect(hasEnd).toBe(true);
}

/** What happens to a piece of the stream. After everything but "kept" the turn is told of a gap. */
const fate = fc.constantFrom("kept", "kept", "lost", "doubled", "reversed", "repeated later");
const damage = fc.array(fc.record({ length: fc.integer({ min: 1, max: 12 }), fate, read: fc.boolean() }), {
  minLength: 1,
  maxLength: 30,
});
type Damage = readonly { readonly length: number; readonly fate: string; readonly read: boolean }[];

/** What the server would list after these events: snapshots only, and the text of a running part is empty. */
function listed(events: readonly ServerEvent[], sessionId: string): ReadableMessage[] {
  const messages = new Map<string, ReadableMessage["info"]>();
  const parts = new Map<string, ReadableMessage["parts"][number]>();
  for (const { type, properties } of events) {
    if (properties["sessionID"] !== sessionId) continue;
    if (type === "message.updated") {
      const info = properties["info"] as ReadableMessage["info"];
      messages.set(info.id, info);
    } else if (type === "message.part.updated") {
      const part = properties["part"] as ReadableMessage["parts"][number];
      parts.set(part.id, part);
    }
  }
  return [...messages.values()].map((info) => ({
    info,
    parts: [...parts.values()].filter(({ messageID }) => messageID === info.id),
  }));
}

/** Runs the turn over the damaged stream; gives what was told. */
function play(turn: Turn, { events, sessionId }: Recording, pieces: Damage): AgentEvent[] {
  const told: AgentEvent[] = [];
  const later: ServerEvent[] = [];
  const take = (taken: readonly ServerEvent[]): void => {
    for (const event of taken) {
      told.push(...turn.event(toApiEvent(event)));
      checkSettled(turn);
    }
  };
  let from = 0;
  for (let index = 0; from < events.length; index += 1) {
    const { length, fate, read } = pieces[index % pieces.length] ?? { length: 1, fate: "kept", read: false };
    const piece = events.slice(from, from + length);
    from += length;
    if (fate === "reversed") {
      turn.gap();
      for (const event of [...piece].reverse()) {
        take([event]);
        turn.gap();
      }
    } else if (fate !== "lost") take(piece);
    if (fate === "repeated later") later.push(...piece);
    if (fate !== "kept") turn.gap();
    if (fate === "doubled") take(piece);
    if (fate === "doubled") turn.gap();
    if (read) told.push(...turn.stored(listed(events.slice(0, from), sessionId), false));
  }
  if (later.length > 0) {
    turn.gap();
    take(later);
  }
  return told;
}

describe("a turn over a damaged stream", () => {
  test("a turn over a damaged stream emits every text once and in order after a read of the messages", () => {
    fc.assert(
      fc.property(scenario, damage, (name, pieces) => {
        const recording = recordingOf(name);
        const turn = startTurn(recording);
        const told = play(turn, recording, pieces);
        readAll(turn);
        if (pieces.some(({ fate }) => fate !== "kept")) turn.gap();
        told.push(...turn.stored(recording.messages, true));
        expectWhole(told, recording);
        expect(turn.stored(recording.messages, true).filter(({ type }) => type.endsWith("-delta"))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test("a turn over shuffled events with gaps emits the whole text after a read of the messages", () => {
    fc.assert(
      fc.property(scenario, fc.infiniteStream(fc.nat()), fc.nat({ max: 200 }), (name, keys, extra) => {
        const recording = recordingOf(name);
        const turn = startTurn(recording);
        const shuffled = [...recording.events, ...recording.events.slice(0, extra)]
          .map((event) => ({ event, key: keys.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key);
        const told: AgentEvent[] = [];
        for (const { event } of shuffled) {
          turn.gap();
          told.push(...turn.event(toApiEvent(event)));
        }
        expect(turn.isSettled).toBe(false);
        readAll(turn);
        told.push(...turn.stored(recording.messages, true));
        expectWhole(told, recording);
      }),
      { numRuns: 75 },
    );
  });

  test("a turn over a damaged stream has the answer of the whole stream after a read of the messages", () => {
    fc.assert(
      fc.property(scenario, damage, (name, pieces) => {
        const recording = recordingOf(name);
        const whole = startTurn(recording);
        for (const event of recording.events) whole.event(toApiEvent(event));
        whole.stored(recording.messages, true);
        const turn = startTurn(recording);
        play(turn, recording, pieces);
        turn.stored(recording.messages, true);
        const { text, parts, toolCalls, usage, finishReason } = answerOf(turn, { denials: [], ofChildren: [] });
        const expected = answerOf(whole, { denials: [], ofChildren: [] });
        expect({ text, parts, toolCalls, usage, finishReason }).toEqual({
          text: expected.text,
          parts: expected.parts,
          toolCalls: expected.toolCalls,
          usage: expected.usage,
          finishReason: expected.finishReason,
        });
      }),
      { numRuns: 50 },
    );
  });

  test("a turn with a part of its events is settled only when complete, and never after a gap", () => {
    fc.assert(
      fc.property(scenario, fc.infiniteStream(fc.boolean()), (name, keep) => {
        const recording = recordingOf(name);
        const turn = startTurn(recording);
        for (const event of recording.events) {
          if (keep.next().value === true) turn.event(toApiEvent(event));
          checkSettled(turn);
        }
        turn.gap();
        expect(turn.isSettled).toBe(false);
      }),
      { numRuns: 100 },
    );
  });
});

/** Replaces one value somewhere inside: picked by walking down with `path`. */
function mutated(value: unknown, path: readonly number[], replacement: unknown): unknown {
  const [step = 0, ...rest] = path;
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) return replacement;
  const keys = Object.keys(value);
  const key = keys[step % keys.length] ?? "";
  const copy: Record<string, unknown> = { ...value };
  const next = rest.length === 0 ? replacement : mutated(copy[key], rest, replacement);
  if (next === undefined) delete copy[key];
  else copy[key] = next;
  return Array.isArray(value) ? Object.values(copy) : copy;
}

const path = fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 6 });
const replacement = fc.oneof(
  fc.constantFrom(undefined, null, 0, -1, "", "x", [], {}, true, "__proto__", 1e308, "x".repeat(10_000)),
  fc.jsonValue(),
);

/** The event, with properties that are at least an object: the parser lets nothing else through. */
function broken(event: ServerEvent, path: readonly number[], value: unknown): ServerEvent {
  const properties = mutated(event.properties, path, value);
  const isRecord = typeof properties === "object" && properties !== null && !Array.isArray(properties);
  return { ...event, properties: isRecord ? (properties as ServerEvent["properties"]) : {} };
}

describe("events with random fields", () => {
  const changes = fc.array(fc.record({ at: fc.nat(), path, value: replacement, again: fc.boolean() }), {
    minLength: 1,
    maxLength: 8,
  });

  function withChanges(
    events: readonly ServerEvent[],
    changes: readonly { at: number; path: readonly number[]; value: unknown; again: boolean }[],
  ): ServerEvent[] {
    const result = [...events];
    for (const { at, path, value, again } of changes) {
      const index = at % result.length;
      const event = result[index];
      if (event !== undefined) result.splice(index, again ? 0 : 1, broken(event, path, value));
    }
    return result;
  }

  test("events with random values in any field make no turn throw, and settle no incomplete turn", () => {
    fc.assert(
      fc.property(scenario, changes, (name, changes) => {
        const recording = recordingOf(name);
        const turn = startTurn(recording);
        for (const event of withChanges(recording.events, changes)) {
          turn.event(toApiEvent(event));
          checkSettled(turn);
        }
        readAll(turn);
        turn.gap();
        turn.stored(recording.messages, true);
        readAll(turn);
      }),
      { numRuns: 300 },
    );
    expect({}).not.toHaveProperty("polluted");
  });

  test("stored messages with random values that pass the response check make no turn throw", () => {
    const { check } = routeOf("GET", "/session/{sessionID}/message");
    fc.assert(
      fc.property(scenario, path, replacement, (name, path, value) => {
        const recording = recordingOf(name);
        const messages = mutated(recording.messages, path, value);
        fc.pre(check?.(messages, "") === undefined);
        const turn = startTurn(recording);
        turn.gap();
        // Reading a page drops what is no part.
        const known = (messages as ReadableMessage[]).map(({ info, parts }) => ({
          info,
          parts: parts.map(asPart).filter((part) => part !== undefined),
        }));
        for (const isFinal of [false, true]) turn.stored(known, isFinal);
        readAll(turn);
      }),
      { numRuns: 150 },
    );
  });
});

describe("the event mapper", () => {
  test("the event mapper maps each random event to at least one event and does not throw", () => {
    const anyEvent = fc.record({
      type: fc.oneof(
        fc.constantFrom("message.updated", "message.part.updated", "message.part.delta", "session.status"),
        fc.constantFrom("session.error", "session.created", "permission.asked", "question.asked", "todo.updated"),
        fc.string(),
      ),
      properties: fc.dictionary(
        fc.constantFrom("sessionID", "info", "part", "status", "error", "todos", "questions", "__proto__"),
        fc.jsonValue(),
      ),
    });
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 20 }), (events) => {
        const map = createEventMapper();
        for (const event of events) expect(map(toApiEvent(event)).length).toBeGreaterThan(0);
      }),
      { numRuns: 150 },
    );
  });

  test("the event mapper does not throw for a real event with a changed field", () => {
    fc.assert(
      fc.property(scenario, fc.nat(), path, replacement, (name, at, path, value) => {
        const recording = recordingOf(name);
        const map = createEventMapper();
        for (const [index, event] of recording.events.entries()) {
          const isChanged = index === at % recording.events.length;
          const mapped = map(toApiEvent(isChanged ? broken(event, path, value) : event));
          expect(mapped.every(({ sessionId }) => typeof sessionId === "string")).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  test("the event mapper emits no text twice when parts of the stream are repeated after a gap", () => {
    fc.assert(
      fc.property(scenario, damage, (name, pieces) => {
        const recording = recordingOf(name);
        const map = createEventMapper();
        const told: AgentEvent[] = [];
        const ofSession = ({ sessionId }: AgentEvent): boolean => sessionId === recording.sessionId;
        for (const event of recording.events.slice(0, 5)) told.push(...map(toApiEvent(event)));
        for (const { length, fate } of pieces) {
          const piece = recording.events.slice(0, 5 + length * 3);
          if (fate !== "lost") for (const event of piece) told.push(...map(toApiEvent(event)));
          map.gap();
        }
        for (const event of recording.events) told.push(...map(toApiEvent(event)));
        const stored = storedByPart(recording);
        for (const [id, text] of Object.entries(byPart(told.filter(ofSession)))) {
          expect((stored[id] ?? recording.abandoned).startsWith(text)).toBe(true);
        }
      }),
      { numRuns: 75 },
    );
  });
});
