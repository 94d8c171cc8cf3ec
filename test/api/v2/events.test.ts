import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEventReaderV2 } from "../../../src/api/v2/event-reader.js";
import { messagesV2 } from "../../../src/api/v2/messages.js";
import {
  createScriptedModel,
  hold,
  type Reply,
  type ScriptedModel,
  toolCall,
  toolCalls,
} from "../../../src/testing/index.js";
import type { Part } from "../../../src/types/answer.js";
import { type Preview, scripted, startPreview } from "../../support/preview.js";
import { createPreviewSession, type Listening, listen } from "../../support/preview-session.js";
import { eventually } from "../../support/slowness.js";

const replies = new Map<string, readonly Reply[]>();
let model: ScriptedModel;
let preview: Preview;
let directory: string;

beforeAll(async () => {
  model = await createScriptedModel((request) => scripted(replies, request));
  const permission = { bash: { "*": "allow", "echo ask*": "ask" }, question: "allow", todowrite: "allow" };
  preview = await startPreview({ model, config: { permission } });
  directory = await preview.directory();
});
afterAll(async () => {
  await preview?.end();
  await preview?.[Symbol.asyncDispose]();
  await model?.close();
});

/** The last state of each part, in order of appearance. */
function partsOf(listening: Listening, sessionId: string): Part[] {
  const last = new Map<string, Part>();
  for (const { part } of listening.of(sessionId, "part-stored")) last.set(part.id, part);
  return [...last.values()];
}

function types(listening: Listening, sessionId: string): string[] {
  return listening.events.flatMap((event) => {
    if (event.sessionId !== sessionId || event.type === "other" || event.type === "part-delta") return [];
    if (event.type === "message-stored") return [event.message.role];
    if (event.type === "part-stored") return [event.part.type];
    return [event.type === "session-status" ? event.status : event.type];
  });
}

