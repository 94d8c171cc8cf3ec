import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toolCall, toolCalls } from "../../../../src/testing/index.js";
import { property } from "../../../../src/util/json.js";
import { type Stage, startStage } from "./stage.js";

const ask = [{ action: "*", resource: "*", effect: "ask" }];

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

const post = (session: string, text: string) => stage.client.data("POST", `/api/session/${session}/prompt`, { text });
const idle = (session: string) => stage.client.call("POST", `/api/experimental/session/${session}/wait`);
const lastTool = (session: string) => stage.events.first("session.tool.failed", session);

async function asked(session: string): Promise<{ id: string; data: unknown }> {
  const { data } = await stage.events.first("permission.asked", session);
  return { id: String(property(data, "id")), data };
}

function reply(session: string, id: string, body: object): Promise<{ status: number; body: unknown }> {
  return stage.client.call("POST", `/api/session/${session}/permission/${id}/reply`, body);
}

test("a shell line asks for each of its commands, and `decision` answers", async () => {
  const { client, directory, answer } = stage;
  answer("run", toolCall("shell", { command: "echo one && touch made" }), "done");
  const session = await client.session(directory, { permissions: ask });
  await post(session, "run");
  const { id, data } = await asked(session);
  expect(data).toMatchObject({
    action: "shell",
    resources: ["echo one", "touch made"],
    save: ["echo *", "touch *"],
    source: { type: "tool", messageID: expect.stringMatching(/^msg_/), id: expect.any(String) },
  });
  const list = `/api/permission/request?location[directory]=${encodeURIComponent(directory)}`;
  expect(await client.items(list)).toMatchObject([{ id, sessionID: session }]);
  expect(await reply(session, id, { reply: "once" })).toMatchObject({ status: 400 });
  expect(await reply(session, id, { decision: "once" })).toMatchObject({ status: 204 });
  expect(await reply(session, id, { decision: "once" })).toMatchObject({
    status: 404,
    body: { _tag: "PermissionNotFoundError" },
  });
  await idle(session);
  expect(existsSync(join(directory, "made"))).toBe(true);
  expect(stage.standIn.readViolations()).toEqual([expect.stringContaining('Unknown key ["reply"]')]);
});

test("an edit asks with its diff, and `always` is saved for the project", async () => {
  const { client, directory, answer } = stage;
  answer("write", toolCall("write", { path: "a.txt", content: "text\n" }), "done");
  const session = await client.session(directory, { permissions: ask });
  await post(session, "write");
  const { id, data } = await asked(session);
  expect(data).toMatchObject({
    action: "edit",
    resources: ["a.txt"],
    metadata: { files: [{ file: "a.txt", status: "added", patch: expect.stringContaining("+text") }] },
  });
  await reply(session, id, { decision: "always" });
  await idle(session);
  const [saved] = await client.items("/api/permission/saved");
  expect(saved).toMatchObject({ projectID: "global", action: "edit", resource: "*" });
  const other = await client.session(directory, { permissions: ask });
  await post(other, "write");
  await idle(other);
  expect(stage.events.types(other)).not.toContain("permission.asked");
  await client.call("DELETE", `/api/permission/saved/${saved?.["id"]}`);
});

test("a reject without a word ends the run, and one with a message goes on and takes other asks along", async () => {
  const { client, events, directory, answer } = stage;
  const both = ["read", "edit"].map(() => ({ name: "shell", args: { command: "echo x" } }));
  answer("plain", toolCall("shell", { command: "echo x" }), "never");
  answer("worded", toolCalls(both), "went on");
  const plain = await client.session(directory, { permissions: ask });
  await post(plain, "plain");
  await reply(plain, (await asked(plain)).id, { decision: "reject" });
  await idle(plain);
  expect(await lastTool(plain)).toMatchObject({
    data: { error: { type: "aborted", message: "The user declined this tool call" } },
  });
  expect(await events.first("session.step.failed", plain)).toMatchObject({ data: { error: { type: "aborted" } } });
  expect(stage.model.calls("plain")).toBe(1);

  const worded = await client.session(directory, { permissions: ask });
  await post(worded, "worded");
  await reply(worded, (await asked(worded)).id, { decision: "reject", message: "use ls" });
  await idle(worded);
  expect(await lastTool(worded)).toMatchObject({ data: { error: { type: "permission.rejected", message: "use ls" } } });
  expect(events.types(worded).filter((type) => type === "session.tool.failed")).toHaveLength(2);
  expect(await client.data("GET", `/api/session/${worded}`)).toMatchObject({ outcome: "succeeded" });
});

test("the question tool asks by a form with keys by number", async () => {
  const { client, events, directory, answer } = stage;
  const options = [
    { label: "red", description: "warm" },
    { label: "blue", description: "cold" },
  ];
  const questions = [
    { question: "Which colour?", header: "Colour", options, custom: false },
    { question: "Which sizes?", header: "Sizes", options, multiple: true },
  ];
  answer("question", toolCall("question", { questions }), "thanks");
  const session = await client.session(directory);
  await post(session, "question");
  const created = await events.first("form.created", session);
  const form = property(created["data"], "form");
  expect(form).toMatchObject({
    sessionID: session,
    fields: [
      { key: "q0", type: "string" },
      { key: "q1", type: "multiselect" },
    ],
  });
  const path = `/api/session/${session}/form/${property(form, "id")}`;
  expect(await client.call("POST", `${path}/reply`, { answer: { q0: "green" } })).toMatchObject({
    status: 400,
    body: { _tag: "FormInvalidAnswerError" },
  });
  expect(await client.call("POST", `${path}/reply`, { answer: { q0: "red", q1: ["own"] } })).toMatchObject({
    status: 204,
  });
  expect(await client.call("DELETE", path)).toMatchObject({ status: 409, body: { _tag: "FormAlreadySettledError" } });
  await idle(session);
  const success = await events.first("session.tool.success", session);
  expect(success).toMatchObject({ data: { metadata: { answers: [["red"], ["own"]] } } });
});

test("files outside of the directory need a permission of their own, and are read", async () => {
  const { client, directory, answer } = stage;
  const file = join(process.cwd(), "package.json");
  answer("outside", toolCall("read", { path: file }), "read");
  const session = await client.session(directory);
  await post(session, "outside");
  const { id, data } = await asked(session);
  expect(data).toMatchObject({ action: "external_directory", resources: [join(process.cwd(), "*")] });
  await reply(session, id, { decision: "once" });
  await idle(session);
  const success = await stage.events.first("session.tool.success", session);
  const [content] = property(success["data"], "content") as { text: string }[];
  expect(content?.text).toBe(readFileSync(file, "utf8"));
});
