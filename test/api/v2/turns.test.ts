import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiV2 } from "../../../src/api/v2/api.js";
import { createOpencodeClient, type OpencodeClient } from "../../../src/client/client.js";
import { AbortedError, AgentError, ModelNotFoundError, ProviderAuthError } from "../../../src/errors/index.js";
import { Opencode } from "../../../src/opencode.js";
import { createScriptedModel, hold, type Reply, type ScriptedModel, toolCall } from "../../../src/testing/index.js";
import type { AgentEvent } from "../../../src/types/event.js";
import { type Preview, scripted, startPreview } from "../../support/preview.js";
import { startTcpProxy } from "../../support/tcp-proxy.js";

const replies = new Map<string, readonly Reply[]>();
let model: ScriptedModel;
let preview: Preview;
let opencode: Opencode;
let directory: string;

function connect(client: OpencodeClient): Opencode {
  const apiOf = (bound: OpencodeClient) => apiV2(bound, "preview");
  return new Opencode({
    client,
    server: undefined,
    defaults: { model: preview.model },
    reconnectTimeout: 60_000,
    apiOf,
  });
}

/** Reads the events to their end. */
async function whenCalled(events: AsyncIterable<AgentEvent>, act: () => unknown): Promise<void> {
  for await (const { type } of events) if (type === "tool-call") await act();
}

beforeAll(async () => {
  model = await createScriptedModel((request) => scripted(replies, request));
  const permission = {
    bash: { "*": "allow", "echo ask*": "ask", "echo never*": "deny" },
    read: { "*": "allow", "sealed*": "deny" },
  };
  preview = await startPreview({ model, config: { permission } });
  directory = await preview.directory();
  opencode = connect(preview.client(directory));
});
afterAll(async () => {
  await opencode?.close();
  await preview?.[Symbol.asyncDispose]();
  await model?.close();
});

