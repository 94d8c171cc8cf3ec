/** Values of released 2.x, written from its public types: nothing here was run against a real 2.1. */
import { describe, expect, test } from "vitest";
import type { ApiEvent } from "../../../src/api/api-event.js";
import { withCallInput } from "../../../src/api/v2/ask-metadata.js";
import { dialectOf } from "../../../src/api/v2/dialects.js";
import { plainEvent } from "../../../src/api/v2/events.js";
import { messageError } from "../../../src/api/v2/message-errors.js";
import { mapMessages } from "../../../src/api/v2/message-map.js";
import { PriceList } from "../../../src/api/v2/price-list.js";
import { requestEvent } from "../../../src/api/v2/request-events.js";
import { SessionFold } from "../../../src/api/v2/session-fold.js";
import { parseWireEvent, type WireEvent, wireEventOf } from "../../../src/api/v2/wire-event.js";
import type { JsonRecord } from "../../../src/util/json.js";

const place = { sessionId: "ses_1", cwd: "/srv/app", root: "/srv", prices: new PriceList() };
const model = { id: "large", providerID: "acme", variant: "high" };

/** An event in the envelope of 2.1. */
function wire(type: string, data: JsonRecord, created = 1_000): WireEvent {
  const event = wireEventOf({ id: "evt_1", created, type, data: { sessionID: "ses_1", ...data } });
  if (event === undefined) throw new Error("no event");
  return event;
}

function fold(events: readonly WireEvent[]): ApiEvent[] {
  const session = new SessionFold({ place, storesWholeTexts: false });
  return events.flatMap((event) => session.fold(event, false));
}

const m = { assistantMessageID: "msg_a" };
const delivered = [
  wire(
    "session.inbox.enqueued",
    { inboxID: "msg_u", item: { type: "user", payload: { text: "hello" }, delivery: "steer" } },
    1,
  ),
  wire("session.execution.started", {}, 2),
  wire("session.inbox.delivered", { inboxID: "msg_u" }, 3),
  wire("session.step.started", { ...m, agent: "build", model, started: 4 }, 4),
];

