/** The agent's requests as events, and `opencode.reply()`, which answers them from anywhere in the process. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AgentEvent, createOpencode, type Opencode } from "../../src/index.js";
import { toolCall, toolCalls } from "../../src/testing/index.js";
import { eventually, type Fixture, startFixture } from "../support/fixture.js";

let fixture: Fixture;
const asking = { bash: "ask" } as const;
const bash = (command: string) => ({ name: "bash", args: { command, description: "d" } });

beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

function ofType<T extends AgentEvent["type"]>(
  events: readonly AgentEvent[],
  type: T,
): Extract<AgentEvent, { type: T }>[] {
  return events.filter((event): event is Extract<AgentEvent, { type: T }> => event.type === type);
}

/** Another client of the same server. */
function another(): Promise<Opencode> {
  const { server, client } = fixture.oc;
  const { directory } = fixture;
  return createOpencode({ baseUrl: client.baseUrl, password: server?.password, directory });
}

test("a permission request waits for reply() with onPermission: reply, and its event has the tool call", async () => {
  fixture.answer("wait for a reply", toolCall("bash", { command: "echo asked", description: "d" }), "done");
  const decided: unknown[] = [];
  const options = {
    permission: asking,
    onPermission: "reply",
    audit: (entry: unknown) => void decided.push(entry),
  } as const;
  const stream = fixture.oc.askStream("wait for a reply", options);
  const events: AgentEvent[] = [];
  const reading = (async () => {
    for await (const event of stream.events) events.push(event);
  })();
  await eventually("it is asked", () => ofType(events, "permission-request").length === 1);
  const [request] = ofType(events, "permission-request");
  const [call] = ofType(events, "tool-call");
  expect(request).toMatchObject({
    permission: "bash",
    patterns: ["echo asked"],
    tool: "bash",
    input: { command: "echo asked" },
    callId: call?.callId,
    metadata: { command: "echo asked" },
    chain: [await stream.sessionId],
  });
  await fixture.oc.reply(request?.id ?? "", "once");
  expect(await stream.answer).toMatchObject({ text: "done", denials: [] });
  await reading;
  expect(ofType(events, "permission-reply")).toMatchObject([{ id: request?.id, reply: "once" }]);
  expect(decided).toMatchObject([{ by: "reply", decision: "allow" }]);
  await expect(fixture.oc.reply(request?.id ?? "", "once")).rejects.toMatchObject({ name: "NotFoundError" });
});

test("a reader of the events may reply to each of several requests of one step without a callback", async () => {
  fixture.answer("reply in the loop", toolCalls([bash("echo first"), bash("echo second"), bash("echo third")]), "done");
  const session = await fixture.oc.createSession({ permission: asking });
  const stream = session.askStream("reply in the loop");
  for await (const event of stream.events) {
    if (event.type !== "permission-request") continue;
    if (event.patterns[0] === "echo first") await fixture.oc.reply(event.id, { reject: "not this one" });
    if (event.patterns[0] === "echo second") await fixture.oc.reply(event.id, "once");
  }
  const { toolCalls: calls, denials } = await stream.answer;
  expect(calls.map(({ status }) => status).sort()).toEqual(["completed", "error", "error"]);
  expect(denials.map(({ by, reason }) => [by, reason]).sort()).toEqual([
    ["nobody", "no permission handler was given, so the request was refused"],
    ["reply", "not this one"],
  ]);
});

test("a reply of always by reply() covers later requests of the session", async () => {
  const again = toolCall("bash", { command: "echo again", description: "d" });
  fixture.answer("reply always", again, again, "done");
  const session = await fixture.oc.createSession({ permission: asking });
  const stream = session.askStream("reply always");
  const replies: string[] = [];
  for await (const event of stream.events) {
    if (event.type !== "permission-request" || replies.length > 0) continue;
    replies.push(event.id);
    await fixture.oc.reply(event.id, "always");
  }
  expect(await stream.answer).toMatchObject({ text: "done", denials: [] });
});

