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
  const permission = { task: "allow", bash: { "*": "allow", "echo curious": "ask" } } as const;
  const config = { ...model.config, subagent_depth: 3, agent: { general: { permission } } };
  oc = await createOpencode({ ...shared(model, directory), config });
  const call = (name: string) => ({
    name: "task",
    args: { description: name, prompt: "be brief", subagent_type: "general" },
  });
  answer("call one", task("the first", "be brief"), "one was called");
  answer("call a slow one", task("slow", "be slow"), ({ toolResults }) => `told: ${toolResults[0]?.content}`);
  answer("be brief", { text: "brief", usage: { input: 10, output: 20 } });
  answer("be slow", toolCall("bash", { command: "sleep 600", description: "d" }), "slow is done");
  answer("be curious", toolCall("bash", { command: "echo curious", description: "d" }), "curious is done");
  answer("call one that fails", task("failing", "be broken"), "one has failed");
  answer("be broken", { status: 400, message: "the model refuses" });
  answer("call three", toolCalls([call("a"), call("b"), call("c")]), "three were called");
  answer("call in depth", task("outer", "go deeper"), ({ toolResults }) => `heard: ${toolResults[0]?.content}`);
  answer("go deeper", task("inner", "be slow"), "deeper is done"); // slow: it is there when it is aborted
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

/** The sub-agent, once it is known. */
async function begun(stream: AnswerStream<undefined>, title: string): Promise<Subagent> {
  let found: Subagent | undefined;
  await eventually(`the sub-agent ${title} begins`, () => {
    found = stream.subagents().find((one) => one.title === title);
    return found !== undefined;
  });
  return found as Subagent; // found
}

/** A client of the same server. */
function otherClient(own: typeof fetch = fetch): Promise<Opencode> {
  const { server, client } = oc;
  return createOpencode({ baseUrl: client.baseUrl, password: server?.password, directory, fetch: own });
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
    const slow = await begun(stream, "slow");
    expect(slow.status).toBe("running");
    await slow.abort("it takes too long");
    expect(slow.status).toBe("aborted");
    const { text, sessionId } = await stream.answer;
    expect(text).toBe("told: Task cancelled");
    expect((await events).filter(({ type }) => type === "subagent-aborted")).toEqual([
      {
        type: "subagent-aborted",
        sessionId: slow.id,
        parentId: sessionId,
        chain: [sessionId, slow.id],
        reason: "it takes too long",
      },
    ]);
    expect((await oc.session(slow.id).status()).type).toBe("idle");
    expect((await oc.session(sessionId).ask("hello again")).text).toBe("echo: hello again");
  });

  test("a stream that joins a turn has its sub-agents, and can abort one", async () => {
    const session = await oc.createSession({ title: "joined" });
    const messageId = "msg_joined_subagents";
    const stream = session.askStream("call a slow one", { messageId });
    await begun(stream, "slow");
    const joined = session.askStream("call a slow one", { messageId });
    await eventually("the reader has the sub-agent", () => joined.subagents().length === 1);
    await joined.subagents()[0]?.abort("by another reader");
    expect((await stream.answer).text).toBe("told: Task cancelled");
  });
});

