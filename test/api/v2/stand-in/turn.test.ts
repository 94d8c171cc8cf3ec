import { afterAll, beforeAll, expect, test } from "vitest";
import { hold, toolCall } from "../../../../src/testing/index.js";
import { property } from "../../../../src/util/json.js";
import { type Stage, startStage } from "./stage.js";

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

test("a turn with a tool has the events of 2.1 in their order, and a marker behind it", async () => {
  const { client, events, directory, answer } = stage;
  answer("list", toolCall("shell", { command: "echo one" }, { text: "Look." }), {
    text: ["do", "ne"],
    reasoning: "hm",
  });
  const session = await client.session(directory);
  const admitted = await client.data("POST", `/api/session/${session}/prompt`, { id: "msg_list", text: "list" });
  expect(admitted).toEqual({
    id: "msg_list",
    sessionID: session,
    time: { created: expect.any(Number) },
    type: "user",
    payload: { text: "list" },
    delivery: "steer",
  });
  await events.first("session.execution.succeeded", session);
  const step = (...parts: string[]) => ["step.started", ...parts, "step.streamed", "step.ended"];
  expect(events.types(session)).toEqual(
    [
      "created",
      "inbox.enqueued",
      "execution.started",
      "inbox.delivered",
      ...step("text.started", "tool.input.started", "tool.input.ended", "tool.called", "text.ended", "tool.success"),
      ...step("reasoning.started", "reasoning.ended", "text.started", "text.ended"),
      "execution.succeeded",
    ].map((type) => `session.${type}`),
  );
  const called = await events.first("session.tool.called", session);
  expect(called).toMatchObject({
    created: expect.any(Number),
    durable: { aggregateID: session, version: 1 },
    location: { directory },
  });
  expect(called["data"]).toEqual({
    sessionID: session,
    assistantMessageID: expect.stringMatching(/^msg_/),
    id: expect.any(String),
    input: { command: "echo one" },
    executed: false,
  });
  const messages = await client.items(`/api/session/${session}/message?order=asc`);
  expect(messages.map(({ type }) => type)).toEqual(["user", "assistant", "assistant", "idle"]);
  expect(messages).toMatchObject([
    { id: "msg_list", text: "list" },
    {
      finish: "tool-calls",
      content: [{ type: "text" }, { name: "shell", state: { status: "completed", metadata: { exit: 0 } } }],
    },
    {
      finish: "stop",
      content: [
        { type: "reasoning", text: "hm" },
        { type: "text", text: "done" },
      ],
    },
    { outcome: "succeeded" },
  ]);
  expect(await client.data("GET", `/api/session/${session}`)).toMatchObject({
    outcome: "succeeded",
    time: { idle: expect.any(Number) },
  });
});

test("numbers of events have holes on the stream, and the log has nothing but its marker", async () => {
  const { client, events, directory } = stage;
  const session = await client.session(directory);
  for (const text of ["first", "second"]) {
    await client.data("POST", `/api/session/${session}/prompt`, { text });
    await client.call("POST", `/api/experimental/session/${session}/wait`);
  }
  await events.count("session.execution.succeeded", 2, session);
  const numbers = events.all.flatMap(({ durable }) =>
    property(durable, "aggregateID") === session ? [Number(property(durable, "seq"))] : [],
  );
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  expect(numbers.some((seq, index) => index > 0 && seq > (numbers[index - 1] ?? 0) + 1)).toBe(true);
  const log = await client.call("GET", `/api/experimental/session/${session}/log?after=0`);
  expect(String(log.body).trim()).toMatch(/^data: \{"type":"log.synced","aggregateID":"ses_\w+","seq":\d+\}$/);
});

test("a text is empty in the stored message until it has ended", async () => {
  const { client, events, directory, answer } = stage;
  const rest = hold(" two");
  answer("slow", { text: ["one", rest] });
  const session = await client.session(directory);
  await client.data("POST", `/api/session/${session}/prompt`, { text: "slow" });
  await events.first("session.text.delta", session);
  const path = `/api/session/${session}/message?type=assistant`;
  expect(await client.items(path)).toMatchObject([{ content: [{ type: "text", text: "" }] }]);
  expect(await client.data("GET", "/api/session/active")).toMatchObject({ [session]: { type: "running" } });
  rest.release();
  await client.call("POST", `/api/experimental/session/${session}/wait`);
  expect(await client.items(path)).toMatchObject([{ content: [{ type: "text", text: "one two" }], finish: "stop" }]);
});

test("a failing model is tried again under the same message, and its last error ends the run", async () => {
  const { client, events, directory, answer } = stage;
  answer("flaky", { status: 503, headers: { "retry-after": "0" } }, "never");
  const session = await client.session(directory);
  await client.data("POST", `/api/session/${session}/prompt`, { text: "flaky" });
  await events.first("session.execution.failed", session);
  const retries = events.all.filter(
    ({ type, data }) => type === "session.retry.scheduled" && property(data, "sessionID") === session,
  );
  expect(retries.map(({ data }) => property(data, "attempt"))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(new Set(retries.map(({ data }) => property(data, "assistantMessageID"))).size).toBe(1);
  expect(await events.first("session.step.failed", session)).toMatchObject({ data: { error: { status: 503 } } });
});

test("an unknown model is admitted with 200, and fails without a step", async () => {
  const { client, events, directory } = stage;
  const session = await client.session(directory, { model: { id: "nothing", providerID: "scripted" } });
  await client.data("POST", `/api/session/${session}/prompt`, { text: "hello" });
  expect(await events.first("session.execution.failed", session)).toMatchObject({
    data: { error: { type: "provider.no-route" } },
  });
  expect(events.types(session)).not.toContain("session.step.started");
});

test("the turns have broken no rule of the contract", () => {
  expect(stage.standIn.readViolations()).toEqual([]);
});