test("the signal of a callback aborts when reply() answers first, and a second reply() is a conflict", async () => {
  fixture.answer("a slow callback", toolCall("bash", { command: "echo slow", description: "d" }), "done");
  let id = "";
  let isToldSo = false;
  const answer = fixture.oc.ask("a slow callback", {
    permission: asking,
    onPermission: (request, { signal }) => {
      id = request.id;
      return new Promise(() => signal.addEventListener("abort", () => (isToldSo = true)));
    },
  });
  await eventually("the callback is asked", () => id !== "");
  const first = fixture.oc.reply(id, "once");
  await expect(fixture.oc.reply(id, "reject")).rejects.toMatchObject({ name: "ConflictError" });
  await first;
  expect((await answer).text).toBe("done");
  expect(isToldSo).toBe(true);
});

test("a turn that joins a run gets the event of an open request, and reply() answers the request", async () => {
  fixture.answer("taken up again", toolCall("bash", { command: "echo late", description: "d" }), "done");
  const first = await another();
  const session = await first.createSession({ permission: asking });
  const left = session.askStream("taken up again", {
    messageId: "msg_resumed_ask",
    onPermission: "reply",
    detach: true,
  });
  let id = "";
  for await (const event of left.events) {
    if (event.type !== "permission-request") continue;
    id = event.id;
    break;
  }
  await first.close();
  const resumed = fixture.oc.session(session.id).askStream("taken up again", { messageId: "msg_resumed_ask" });
  const seen: AgentEvent[] = [];
  for await (const event of resumed.events) {
    seen.push(event);
    if (event.type === "permission-request") await fixture.oc.reply(event.id, "once");
  }
  expect(ofType(seen, "permission-request")).toMatchObject([{ id, tool: "bash", patterns: ["echo late"] }]);
  expect(await resumed.answer).toMatchObject({ text: "done", denials: [] });
});

test("the event of a question has the choices, and reply() answers the question", async () => {
  const options = [
    { label: "red", description: "warm" },
    { label: "blue", description: "cold" },
  ];
  const questions = [{ question: "Which colour?", header: "Colour", options }];
  fixture.answer("ask the user", toolCall("question", { questions }), ({ toolResults }) =>
    String(toolResults[0]?.content),
  );
  const stream = fixture.oc.askStream("ask the user", { onQuestion: "reply" });
  for await (const event of stream.events) {
    if (event.type !== "question") continue;
    expect(event).toMatchObject({ questions: ["Which colour?"], details: [{ header: "Colour", options }] });
    await expect(fixture.oc.reply(event.id, "once" as never)).rejects.toMatchObject({ name: "ConfigError" });
    await fixture.oc.reply(event.id, [["blue"]]);
  }
  expect((await stream.answer).text).toContain("blue");
});

test("reply() answers a permission request of another client's turn", async () => {
  fixture.answer("asked by another client", toolCall("bash", { command: "echo other", description: "d" }), "done");
  await using other = await another();
  const events: AgentEvent[] = [];
  const reading = (async () => {
    for await (const event of other.events()) events.push(event);
  })();
  const session = await fixture.oc.createSession({ permission: asking });
  const answer = session.ask("asked by another client", { onPermission: "reply" });
  await eventually("it is heard of", () => ofType(events, "permission-request").length === 1);
  const [request] = ofType(events, "permission-request");
  expect(request).toMatchObject({ patterns: ["echo other"], callId: expect.any(String) });
  await other.reply(request?.id ?? "", "once");
  expect((await answer).text).toBe("done");
  await other.close();
  await reading.catch(() => {}); // ended by the close
});

test("reply() rejects an invalid id or reply with ConfigError, and an unknown id with NotFoundError", async () => {
  const { oc } = fixture;
  for (const [id, reply] of [
    ["per_1", "yes"],
    ["per_1", true],
    ["que_1", "once"],
    ["que_1", ["red"]],
    ["ses_1", "once"],
    [undefined, "once"],
  ] as const) {
    await expect(async () => oc.reply(id as never, reply as never), `${id} ${reply}`).rejects.toMatchObject({
      name: "ConfigError",
    });
  }
  await expect(oc.reply("per_none", "once")).rejects.toMatchObject({ name: "NotFoundError" });
  await expect(oc.reply("que_none", [["x"]])).rejects.toMatchObject({ name: "NotFoundError" });
});