describe("events of released 2.x", () => {
  test("a delivered prompt has the text with which it was enqueued", () => {
    const told = fold(delivered).filter(({ type }) => type !== "other");
    expect(told).toMatchObject([
      { type: "message-stored", message: { role: "user", id: "msg_u", createdAt: 1 } },
      { type: "part-stored", part: { type: "text", text: "hello", messageID: "msg_u" } },
      {
        type: "message-stored",
        message: {
          role: "assistant",
          info: {
            parentID: "msg_u",
            agent: "build",
            providerID: "acme",
            modelID: "large",
            variant: "high",
            path: { cwd: "/srv/app", root: "/srv" },
          },
        },
      },
      { type: "part-stored", part: { type: "step-start" } },
    ]);
  });

  test("parts are addressed by kind and ordinal, whatever the order of the events", () => {
    const told = fold([
      ...delivered,
      wire("session.reasoning.started", { ...m, ordinal: 0 }),
      wire("session.text.started", { ...m, ordinal: 0 }),
      wire("session.text.delta", { ...m, ordinal: 0, delta: "a" }),
      wire("session.reasoning.delta", { ...m, ordinal: 0, delta: "r" }),
      wire("session.reasoning.ended", { ...m, ordinal: 0, text: "r" }),
      wire("session.text.started", { ...m, ordinal: 1 }),
      wire("session.text.delta", { ...m, ordinal: 1, delta: "b" }),
      wire("session.text.ended", { ...m, ordinal: 0, text: "a" }),
      wire("session.text.delta", { ...m, ordinal: 0, delta: "late" }),
      wire("session.text.ended", { ...m, ordinal: 1, text: "b" }),
    ]);
    const deltas = told.flatMap((event) => (event.type === "part-delta" ? [[event.partId, event.text]] : []));
    expect(deltas).toEqual([
      ["prt_a002", "a"],
      ["prt_a001", "r"],
      ["prt_a003", "b"],
    ]);
    const ends = told.flatMap((event) =>
      event.type === "part-stored" &&
      (event.part.type === "text" || event.part.type === "reasoning") &&
      event.part.time?.end !== undefined
        ? [event.part]
        : [],
    );
    expect(ends).toMatchObject([
      { id: "prt_a001", type: "reasoning", text: "r" },
      { id: "prt_a002", type: "text", text: "a" },
      { id: "prt_a003", text: "b" },
    ]);
  });

  test("a tool keeps the name that only the beginning of its input tells", () => {
    const told = fold([
      ...delivered,
      wire("session.tool.input.started", { ...m, id: "call_1", name: "shell" }, 10),
      wire("session.tool.input.ended", { ...m, id: "call_1", text: '{"command":"ls"}' }, 11),
      wire("session.tool.called", { ...m, id: "call_1", input: { command: "ls" }, executed: false }, 12),
      wire("session.tool.progress", { ...m, id: "call_1", metadata: { output: "a" } }, 13),
      wire(
        "session.tool.success",
        { ...m, id: "call_1", content: [{ type: "text", text: "a.txt\n" }], metadata: { exit: 0 }, executed: false },
        15,
      ),
    ]);
    const states = told.flatMap((event) =>
      event.type === "part-stored" && event.part.type === "tool" ? [event.part] : [],
    );
    expect(states.map(({ tool, callID, state }) => [tool, callID, state.status])).toEqual([
      ["bash", "call_1", "pending"],
      ["bash", "call_1", "running"],
      ["bash", "call_1", "running"],
      ["bash", "call_1", "completed"],
    ]);
    expect(states.at(-1)?.state).toMatchObject({
      input: { command: "ls" },
      output: "a.txt\n",
      metadata: { exit: 0 },
      time: { start: 12, end: 15 },
    });
  });

  test("the end of a step has its cost, its usage and its files", () => {
    const tokens = { input: 5, output: 2, reasoning: 1, cache: { read: 3, write: 0 } };
    const told = fold([
      ...delivered,
      wire(
        "session.step.ended",
        { ...m, finish: "stop", cost: 0.5, tokens, snapshot: "after", files: ["app/a.ts"] },
        20,
      ),
    ]);
    expect(told.slice(-4)).toMatchObject([
      { type: "part-stored", part: { type: "step-finish", reason: "stop", cost: 0.5, tokens: { total: 11 } } },
      { type: "part-stored", part: { type: "patch", files: ["/srv/app/a.ts"] } },
      { type: "file-edited", file: "/srv/app/a.ts" },
      {
        type: "message-stored",
        message: { info: { finish: "stop", cost: 0.5, tokens, time: { created: 4, completed: 20 } } },
      },
    ]);
  });

  test("a wait for another try is a retry with its time", () => {
    const error = { type: "provider.rate-limit", message: "slow down", status: 429 };
    expect(fold([wire("session.retry.scheduled", { ...m, attempt: 2, at: 5_000, error })])).toMatchObject([
      { type: "retry", attempt: 2, message: "slow down", next: 5_000 },
    ]);
  });

  test("a session's parent, names that nobody knows, and lines that are no events", () => {
    expect(plainEvent(wire("session.created", { parentID: "ses_0" }))).toMatchObject({
      type: "session-created",
      parentId: "ses_0",
    });
    expect(plainEvent(wire("session.created", { info: { parentID: "ses_0" } }))).toMatchObject({ parentId: "ses_0" });
    expect(plainEvent(wire("marvel.happened", {}))).toMatchObject({
      type: "other",
      isKnown: false,
      raw: { type: "marvel.happened" },
    });
    expect(fold([wire("session.marvel", {})])).toMatchObject([{ type: "other" }]);
    expect(parseWireEvent("{")).toBeUndefined();
    expect(parseWireEvent('{"data":{}}')).toBeUndefined();
  });

  test("requests of all spellings are told with the fields of 1.x", () => {
    const session = { cwd: "/srv/app", inputOf: () => ({ command: "git push > log" }) };
    const source = { type: "tool", messageID: "msg_a", id: "call_1" };
    const ask = { id: "per_1", action: "shell", resources: ["git push"], save: ["git push *"], source };
    expect(requestEvent(wire("permission.asked", ask), dialectOf("2.1"), session)).toMatchObject({
      type: "permission-asked",
      request: {
        permission: "bash",
        patterns: ["git push"],
        always: ["git push *"],
        metadata: { command: "git push > log" },
        call: { messageId: "msg_a", callId: "call_1" },
      },
    });
    expect(
      requestEvent(wire("permission.v2.replied", { requestID: "per_1", reply: "always" }), dialectOf("2.1"), session),
    ).toMatchObject({ requestId: "per_1", reply: "always" });
    const fields = [{ key: "q0", type: "string", title: "Which?", options: [{ value: "a", label: "A" }] }];
    const form = wireEventOf({
      type: "form.created",
      data: { form: { id: "frm_1", sessionID: "ses_1", title: "T", fields } },
    });
    if (form === undefined) throw new Error("no event");
    expect(form.sessionId).toBe("ses_1");
    const asked = requestEvent(form, dialectOf("2.1"), session);
    expect(asked).toMatchObject({
      type: "question-asked",
      request: { questions: [{ header: "Which?", options: [{ label: "A" }] }] },
    });
    const answered = requestEvent(wire("form.replied", { id: "frm_1", answer: {} }), dialectOf("2.1"), session);
    expect(answered).toMatchObject({
      type: "question-answered",
      requestId: asked?.type === "question-asked" ? asked.request.id : "",
    });
  });

  test("a request about a file has its whole path", () => {
    const request = {
      id: "per_1",
      sessionId: "ses_1",
      permission: "edit",
      patterns: ["a.txt"],
      always: [],
      metadata: {},
      call: { messageId: undefined, callId: undefined },
    };
    const known = { input: undefined, cwd: "/srv/app", asksWholeLines: true };
    expect(withCallInput(request, known).metadata).toEqual({ filepath: "/srv/app/a.txt" });
    expect(withCallInput({ ...request, patterns: ["a", "/b"] }, known).metadata).toEqual({
      files: [{ filePath: "/srv/app/a" }, { filePath: "/b" }],
    });
    expect(withCallInput({ ...request, permission: "bash", patterns: ["ls; rm x"] }, known).metadata).toEqual({
      command: "ls; rm x",
    });
    expect(withCallInput({ ...request, permission: "bash" }, { ...known, asksWholeLines: false }).metadata).toEqual({});
  });
});