describe("turns on the preview", () => {
  test("the answer of a turn has the text, the tool calls, the usage and the finish of its steps", async () => {
    replies.set("two steps", [
      { ...toolCall("bash", { command: "echo hi", description: "d" }), usage: { input: 10, output: 2 } },
      { text: "the answer", usage: { input: 20, output: 3, reasoning: 1 } },
    ]);
    const answer = await opencode.ask("two steps");
    expect(answer).toMatchObject({
      text: "the answer",
      finishReason: "stop",
      model: "scripted/model",
      toolCalls: [{ tool: "bash", status: "completed", output: "hi\n" }],
      usage: { input: 30, output: 5, reasoning: 1 },
    });
  });

  test("the pieces of a streamed answer add up to its text", async () => {
    const text = "a text that is long enough to come in more than one piece. ".repeat(20);
    replies.set("stream", [{ text }]);
    const stream = opencode.askStream("stream");
    const pieces: string[] = [];
    for await (const piece of stream) pieces.push(piece);
    expect(pieces.join("")).toBe(text);
    expect((await stream.answer).text).toBe(text);
  });

  test("onPermission answers a request, and a run that the only refusal ends is an answer with the denial", async () => {
    replies.set("allowed", [toolCall("bash", { command: "echo ask a", description: "d" }), "went on"]);
    const asked: unknown[] = [];
    const allowed = await opencode.ask("allowed", {
      onPermission: ({ permission, metadata }) => {
        asked.push([permission, metadata["command"]]);
        return "once";
      },
    });
    expect(allowed.text).toBe("went on");
    expect(asked).toEqual([["bash", "echo ask a"]]);
    replies.set("refused", [toolCall("bash", { command: "echo ask b", description: "d" }), "told"]);
    const refused = await opencode.ask("refused", { onPermission: () => ({ reject: "not today" }) });
    expect(refused.denials).toMatchObject([{ permission: "bash", reason: "not today" }]);
  });

  test("calls that the server's own rules refuse are denials, and calls that fail by themselves are none", async () => {
    replies.set("refused by rules", [
      toolCall("bash", { command: "echo never again", description: "d" }),
      toolCall("read", { path: "sealed.txt" }),
      toolCall("read", { path: "not-there.txt" }),
      "done",
    ]);
    const { text, denials, toolCalls } = await opencode.ask("refused by rules");
    expect([text, toolCalls.map(({ status }) => status)]).toEqual(["done", ["error", "error", "error"]]);
    expect(denials).toMatchObject([
      { permission: "bash", patterns: ["echo never again"], reason: "Unable to execute command: echo never again" },
      { permission: "read", patterns: ["sealed.txt"] },
    ]);
  });

  test("a rejection by another client without a reason ends the turn with its denied call", async () => {
    replies.set("foreign reject", [toolCall("bash", { command: "echo ask c", description: "d" }), "never"]);
    const session = await opencode.createSession();
    const answer = session.ask("foreign reject", {
      onPermission: async ({ id }) => {
        const body = { reply: "reject" };
        await preview.client(directory).request("POST", `/api/session/${session.id}/permission/${id}/reply`, { body });
        return "once";
      },
    });
    expect((await answer).toolCalls).toMatchObject([
      { status: "error", error: expect.stringContaining("rejected permission") },
    ]);
  });

  test("a steer that came too late for a turn with a system text is the next turn and has its answer", async () => {
    const rest = hold(" and its end");
    const prompt = "the last step of a turn with a system text";
    replies.set("too late for the step", [{ text: "the answer to the steer" }]);
    const before = model.requests.length;
    const sent = `<system-instructions length="9">\nBe brief.\n</system-instructions>\n\n${prompt}`;
    replies.set(sent, [{ text: ["the beginning", rest] }]);
    const session = await opencode.createSession();
    let steered: ReturnType<typeof session.steer> | undefined;
    const stream = session.askStream(prompt, { system: "Be brief." });
    for await (const { type } of stream.events) {
      if (type !== "text-delta") continue;
      steered ??= stream.steer("too late for the step");
      rest.release();
    }
    const { absorbed, answer } = (await steered) ?? {};
    expect([absorbed, (await answer)?.text]).toEqual(["next", "the answer to the steer"]);
    expect(model.requests.length).toBe(before + 2);
  });

  test("an aborted turn rejects with AbortedError", async () => {
    replies.set("abort", [toolCall("bash", { command: "sleep 30", description: "d" })]);
    const controller = new AbortController();
    const stream = opencode.askStream("abort", { signal: controller.signal });
    await expect(whenCalled(stream.events, () => controller.abort())).rejects.toThrow(AbortedError);
    await expect(stream.answer).rejects.toThrow(AbortedError);
  });

  test("a run that another client interrupts rejects with AbortedError", async () => {
    replies.set("foreign abort", [toolCall("bash", { command: "sleep 30", description: "d" })]);
    const session = await opencode.createSession();
    const stream = session.askStream("foreign abort");
    const interrupt = () => preview.client(directory).request("POST", `/api/session/${session.id}/interrupt`);
    await expect(whenCalled(stream.events, interrupt)).rejects.toThrow(AbortedError);
    await expect(stream.answer).rejects.toThrow(AbortedError);
  });

  test("a failure of the provider rejects with the error of its status", async () => {
    replies.set("unauthorized", [{ status: 401, message: "who are you" }]);
    await expect(opencode.ask("unauthorized")).rejects.toThrow(ProviderAuthError);
    replies.set("bad", [{ status: 400, message: "bad things" }]);
    await expect(opencode.ask("bad")).rejects.toThrow(/answered 400: bad things/);
  });

  test("a prompt that the server drops in silence rejects with a typed error", async () => {
    await expect(opencode.ask("hello", { model: "scripted/nope" })).rejects.toThrow(ModelNotFoundError);
    const session = await opencode.createSession();
    const body = { model: { providerID: "scripted", id: "model", variant: "fast" } };
    await preview.client(directory).request("POST", `/api/session/${session.id}/model`, { body });
    await expect(session.ask("hello")).rejects.toThrow(AgentError);
  });

  test("the messages of a session are the prompts and the answers of its turns", async () => {
    replies.set("first", ["one"]);
    replies.set("second", ["two"]);
    const session = await opencode.createSession();
    await session.ask("first");
    await session.ask("second");
    const messages = await session.messages();
    expect(messages.map(({ info, parts }) => [info.role, parts.find((part) => part.type === "text")])).toMatchObject([
      ["user", { text: "first" }],
      ["assistant", { text: "one" }],
      ["user", { text: "second" }],
      ["assistant", { text: "two" }],
    ]);
    expect(messages[0]?.info).toMatchObject({ agent: "build", model: { providerID: "scripted", modelID: "model" } });
  });

  test("an answer is whole, and told exactly once, when the events were cut in the middle of its text", async () => {
    const held = hold("and the end");
    replies.set("cut", [{ text: ["the beginning, ", held] }]);
    await using proxy = await startTcpProxy(preview.url);
    const behind = connect(createOpencodeClient({ baseUrl: proxy.url, password: preview.password, directory }));
    const stream = behind.askStream("cut");
    const pieces: string[] = [];
    for await (const piece of stream) {
      pieces.push(piece);
      if (pieces.length > 1) continue;
      expect(proxy.cut(/^GET \/api\/event/)).toBe(1);
      held.release();
    }
    expect((await stream.answer).text).toBe("the beginning, and the end");
    expect(pieces.join("")).toBe("the beginning, and the end");
    await behind.close();
  });

  test("a turn comes out right without any event", async () => {
    replies.set("deaf", [toolCall("bash", { command: "echo ask d", description: "d" }), "heard nothing"]);
    await using proxy = await startTcpProxy(preview.url);
    proxy.block(/^GET \/api\/event/);
    const behind = connect(createOpencodeClient({ baseUrl: proxy.url, password: preview.password, directory }));
    const answer = await behind.ask("deaf", { onPermission: () => "once" });
    expect(answer).toMatchObject({ text: "heard nothing", toolCalls: [{ status: "completed", output: "ask d\n" }] });
    await behind.close();
  });
});