describe("the abort of a sub-agent", () => {
  test("a second abort of a sub-agent waits for the first, and one after its end does nothing", async () => {
    const stream = oc.askStream("call a slow one");
    const events = eventsOf(stream);
    const slow = await begun(stream, "slow");
    await Promise.all([slow.abort("first"), slow.abort("second")]);
    await slow.abort("third");
    expect((await stream.answer).text).toBe("told: Task cancelled");
    await slow.abort("fourth");
    const reasons = (await events).flatMap((event) => (event.type === "subagent-aborted" ? [event.reason] : []));
    expect(reasons).toEqual(["first"]);
    expect(slow.status).toBe("aborted");
  });

  test("the permission request of a sub-agent that is aborted ends, and its handler is told", async () => {
    const session = await oc.createSession({ title: "asked" });
    let isVoid = false;
    let isAsked = false;
    let hasGoneOn = false;
    answer("call one that asks", task("curious", "be curious"), () => {
      hasGoneOn = true;
      return "went on";
    });
    const stream = session.askStream("call one that asks", {
      onPermission: (_request, { signal }) =>
        new Promise((resolve) => {
          isAsked = true;
          signal.addEventListener("abort", () => {
            isVoid = !hasGoneOn;
            resolve("reject");
          });
        }),
    });
    await eventually("the sub-agent asks", () => isAsked);
    const curious = await begun(stream, "curious");
    expect(curious.status).toBe("running");
    await curious.abort("nobody is there");
    const { text, denials } = await stream.answer;
    expect(text).toBe("went on");
    expect(denials).toEqual([]);
    expect(isVoid).toBe(true);
    expect(curious.status).toBe("aborted");
    expect((await session.ask("hello after it")).text).toBe("echo: hello after it");
  });

  test("a sub-agent that another client aborts is aborted without an event, and the turn goes on", async () => {
    const stream = oc.askStream("call a slow one");
    const events = eventsOf(stream);
    const slow = await begun(stream, "slow");
    await eventually("the sub-agent works", async () => (await oc.session(slow.id).status()).type === "busy");
    await using other = await otherClient();
    await eventually("the sub-agent ends", async () => {
      await other.session(slow.id).abort();
      return slow.status !== "running";
    });
    expect((await stream.answer).text).toBe("told: Task cancelled");
    expect(slow.status).toBe("aborted");
    expect((await events).filter(({ type }) => type === "subagent-aborted")).toEqual([]);
  });

  test("a sub-agent whose model fails has failed, and the turn goes on", async () => {
    const { answer: got, events, subagents } = await asked("call one that fails");
    expect(got.text).toBe("one has failed");
    expect(subagents).toMatchObject([{ title: "failing", status: "failed" }]);
    expect(events.filter(({ type }) => type === "subagent-aborted")).toEqual([]);
  });

  test("an abort whose requests get lost rejects after some seconds, and ends the sub-agent when they arrive", async () => {
    let isLost = true;
    await using other = await otherClient(async (input, init) => {
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      if (isLost && pathname.endsWith("/abort")) throw new TypeError("fetch failed");
      return fetch(input, init);
    });
    const stream = other.askStream("call a slow one");
    const slow = await begun(stream, "slow");
    await expect(slow.abort("lost")).rejects.toMatchObject({ name: "AbortedError", sessionId: slow.id });
    expect(slow.status).toBe("running");
    isLost = false;
    await slow.abort("again");
    expect(slow.status).toBe("aborted");
    expect((await stream.answer).text).toBe("told: Task cancelled");
  });

  test("a sub-agent is aborted also when the client hears no events", async () => {
    await using other = await otherClient(async (input, init) => {
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      if (pathname.endsWith("/event")) throw new TypeError("fetch failed");
      return fetch(input, init);
    });
    const stream = other.askStream("call a slow one");
    const slow = await begun(stream, "slow");
    await slow.abort("unheard");
    expect(slow.status).toBe("aborted");
    expect((await stream.answer).text).toBe("told: Task cancelled");
  });

  test("the end of the connection ends an abort that has no effect", async () => {
    const other = await otherClient(async (input, init) => {
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      if (pathname.endsWith("/abort")) return new Promise<Response>(() => {});
      return fetch(input, init);
    });
    const session = await other.createSession({ title: "closed meanwhile" });
    const stream = session.askStream("call a slow one");
    const slow = await begun(stream, "slow");
    const aborting = expect(slow.abort("in vain")).rejects.toBeInstanceOf(Error);
    await other.close();
    await aborting;
    await expect(stream.answer).rejects.toMatchObject({ name: "AbortedError" });
    await expect(slow.abort("after the end")).resolves.toBeUndefined();
    await oc.session(session.id).abort();
    await oc.session(slow.id).abort();
  });

  test("the abort of a turn ends its sub-agents, and their status says so", async () => {
    const stream = oc.askStream("call a slow one");
    const slow = await begun(stream, "slow");
    await stream.abort("enough");
    await expect(stream.answer).rejects.toMatchObject({ name: "AbortedError" });
    expect(slow.status).toBe("aborted");
  });

  test("a reason that is no text is a ConfigError", async () => {
    const stream = oc.askStream("call a slow one");
    const slow = await begun(stream, "slow");
    await expect(slow.abort(7 as never)).rejects.toMatchObject({ name: "ConfigError" });
    expect(slow.status).toBe("running");
    await slow.abort();
    await stream.answer;
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

  test("a call that fails before its sub-agent begins takes nothing of maxSubagents", async () => {
    const unknown = toolCall("task", { description: "u", prompt: "be brief", subagent_type: "nobody" });
    answer(
      "call an unknown one",
      unknown,
      unknown,
      task("known", "be brief"),
      task("one more", "be brief"),
      "was told",
    );
    const { answer: got, subagents } = await asked("call an unknown one", { maxSubagents: 1 });
    expect(got.text).toBe("was told");
    expect(subagents).toMatchObject([{ title: "known", status: "completed" }]);
    expect(got.toolCalls.map(({ status }) => status)).toEqual(["error", "error", "completed", "error"]);
    expect(got.denials).toMatchObject([{ permission: "task", by: "maxSubagents" }]);
  });

  test("parallel calls of which some fail before they begin never exceed maxSubagents", async () => {
    const call = (agent: string, index: number) => ({
      name: "task",
      args: { description: `${agent} ${index}`, prompt: "be brief", subagent_type: agent },
    });
    const agents = ["nobody", "general", "nobody", "general", "general", "general"];
    const fill = ["general", "general", "general", "general"];
    answer("call a mixture", ...[agents, agents, fill].map((some) => toolCalls(some.map(call))), "were mixed");
    const { answer: got, subagents } = await asked("call a mixture", { maxSubagents: 3 });
    expect(got.text).toBe("were mixed");
    expect(subagents.map(({ status }) => status)).toEqual(["completed", "completed", "completed"]);
  });

  test("a continued sub-agent counts for maxSubagents, and an aborted one does, too", async () => {
    const session = await oc.createSession({ title: "continued" });
    await session.ask("call one");
    const [first] = await session.children();
    const again = { description: "again", prompt: "be brief", subagent_type: "general", task_id: first?.id };
    answer("call one again", toolCalls([{ name: "task", args: again }]), task("new", "be brief"), "was continued");
    const got = await session.ask("call one again", { maxSubagents: 1 });
    expect(got.toolCalls.map(({ status }) => status)).toEqual(["completed", "error"]);
    expect(got.denials).toMatchObject([{ by: "maxSubagents" }]);
    answer("abort one", task("slow", "be slow"), task("new", "be brief"), "was aborted");
    const stream = oc.askStream("abort one", { maxSubagents: 1 });
    await (await begun(stream, "slow")).abort("enough");
    expect((await stream.answer).denials).toMatchObject([{ by: "maxSubagents" }]);
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
    const [outer, inner, ...others] = subagents;
    expect(others).toEqual([]);
    expect(outer).toMatchObject({ title: "outer", status: "completed" });
    // The server asks about the tasks of the turn's own session only (1.18.33).
    expect(inner).toMatchObject({ parentId: outer?.id, status: "aborted" });
    expect(events.filter(({ type }) => type === "subagent-aborted")).toMatchObject([
      {
        sessionId: inner?.id,
        parentId: outer?.id,
        chain: [got.sessionId, outer?.id, inner?.id],
        reason: expect.stringContaining("maxDepth"),
      },
    ]);
  });

  test("opencode.ask takes maxSubagents, and its answer lists each refusal", async () => {
    const got = await oc.ask("call three", { maxSubagents: 1 });
    expect(got.text).toBe("three were called");
    expect(got.denials.map(({ by }) => by)).toEqual(["maxSubagents", "maxSubagents"]);
    expect(got.toolCalls.filter(({ status }) => status === "completed")).toHaveLength(1);
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