describe("stored messages of released 2.x", () => {
  const context = { place, storesWholeTexts: false, isOver: true };

  test("every type of message is told, and marks are none", () => {
    const step = {
      type: "assistant",
      agent: "build",
      model,
      content: [{ type: "text", text: "hi" }],
      finish: "stop",
      cost: 1,
      tokens: {},
    };
    const messages = mapMessages(
      [
        { id: "msg_1", type: "model-switched", model, time: { created: 1 } },
        {
          id: "msg_2",
          type: "user",
          text: "look",
          time: { created: 2 },
          files: [{ data: "QUJD", mime: "image/png", name: "p.png", source: { type: "inline" } }],
          agents: [{ name: "explore", mention: { start: 0, end: 8, text: "@explore" } }],
        },
        { id: "msg_3", type: "system", text: "the rules have changed", time: { created: 3 } },
        { id: "msg_4", ...step, time: { created: 4, completed: 5 } },
        { id: "msg_5", type: "synthetic", text: "a child has ended", time: { created: 6 } },
        { id: "msg_6", type: "skill", skill: "s", name: "s", text: "how to", time: { created: 7 } },
        {
          id: "msg_7",
          type: "compaction",
          status: "completed",
          reason: "auto",
          summary: "so far",
          recent: "",
          cost: 2,
          time: { created: 8 },
        },
        {
          id: "msg_8",
          type: "shell",
          shellID: "sh_1",
          command: "ls",
          status: "exited",
          exit: 1,
          output: { output: "x\n" },
          time: { created: 9, completed: 10 },
        },
        { id: "msg_9", type: "idle", outcome: "succeeded", time: { created: 11 } },
      ],
      context,
    );
    expect(messages.map(({ info }) => [info.id, info.role])).toEqual([
      ["msg_2", "user"],
      ["msg_4", "assistant"],
      ["msg_5", "user"],
      ["msg_6", "user"],
      ["msg_7", "assistant"],
      ["msg_8", "user"],
      ["msg_8_shell", "assistant"],
    ]);
    const [prompt, answer, child, , summary, , shell] = messages;
    expect(prompt).toMatchObject({
      info: { agent: "build", model: { providerID: "acme", modelID: "large", variant: "high" } },
      parts: [
        { type: "text", text: "look" },
        { type: "file", url: "data:image/png;base64,QUJD", filename: "p.png" },
        { type: "agent", name: "explore", source: { value: "@explore" } },
      ],
    });
    expect(answer).toMatchObject({
      info: { parentID: "msg_2", cost: 1 },
      parts: [{ type: "step-start" }, { text: "hi", time: { end: 5 } }, { type: "step-finish", cost: 1 }],
    });
    expect(child).toMatchObject({ parts: [{ text: "a child has ended", synthetic: true }] });
    expect(summary).toMatchObject({
      info: { summary: true, parentID: "msg_2", cost: 2 },
      parts: [
        { type: "compaction", auto: true },
        { type: "text", text: "so far" },
      ],
    });
    expect(shell).toMatchObject({
      info: { parentID: "msg_8" },
      parts: [{ type: "tool", tool: "bash", state: { status: "completed", output: "x\n", metadata: { exit: 1 } } }],
    });
    for (const { raw } of messages) expect(raw).toMatchObject({ id: expect.any(String), type: expect.any(String) });
  });

  test("tool states of 2.1 are those of 1.x", () => {
    const tool = (state: JsonRecord) => ({
      type: "tool",
      id: "call_1",
      name: "subagent",
      state,
      time: { created: 1, ran: 2, completed: 3 },
    });
    const stateOf = (state: JsonRecord) => {
      const record = {
        id: "msg_1",
        type: "assistant",
        agent: "build",
        model,
        content: [tool(state)],
        time: { created: 1 },
      };
      return mapMessages([record], { ...context, isOver: false })[0]?.parts[1];
    };
    expect(stateOf({ status: "streaming", input: '{"a' })).toMatchObject({
      tool: "task",
      state: { status: "pending", raw: '{"a' },
    });
    expect(stateOf({ status: "running", input: { agent: "explore" }, metadata: { sessionID: "ses_2" } })).toMatchObject(
      {
        state: {
          status: "running",
          input: { agent: "explore", subagent_type: "explore" },
          metadata: { sessionID: "ses_2" },
        },
      },
    );
    const file = { type: "file", uri: "data:image/png;base64,QUJD", mime: "image/png", name: null };
    expect(stateOf({ status: "completed", input: {}, content: [{ type: "text", text: "a" }, file] })).toMatchObject({
      state: {
        output: "a",
        attachments: [{ type: "file", mime: "image/png", url: file.uri }],
        time: { start: 2, end: 3 },
      },
    });
    const rejected = { type: "permission.rejected", message: "use the other branch" };
    expect(stateOf({ status: "error", input: {}, error: rejected })).toMatchObject({
      state: {
        status: "error",
        error: expect.stringMatching(/rejected permission .* with the following feedback: use the other branch/),
      },
    });
  });

  test("a declined call ends its run without an error, an interrupted one with an abort", () => {
    const step = (toolError: JsonRecord, error: JsonRecord) => ({
      id: "msg_a",
      type: "assistant",
      agent: "build",
      model,
      error,
      time: { created: 1, completed: 9 },
      content: [
        {
          type: "tool",
          id: "c",
          name: "shell",
          state: { status: "error", input: {}, error: toolError },
          time: { created: 1, completed: 2 },
        },
      ],
    });
    const infoOf = (record: JsonRecord) => mapMessages([record], context)[0]?.info;
    const declined = step(
      { type: "aborted", message: "The user declined this tool call" },
      { type: "aborted", message: "Step interrupted" },
    );
    expect(infoOf(declined)).toMatchObject({ finish: "tool-calls", time: { completed: 9 } });
    expect(infoOf(declined)).not.toHaveProperty("error");
    const cut = step(
      { type: "aborted", message: "Tool execution interrupted" },
      { type: "aborted", message: "Step interrupted" },
    );
    expect(infoOf(cut)).toMatchObject({ error: { name: "MessageAbortedError" } });
  });

  test("a text of a step that goes on has no end, one of a step that was streamed has", () => {
    const record = (time: JsonRecord) => ({
      id: "msg_a",
      type: "assistant",
      agent: "b",
      model,
      content: [{ type: "text", text: "so f" }],
      time,
    });
    const partOf = (time: JsonRecord) => mapMessages([record(time)], { ...context, isOver: false })[0]?.parts[1];
    expect(partOf({ created: 1 })).toMatchObject({ time: { start: 1 } });
    expect(partOf({ created: 1 })).not.toMatchObject({ time: { end: expect.anything() } });
    expect(partOf({ created: 1, streamed: 4 })).toMatchObject({ time: { end: 4 } });
  });

  test("errors get the names of 1.x by their type, or by their words on the preview", () => {
    const named = (error: JsonRecord) => messageError(error, "acme", "acme/large");
    const http = (status: number, body: string) =>
      named({ type: "unknown", message: `Provider request failed with HTTP ${status}: ${body}` });
    expect(http(503, '{"error":{"message":"busy"}}')).toMatchObject({
      name: "APIError",
      data: { statusCode: 503, message: "busy", isRetryable: true },
    });
    expect(http(400, '{"message":"the context length is 10"}').name).toBe("ContextOverflowError");
    expect(named({ type: "unknown", message: "Provider turn interrupted" }).name).toBe("MessageAbortedError");
    expect(named({ type: "unknown", message: "HTTP transport failed" })).toMatchObject({
      name: "APIError",
      data: { isRetryable: true },
    });
    expect(named({ type: "unknown", message: "odd" })).toEqual({ name: "UnknownError", data: { message: "odd" } });
    expect(named({ type: "provider.auth", message: "no", status: 401 })).toEqual({
      name: "ProviderAuthError",
      data: { message: "no", providerID: "acme" },
    });
    expect(
      named({ type: "provider.rate-limit", message: "no", status: 429, response: { body: '{"a":1}' } }),
    ).toMatchObject({ name: "APIError", data: { statusCode: 429, responseBody: '{"a":1}' } });
    expect(named({ type: "provider.content-filter", message: "no" }).name).toBe("ContentFilterError");
    expect(named({ type: "provider.no-route", message: "none" })).toMatchObject({
      data: { message: "Model not found: acme/large. none" },
    });
  });
});

