/** Which messages are a turn's, in which order: the pure part. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toApiEvent } from "../../../src/api/v1/events.js";
import type { AgentEvent, ServerEvent } from "../../../src/index.js";
import { answerOf } from "../../../src/session/turn/outcome.js";
import { Turn } from "../../../src/session/turn/turn.js";
import { compareIds } from "../../../src/util/ids.js";

const session = "ses_1";
const tokens = { input: 1, output: 1, reasoning: 0, cache: { read: 0, write: 0 } };

function updated(info: Record<string, unknown>): ServerEvent {
  return {
    id: "evt_1",
    type: "message.updated",
    properties: { sessionID: session, info: { sessionID: session, ...info } },
  };
}
const user = (id: string, created: number): ServerEvent => updated({ id, role: "user", time: { created } });
function assistant(id: string, parentID: string, created: number, rest: Record<string, unknown> = {}): ServerEvent {
  const base = { providerID: "p", modelID: "m", cost: 0, tokens, path: { cwd: "/", root: "/" }, mode: "build" };
  return updated({
    id,
    role: "assistant",
    parentID,
    ...base,
    time: { created, completed: created + 1 },
    finish: "stop",
    ...rest,
  });
}
function part(messageID: string, id: string, rest: Record<string, unknown>): ServerEvent {
  const whole = { id, messageID, sessionID: session, ...rest };
  return { id: "evt_1", type: "message.part.updated", properties: { sessionID: session, part: whole } };
}
const text = (messageID: string, id: string, said: string): ServerEvent =>
  part(messageID, id, { type: "text", text: said, time: { start: 1, end: 2 } });
function delta(messageID: string, partID: string, said: string, field = "text"): ServerEvent {
  return {
    id: "evt_1",
    type: "message.part.delta",
    properties: { sessionID: session, messageID, partID, field, delta: said },
  };
}
const idle: ServerEvent = { id: "evt_1", type: "session.idle", properties: { sessionID: session } };

function begun(): Turn {
  const turn = new Turn(session, "msg_ours");
  turn.begin();
  return turn;
}
const play = (turn: Turn, events: readonly ServerEvent[]): AgentEvent[] =>
  events.flatMap((event) => turn.event(toApiEvent(event)));
const said = (events: readonly AgentEvent[]): string =>
  events.map((event) => (event.type === "text-delta" ? event.text : "")).join("");
const answerTo = (turn: Turn): string => answerOf(turn, { denials: [], ofChildren: [] }).text;

describe("a user message beside the prompt of a turn", () => {
  test("a user message that is older than the prompt is not another client's, and the turn can resume", () => {
    const turn = begun();
    play(turn, [user("msg_ours", 1_000), user("msg_before", 900)]);
    expect(turn.foreignMessages).toEqual([]);
    expect(turn.canResume).toBe(true);
  });

  test("a user message that is newer than the prompt is another client's", () => {
    const turn = begun();
    play(turn, [user("msg_ours", 1_000), user("msg_other", 1_001)]);
    expect(turn.foreignMessages).toEqual(["msg_other"]);
  });

  test("a user message between the first and the second send of the prompt is another client's", () => {
    const turn = begun();
    play(turn, [user("msg_ours", 1_000), user("msg_ours", 2_000), user("msg_other", 1_500)]);
    expect(turn.foreignMessages).toEqual(["msg_other"]);
  });
});

test("a steer of another client is a part of the turn, which can resume behind the newest one", () => {
  const turn = begun();
  const mark = { type: "text", text: "s", metadata: { "opencode-ts:steer": {} } };
  const steers = [2_000, 3_000].flatMap((at) => [user(`msg_${at}`, at), part(`msg_${at}`, `prt_${at}`, mark)]);
  play(turn, [user("msg_ours", 1_000), ...steers]);
  expect(turn.foreignMessages).toEqual([]);
  expect([turn.canResume, turn.newestSteer]).toEqual([true, "msg_3000"]);
});

describe("the order of steps", () => {
  /** The last id before the clock in the ids begins again, and the first after it. */
  const [last, first] = ["msg_fffffffffffe00000000000000", "msg_00000000000100000000000000"];

  test("steps are ordered by arrival when the message ids begin again", () => {
    const turn = begun();
    play(turn, [
      user("msg_ours", 1_000),
      assistant(last, "msg_ours", 1_001, { finish: "tool-calls" }),
      text(last, "prt_ffffffffffff00000000000000", "one "),
      assistant(first, "msg_ours", 1_002),
      text(first, "prt_00000000000200000000000000", "two"),
      idle,
    ]);
    expect(turn.isSettled).toBe(true);
    expect(answerTo(turn)).toBe("two");
  });

  test("steps are ordered by time after a gap, and by wrapped ids at the same time", () => {
    const turn = new Turn(session, "msg_ours");
    turn.gap();
    play(turn, [
      user("msg_ours", 1_000),
      assistant(first, "msg_ours", 1_001),
      text(first, "prt_00000000000200000000000000", "two"),
      assistant(last, "msg_ours", 1_001, { finish: "tool-calls" }),
    ]);
    expect(answerTo(turn)).toBe("two");
  });

  test("steps are ordered by arrival when the server's clock goes back", () => {
    const turn = begun();
    play(turn, [
      user("msg_ours", 9_000),
      assistant("msg_b", "msg_ours", 9_001, { finish: "tool-calls" }),
      assistant("msg_a", "msg_ours", 5_000),
      text("msg_a", "prt_1", "the end"),
    ]);
    expect(answerTo(turn)).toBe("the end");
  });
});

