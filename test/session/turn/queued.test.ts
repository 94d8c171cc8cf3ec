import { expect, test } from "vitest";
import type { ApiEvent } from "../../../src/api/api-event.js";
import { Turn } from "../../../src/session/turn/turn.js";

const sessionId = "ses_1";
const raw = { type: "made", properties: {} };

function startQueued(): Turn {
  const turn = new Turn(sessionId, "msg_mine");
  turn.begin();
  turn.queue();
  return turn;
}

const ofTheRunBefore: readonly ApiEvent[] = [
  { type: "session-status", status: "busy", sessionId, raw },
  { type: "session-error", error: { name: "UnknownError", data: { message: "not ours" } }, sessionId, raw },
  { type: "retry", attempt: 1, message: "not ours", next: 1, sessionId, raw },
  { type: "session-created", sessionId: "ses_child", parentId: sessionId, raw } as ApiEvent,
  { type: "session-idle", sessionId, raw },
];
const prompt: ApiEvent = {
  type: "message-stored",
  message: { role: "user", id: "msg_mine", createdAt: 1 },
  sessionId,
  raw,
};

test("a queued turn hears nothing of the run before it", () => {
  const turn = startQueued();
  expect(ofTheRunBefore.flatMap((event) => turn.event(event))).toEqual([]);
  expect(turn.isQueued).toBe(true);
  expect(turn.announced).toBeUndefined();
  expect(turn.hasEndSign).toBe(false);
  expect(turn.subAgents.ids).toEqual([]);
});

test("a queued turn is a running one from its prompt's message on", () => {
  const turn = startQueued();
  turn.event(prompt);
  expect(turn.isQueued).toBe(false);
  expect(ofTheRunBefore.flatMap((event) => turn.event(event)).map(({ type }) => type)).toContain("retry");
  expect(turn.announced).toMatchObject({ name: "UnknownError" });
  expect(turn.subAgents.ids).toEqual(["ses_child"]);
});