test("a prompt that makes a run go on is no message, and its answer is the answer of the first prompt", () => {
  const stored = [
    { id: "msg_1", type: "user", text: "do it", time: { created: 1 } },
    { id: "msg_2", type: "assistant", agent: "build", content: [], time: { created: 2 } },
    { id: "msg_1_continued_1", type: "user", text: "Continue.", time: { created: 3 } },
    { id: "msg_3", type: "assistant", agent: "build", content: [], finish: "stop", time: { created: 4, completed: 5 } },
  ];
  const told = mapMessages(stored, { place, storesWholeTexts: true });
  expect(told.map(({ info }) => info.id)).toEqual(["msg_1", "msg_2", "msg_3"]);
  expect(told.slice(1).map(({ info }) => info)).toMatchObject([{ parentID: "msg_1" }, { parentID: "msg_1" }]);
});

test("a step without a stored cost has the cost of its tokens, and a stored cost counts as it is", () => {
  const prices = new PriceList();
  prices.learn([{ id: "m", providerID: "p", cost: [{ input: 1, output: 10, cache: { read: 0.5, write: 2 } }] }]);
  const step = {
    model: { id: "m", providerID: "p" },
    tokens: { input: 1_000, output: 100, reasoning: 100, cache: { read: 2_000, write: 500 } },
  };
  expect(prices.costOf(step)).toBeCloseTo(0.005, 10); // 1,000 + 2,000 + 1,000 + 1,000 millionths
  expect(prices.costOf({ ...step, cost: 0.25 })).toBe(0.25);
  expect(prices.costOf({ ...step, model: { id: "other", providerID: "p" } })).toBe(0);
});