test("ids that were made within a year of each other are in order, also over the wrap of the id clock", () => {
  const near = fc.integer({ min: 1, max: 365 * 86_400_000 });
  const moment = fc.integer({ min: 0, max: 2 ** 42 });
  const id = (ms: number): string =>
    `prt_${((BigInt(ms) * 4096n) & 0xffff_ffff_ffffn).toString(16).padStart(12, "0")}00000000000000`;
  fc.assert(
    fc.property(moment, near, (ms, later) => {
      expect(compareIds(id(ms), id(ms + later))).toBeLessThan(0);
      expect(compareIds(id(ms + later), id(ms))).toBeGreaterThan(0);
    }),
  );
});

describe("text of a later step", () => {
  /** Everything that the server can put before it: none of it may hold the text back. */
  const before: Record<string, readonly ServerEvent[]> = {
    "a summary": [
      user("msg_c", 1_002),
      part("msg_c", "prt_c", { type: "compaction", auto: true }),
      assistant("msg_s", "msg_c", 1_003, { summary: true, mode: "compaction" }),
      delta("msg_s", "prt_s", "summary"),
      text("msg_s", "prt_s", "summary"),
    ],
    "a summary whose text has no end": [
      user("msg_c", 1_002),
      part("msg_c", "prt_c", { type: "compaction", auto: true }),
      assistant("msg_s", "msg_c", 1_003, { summary: true }),
      delta("msg_s", "prt_s", "summary"),
    ],
    "a part of an unknown kind, with deltas": [
      delta("msg_1", "prt_x", "what is it"),
      part("msg_1", "prt_x", { type: "hologram", text: "what is it" }),
    ],
    "deltas of a tool": [
      delta("msg_1", "prt_t", "{"),
      part("msg_1", "prt_t", {
        type: "tool",
        tool: "bash",
        callID: "c",
        state: { status: "pending", input: {}, raw: "" },
      }),
    ],
    "deltas of another field": [delta("msg_1", "prt_f", "x", "metadata")],
    "deltas of a message that never comes": [delta("msg_never", "prt_n", "x")],
    "a part that is taken away": [
      delta("msg_1", "prt_r", ""),
      {
        id: "evt_1",
        type: "message.part.removed",
        properties: { sessionID: session, messageID: "msg_1", partID: "prt_r" },
      },
    ],
    "a message that is taken away": [
      assistant("msg_g", "msg_ours", 1_002, { finish: "tool-calls" }),
      delta("msg_g", "prt_g", ""),
      { id: "evt_1", type: "message.removed", properties: { sessionID: session, messageID: "msg_g" } },
    ],
    "a patch, a snapshot, a retry, a file": ["patch", "snapshot", "retry", "file", "agent", "subtask"].map((type) =>
      part("msg_1", `prt_${type}`, { type }),
    ),
    "reasoning without an end": [part("msg_1", "prt_0", { type: "reasoning", text: "", time: { start: 1 } })],
  };
  const kind = fc.constantFrom(...Object.keys(before));

  test("the text of a later step is emitted at once, after any mix of earlier events", () => {
    fc.assert(
      fc.property(fc.array(kind, { maxLength: 8 }), (kinds) => {
        const turn = begun();
        play(turn, [user("msg_ours", 1_000), assistant("msg_1", "msg_ours", 1_001, { finish: "tool-calls" })]);
        const told = play(
          turn,
          kinds.flatMap((name) => before[name] ?? []),
        );
        expect(said(told)).toBe("");
        const later = [
          assistant("msg_2", "msg_ours", 2_000),
          delta("msg_2", "prt_2", "la"),
          delta("msg_2", "prt_2", "ter"),
        ];
        const start = part("msg_2", "prt_2", { type: "text", text: "", time: { start: 1 } });
        expect(said(play(turn, [...later.slice(0, 1), start, ...later.slice(1)]))).toBe("later");
        expect(said(play(turn, [text("msg_2", "prt_2", "later")]))).toBe("");
      }),
    );
  });
});
