/** The sub-agents of a turn: what each does, the abort of one, and limits of their number and depth. */
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type AgentEvent,
  type AnswerStream,
  createOpencode,
  type Opencode,
  type Subagent,
  type TurnOptions,
} from "../../../src/index.js";
import { type Reply, type ScriptedModel, toolCall, toolCalls } from "../../../src/testing/index.js";
import { createLookupModel, eventually, type Fixture, shared, temporaryFolder } from "../../support/fixture.js";

let model: ScriptedModel;
let answer: Fixture["answer"];
let oc: Opencode;
let directory: string;

const task = (description: string, prompt: string): Reply =>
  toolCall("task", { description, prompt, subagent_type: "general" });

beforeAll(async () => {
  ({ model, answer } = await createLookupModel());
  directory = await temporaryFolder();
  const config = { ...model.config, subagent_depth: 3, agent: { general: { permission: { task: "allow" as const } } } };
  oc = await createOpencode({ ...shared(model, directory), config });
  const call = (name: string) => ({
    name: "task",
    args: { description: name, prompt: "be brief", subagent_type: "general" },
  });
  answer("call one", task("the first", "be brief"), "one was called");
  answer("call a slow one", task("slow", "be slow"), ({ toolResults }) => `told: ${toolResults[0]?.content}`);
  answer("be brief", { text: "brief", usage: { input: 10, output: 20 } });
  answer("be slow", toolCall("bash", { command: "sleep 600", description: "d" }), "slow is done");
  answer("call three", toolCalls([call("a"), call("b"), call("c")]), "three were called");
  answer("call in depth", task("outer", "go deeper"), ({ toolResults }) => `heard: ${toolResults[0]?.content}`);
  answer("go deeper", task("inner", "be brief"), "deeper is done");
});
afterAll(async () => {
  await oc?.close();
  await model?.close();
  await rm(directory, { recursive: true, force: true });
});

async function eventsOf(stream: AnswerStream<undefined>): Promise<AgentEvent[]> {
  const events: AgentEvent[] = [];
  for await (const event of stream.events) events.push(event);
  return events;
}

async function asked(prompt: string, options: TurnOptions = {}) {
  const stream = oc.askStream(prompt, options);
  const events = await eventsOf(stream);
  return { events, answer: await stream.answer, subagents: stream.subagents() };
}

describe("the sub-agents of a turn", () => {
  test("subagents() of a stream has each with its task, agent, state and usage", async () => {
    const stream = oc.askStream("call one");
    expect(stream.subagents()).toEqual([]);
    let first: Subagent | undefined;
    for await (const event of stream.events) if (event.type === "subagent") first ??= stream.subagents()[0];
    const [only, ...others] = stream.subagents();
    expect(others).toEqual([]);
    expect(only).toBe(first);
    const { sessionId } = await stream.answer;
    expect(only).toMatchObject({
      parentId: sessionId,
      title: "the first",
      agent: "general",
      status: "completed",
      usage: { input: 10, output: 20 },
    });
    expect(only?.id).toBe((await oc.session(sessionId).children())[0]?.id);
    await only?.abort("too late");
    expect(only?.status).toBe("completed");
  });

  test("a sub-agent that is aborted ends alone, the turn is told of a cancelled task, and the event has the reason", async () => {
    const stream = oc.askStream("call a slow one");
    const events = eventsOf(stream);
    await eventually("the sub-agent begins", () => stream.subagents()[0]?.title === "slow");
    const [slow] = stream.subagents();
    expect(slow?.status).toBe("running");
    await slow?.abort("it takes too long");
    expect(slow?.status).toBe("aborted");
    const { text, sessionId } = await stream.answer;
    expect(text).toBe("told: Task cancelled");
    expect(await events).toContainEqual({
      type: "subagent-aborted",
      sessionId: slow?.id,
      parentId: sessionId,
      reason: "it takes too long",
    });
    expect((await oc.session(slow?.id ?? "").status()).type).toBe("idle");
    expect((await oc.session(sessionId).ask("hello again")).text).toBe("echo: hello again");
  });

  test("a stream that joins a turn has its sub-agents, and can abort one", async () => {
    const session = await oc.createSession({ title: "joined" });
    const messageId = "msg_joined_subagents";
    const stream = session.askStream("call a slow one", { messageId });
    await eventually("the sub-agent begins", () => stream.subagents()[0]?.title === "slow");
    const joined = session.askStream("call a slow one", { messageId });
    await eventually("the reader has the sub-agent", () => joined.subagents().length === 1);
    await joined.subagents()[0]?.abort("by another reader");
    expect((await stream.answer).text).toBe("told: Task cancelled");
  });
});