describe("events of the preview", () => {
  test("a run is told from its prompt to its end, with the text once in pieces and once whole", async () => {
    const long = "some words that come in several pieces. ".repeat(30);
    replies.set("plain", [{ reasoning: "let me think", text: long }]);
    const session = await createPreviewSession(preview, directory);
    await using listening = await listen(session.client);
    const id = await session.prompt("plain");
    await listening.until(session.id, "session-idle");
    expect(types(listening, session.id).filter((type, index, all) => type !== all[index - 1])).toEqual([
      "busy",
      "user",
      "text",
      "assistant",
      "step-start",
      "reasoning",
      "text",
      "step-finish",
      "assistant",
      "idle",
      "session-idle",
    ]);
    const parts = partsOf(listening, session.id);
    const deltas = new Map<string, string>();
    for (const { partId, text } of listening.of(session.id, "part-delta"))
      deltas.set(partId, (deltas.get(partId) ?? "") + text);
    const texts = parts.filter((part) => part.type === "text" || part.type === "reasoning").slice(1);
    expect(texts.map(({ id: partId }) => deltas.get(partId))).toEqual(["let me think", long]);
    expect(texts).toMatchObject([
      { text: "let me think", time: { end: expect.any(Number) } },
      { text: long, time: { end: expect.any(Number) } },
    ]);
    const heads = listening.of(session.id, "message-stored").map(({ message }) => message);
    expect(heads[0]).toMatchObject({ role: "user", id, createdAt: expect.any(Number) });
    expect(heads.at(-1)).toMatchObject({
      role: "assistant",
      info: {
        parentID: id,
        finish: "stop",
        providerID: "scripted",
        modelID: "model",
        agent: "build",
        path: { cwd: directory },
      },
    });
  });

  test("the parts of events are those of a read, with the same ids in the same order", async () => {
    replies.set("tools", [
      toolCalls([
        { name: "bash", args: { command: "echo one", description: "first" } },
        { name: "bash", args: { command: "exit 3", description: "second" } },
        { name: "write", args: { path: "made.txt", content: "hello\n" } },
      ]),
      toolCall("read", { path: "made.txt" }),
      "all done",
    ]);
    const session = await createPreviewSession(preview, directory);
    await using listening = await listen(session.client);
    const id = await session.prompt("tools");
    await listening.until(session.id, "session-idle");
    const stored = await messagesV2(session.client, "preview").ofTurn(session.id, id);
    const bare = (part: Part) => ({ ...part, time: undefined });
    expect(partsOf(listening, session.id).map(bare)).toEqual(stored.flatMap(({ parts }) => parts).map(bare));
    const heads = new Map(listening.of(session.id, "message-stored").map(({ message }) => [message.id, message]));
    expect([...heads.values()].flatMap((head) => (head.role === "assistant" ? [head.info] : []))).toEqual(
      stored.flatMap(({ info }) => (info.role === "assistant" ? [info] : [])),
    );
    const tools = stored.flatMap(({ parts }) => parts).filter((part) => part.type === "tool");
    expect(
      tools.map(({ tool, state }) => [tool, state.status, state.status === "completed" ? state.output : ""]),
    ).toEqual([
      ["bash", "completed", "one\n"],
      ["bash", "completed", expect.any(String)],
      ["write", "completed", "Created file successfully: made.txt"],
      ["read", "completed", "hello\n"],
    ]);
    expect(tools[1]?.state).toMatchObject({ metadata: { exit: 3 } });
    expect(tools[2]?.state.input).toMatchObject({ path: "made.txt", filePath: `${directory}/made.txt` });
    expect(listening.of(session.id, "file-edited").map(({ file }) => file)).toEqual([`${directory}/made.txt`]);
  });

  test("a permission request has the whole command line, and its answer is told", async () => {
    replies.set("ask", [toolCall("bash", { command: "echo ask > out.txt", description: "d" }), "done"]);
    const session = await createPreviewSession(preview, directory);
    await using listening = await listen(session.client);
    await session.prompt("ask");
    await listening.until(session.id, "permission-asked");
    const [asked] = listening.of(session.id, "permission-asked");
    expect(asked?.request).toMatchObject({
      permission: "bash",
      metadata: { command: "echo ask > out.txt" },
      call: { callId: expect.any(String) },
    });
    await session.reply(asked?.request.id ?? "", "once");
    await listening.until(session.id, "session-idle");
    expect(listening.of(session.id, "permission-answered")).toMatchObject([
      { requestId: asked?.request.id, reply: "once" },
    ]);
  });

  test("a run that a rejection ends in silence gets an end of its step in the words of 1.x", async () => {
    replies.set("reject", [toolCall("bash", { command: "echo ask no", description: "d" }), "never"]);
    const session = await createPreviewSession(preview, directory);
    await using listening = await listen(session.client);
    const id = await session.prompt("reject");
    await listening.until(session.id, "permission-asked");
    await session.reply(listening.of(session.id, "permission-asked")[0]?.request.id ?? "", "reject");
    await listening.until(session.id, "session-idle");
    const last = listening.of(session.id, "message-stored").at(-1)?.message;
    expect(last).toMatchObject({
      role: "assistant",
      info: { finish: "tool-calls", parentID: id, time: { completed: expect.any(Number) } },
    });
    const error = "The user rejected permission to use this specific tool call.";
    expect(partsOf(listening, session.id).find((part) => part.type === "tool")).toMatchObject({
      state: { status: "error", error },
    });
    const [, read] = await messagesV2(session.client, "preview").ofTurn(session.id, id);
    expect(read).toMatchObject({ info: { finish: "tool-calls" }, raw: { type: "assistant" } });
    expect(read?.parts.find((part) => part.type === "tool")).toMatchObject({ state: { error } });
  });

  test("an interrupted tool makes the step fail as an aborted one", async () => {
    replies.set("slow", [toolCall("bash", { command: "sleep 30", description: "d" }), "never"]);
    const session = await createPreviewSession(preview, directory);
    await using listening = await listen(session.client);
    const id = await session.prompt("slow");
    await eventually("the tool runs", () =>
      partsOf(listening, session.id).some((part) => part.type === "tool" && part.state.status === "running"),
    );
    await session.interrupt();
    await listening.until(session.id, "session-idle");
    expect(listening.of(session.id, "message-stored").at(-1)?.message).toMatchObject({
      info: { error: { name: "MessageAbortedError" } },
    });
    expect((await messagesV2(session.client, "preview").ofTurn(session.id, id)).at(-1)?.info).toMatchObject({
      error: { name: "MessageAbortedError" },
    });
  });

  test("a failure of the model is told with its status and the model's words", async () => {
    replies.set("fail", [{ status: 401, message: "who are you" }]);
    const session = await createPreviewSession(preview, directory);
    await using listening = await listen(session.client);
    await session.prompt("fail");
    await listening.until(session.id, "session-idle");
    expect(listening.of(session.id, "message-stored").at(-1)?.message).toMatchObject({
      info: { error: { name: "APIError", data: { statusCode: 401, message: "who are you", isRetryable: false } } },
    });
    expect(listening.of(session.id, "session-error")).toEqual([]);
  });

  test("a prompt for a model that does not exist ends with an error that names the model", async () => {
    const session = await createPreviewSession(preview, directory, "scripted/nope");
    await using listening = await listen(session.client);
    await session.prompt("unknown");
    await listening.until(session.id, "session-idle");
    expect(listening.of(session.id, "session-error")).toMatchObject([
      { error: { data: { message: "Model not found: scripted/nope." } } },
    ]);
  });

  test("questions and their answers are told", async () => {
    const questions = [
      {
        question: "Which?",
        header: "W",
        options: [
          { label: "a", description: "A" },
          { label: "b", description: "B" },
        ],
      },
    ];
    replies.set("question", [toolCall("question", { questions }), "thanks"]);
    const session = await createPreviewSession(preview, directory);
    await using listening = await listen(session.client);
    await session.prompt("question");
    await listening.until(session.id, "question-asked");
    const [asked] = listening.of(session.id, "question-asked");
    expect(asked?.request).toMatchObject({
      questions: [{ question: "Which?", options: [{ label: "a" }, { label: "b" }] }],
    });
    await session.client.request("POST", `/api/session/${session.id}/question/${asked?.request.id}/reply`, {
      body: { answers: [["b"]] },
    });
    await listening.until(session.id, "session-idle");
    expect(listening.of(session.id, "question-answered")).toMatchObject([{ requestId: asked?.request.id }]);
  });

  test("two prompts that one run answers in turn have an end each", async () => {
    const held = hold("first answer");
    replies.set("queue one", [{ text: [held] }]);
    replies.set("queue two", ["second answer"]);
    const session = await createPreviewSession(preview, directory);
    await using listening = await listen(session.client);
    const one = await session.prompt("queue one");
    await listening.until(session.id, "message-stored");
    const two = await session.prompt("queue two", { delivery: "queue" });
    held.release();
    await listening.until(session.id, "session-idle", 2);
    const parents = listening
      .of(session.id, "message-stored")
      .flatMap(({ message }) => (message.role === "assistant" ? (message.info?.parentID ?? "") : []));
    expect([...new Set(parents)]).toEqual([one, two]);
    const ends = listening.events.flatMap((event) => {
      if (event.sessionId !== session.id) return [];
      return event.type === "session-idle"
        ? ["idle"]
        : event.type === "message-stored" && event.message.role === "user"
          ? [event.message.id]
          : [];
    });
    expect(ends).toEqual([one, "idle", two, "idle"]);
  });

  test("sessions of another directory are not told", async () => {
    replies.set("elsewhere", ["here"]);
    const other = await preview.directory();
    const session = await createPreviewSession(preview, other);
    await using here = await listen(preview.client(directory));
    await using there = await listen(session.client);
    await session.prompt("elsewhere");
    await there.until(session.id, "session-idle");
    expect(here.events.filter(({ sessionId }) => sessionId === session.id)).toEqual([]);
  });

  test("a run whose connection was lost and opened again is told to its end, with the parts of the gap", async () => {
    const held = hold("the end of it");
    replies.set("cut", [
      toolCall("bash", { command: "echo early", description: "d" }),
      { text: ["the beginning, ", held] },
    ]);
    const session = await createPreviewSession(preview, directory);
    const reader = createEventReaderV2(session.client, "preview");
    const first = await listen(session.client, reader);
    const id = await session.prompt("cut");
    await first.until(session.id, "message-stored");
    await first.close();
    // The second step begins while nobody listens.
    await eventually("the second step has begun", () => model.calls("cut") === 2);
    await using second = await listen(session.client, reader);
    held.release();
    await second.until(session.id, "session-idle");
    const stored = await messagesV2(session.client, "preview").ofTurn(session.id, id);
    const heard = new Map(
      [...partsOf(first, session.id), ...partsOf(second, session.id)].map((part) => [part.id, part]),
    );
    expect([...heard.keys()]).toEqual(stored.flatMap(({ parts }) => parts).map((part) => part.id));
    expect([...heard.values()].find((part) => part.type === "text" && part.messageID !== id)).toMatchObject({
      text: "the beginning, the end of it",
    });
  });

  test("a reader that connects in the middle of a run tells its end", async () => {
    const held = hold("late");
    replies.set("join", [{ text: ["early ", held] }]);
    const session = await createPreviewSession(preview, directory);
    const id = await session.prompt("join");
    await eventually("the model was called", () => model.calls("join") === 1);
    await using listening = await listen(session.client);
    await listening.until(session.id, "session-status");
    expect(listening.of(session.id, "session-status")).toMatchObject([{ status: "busy" }]);
    held.release();
    await listening.until(session.id, "session-idle");
    expect(listening.of(session.id, "message-stored").at(-1)?.message).toMatchObject({
      info: { parentID: id, finish: "stop" },
    });
    expect(partsOf(listening, session.id).find((part) => part.type === "text")).toMatchObject({ text: "early late" });
  });
});
