import { afterAll, beforeAll, expect, test } from "vitest";
import { hold, toolCall } from "../../../../src/testing/index.js";
import { property } from "../../../../src/util/json.js";
import { isAlive } from "../../../support/processes.js";
import { eventually } from "../../../support/slowness.js";
import { type Stage, startStage } from "./stage.js";

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

const post = (session: string, body: object) => stage.client.data("POST", `/api/session/${session}/prompt`, body);
const idle = (session: string) => stage.client.call("POST", `/api/experimental/session/${session}/wait`);
const texts = async (session: string) =>
  (await stage.client.items(`/api/session/${session}/message?order=asc&type=user`)).map(({ text }) => text);

test("a prompt that is sent again runs once, and its first text counts", async () => {
  const session = await stage.client.session(stage.directory);
  await Promise.all([1, 2, 3].map(() => post(session, { id: "msg_once", text: "once" })));
  await idle(session);
  expect(await post(session, { id: "msg_once", text: "other" })).toMatchObject({ payload: { text: "once" } });
  await idle(session);
  expect(stage.model.calls("once")).toBe(1);
  const other = await stage.client.session(stage.directory);
  const answer = await stage.client.call("POST", `/api/session/${other}/prompt`, { id: "msg_once", text: "once" });
  expect(answer).toMatchObject({ status: 409, body: { _tag: "ConflictError" } });
});

test("queued prompts are turns of one execution, and a steer joins at the next step", async () => {
  const { client, events, directory, answer } = stage;
  const go = hold("go");
  answer("long", { text: [go] });
  const session = await client.session(directory);
  await post(session, { text: "long" });
  await events.first("session.step.started", session);
  await post(session, { text: "queued", delivery: "queue", id: "msg_queued" });
  await post(session, { text: "steered", id: "msg_steered" });
  expect(await client.call("GET", `/api/session/${session}/message/msg_queued`)).toMatchObject({ status: 404 });
  expect((await client.items(`/api/session/${session}/inbox`)).map(({ id }) => id)).toEqual([
    "msg_queued",
    "msg_steered",
  ]);
  go.release();
  await idle(session);
  expect(await texts(session)).toEqual(["long", "steered", "queued"]);
  const types = events.types(session);
  expect(types.filter((type) => type === "session.execution.started")).toHaveLength(1);
  expect(types.filter((type) => type === "session.inbox.delivered")).toHaveLength(3);
});

test("a steer into a run that fails is listed, and the next prompt's run takes it along", async () => {
  const { client, events, directory, answer } = stage;
  const gate = hold("");
  answer("doomed", { text: ["x", gate], end: { error: "broken" } });
  const session = await client.session(directory);
  await post(session, { text: "doomed" });
  await events.first("session.text.delta", session);
  await post(session, { id: "msg_late", text: "late" });
  gate.release();
  await events.first("session.execution.failed", session);
  expect(await client.items(`/api/session/${session}/inbox`)).toMatchObject([{ id: "msg_late" }]);
  await post(session, { text: "again" });
  await idle(session);
  expect(await texts(session)).toEqual(["doomed", "late", "again"]);
  expect(await client.items(`/api/session/${session}/inbox`)).toEqual([]);
});

test("a prompt with `resume: false` waits until the next prompt, and can be cancelled", async () => {
  const { client, directory } = stage;
  const session = await client.session(directory);
  await post(session, { id: "msg_w1", text: "waiting", resume: false });
  await post(session, { id: "msg_w2", text: "dropped", resume: false });
  expect(await client.data("GET", "/api/session/active")).not.toHaveProperty(session);
  expect((await client.call("DELETE", `/api/session/${session}/inbox/msg_w2`)).status).toBe(204);
  await post(session, { text: "now" });
  await idle(session);
  expect(await texts(session)).toEqual(["waiting", "now"]);
});

test("an interrupt is answered before a tool that ignores TERM is dead, and leaves no process", async () => {
  const { client, events, directory, answer } = stage;
  answer("stubborn", toolCall("shell", { command: "trap '' TERM; echo $$; while :; do sleep 0.1; done" }));
  const session = await client.session(directory);
  await post(session, { text: "stubborn" });
  const progress = await events.first("session.tool.progress", session);
  const pid = Number(property(property(progress["data"], "metadata"), "output"));
  const answered = await client.call("POST", `/api/session/${session}/interrupt`);
  expect(answered.body).toEqual({ interrupted: true });
  expect(isAlive(pid)).toBe(true);
  await post(session, { text: "after" });
  await eventually("the second run", async () => (await texts(session)).includes("after"));
  await idle(session);
  expect(isAlive(pid)).toBe(false);
  expect(await events.first("session.tool.failed", session)).toMatchObject({ data: { error: { type: "aborted" } } });
  expect(await events.first("session.execution.interrupted", session)).toMatchObject({ data: { reason: "user" } });
  expect((await client.call("POST", `/api/session/${session}/interrupt`)).body).toEqual({ interrupted: false });
});

test("a compaction on request is a message with its own id, and the context begins with it", async () => {
  const { client, directory } = stage;
  const session = await client.session(directory);
  await post(session, { text: "something" });
  await idle(session);
  expect(await client.data("POST", `/api/session/${session}/compact`, { id: "msg_c" })).toMatchObject({
    type: "compaction",
    payload: {},
  });
  await idle(session);
  expect(await client.items(`/api/session/${session}/context`)).toMatchObject([
    { id: "msg_c", type: "compaction", status: "completed", reason: "manual", summary: "Summary." },
  ]);
});

test("the inbox has broken no rule of the contract", () => {
  expect(stage.standIn.readViolations()).toEqual([]);
});