describe("limits of sub-agents", () => {
  test("maxSubagents refuses one too many with a reason, and the run goes on", async () => {
    const { answer: got, subagents } = await asked("call three", { maxSubagents: 2 });
    expect(got.text).toBe("three were called");
    expect(subagents.map(({ status }) => status)).toEqual(["completed", "completed"]);
    expect(got.denials).toMatchObject([
      { permission: "task", by: "maxSubagents", reason: expect.stringContaining("all 2 sub-agents") },
    ]);
    expect(got.toolCalls.filter(({ status }) => status === "error")).toHaveLength(1);
    const told = model.requests.filter(({ lastUserText }) => lastUserText === "call three").at(-1)?.toolResults ?? [];
    expect(told.map(({ content }) => content).join("\n")).toContain("maxSubagents");
  });

  test("maxSubagents of 0 refuses all sub-agents, without asking anybody", async () => {
    const onPermission = () => Promise.reject(new Error("nobody is asked"));
    const { answer: got, subagents } = await asked("call one", { maxSubagents: 0, onPermission });
    expect(got.text).toBe("one was called");
    expect(subagents).toEqual([]);
    expect(got.denials).toMatchObject([{ by: "maxSubagents" }]);
  });

  test("a turn within its limits calls its sub-agents unasked, and the next turn has no limits", async () => {
    const session = await oc.createSession({ title: "limits" });
    const limited = await session.ask("call one", { maxSubagents: 1, maxDepth: 1 });
    expect(limited).toMatchObject({ text: "one was called", denials: [] });
    expect(await session.ask("call three")).toMatchObject({ text: "three were called", denials: [] });
  });

  test("rules of the turn that deny tasks hold beside maxSubagents", async () => {
    const { answer: got } = await asked("call one", { maxSubagents: 5, permission: { task: "deny" } });
    expect(got.text).toBe("one was called");
    expect(got.toolCalls.every(({ tool, status }) => tool !== "task" || status === "error")).toBe(true);
  });

  test("maxDepth ends a sub-agent of a sub-agent with a reason, and both runs above it go on", async () => {
    const { answer: got, events, subagents } = await asked("call in depth", { maxDepth: 1 });
    expect(got.text).toContain("deeper is done");
    const [outer, inner] = subagents;
    expect(outer).toMatchObject({ title: "outer", status: "completed" });
    const aborted = events.filter(({ type }) => type === "subagent-aborted");
    if (inner === undefined) expect(got.denials).toMatchObject([{ by: "maxDepth" }]);
    else {
      expect(inner).toMatchObject({ parentId: outer?.id, status: "aborted" });
      expect(aborted).toMatchObject([{ sessionId: inner.id, reason: expect.stringContaining("maxDepth") }]);
    }
  });

  test("a wrong maxSubagents or maxDepth is a ConfigError that names it", async () => {
    for (const name of ["maxSubagents", "maxDepth"]) {
      for (const value of [-1, 1.5, "2", Number.POSITIVE_INFINITY]) {
        await expect(oc.ask("x", { [name]: value })).rejects.toMatchObject({
          name: "ConfigError",
          message: expect.stringContaining(name),
        });
      }
    }
  });
});
