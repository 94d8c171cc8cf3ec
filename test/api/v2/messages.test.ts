import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MessagesApi } from "../../../src/api/agent-api.js";
import { messagesV2 } from "../../../src/api/v2/messages.js";
import { MessageNotFoundError, UnsupportedEndpointError } from "../../../src/errors/index.js";
import { createScriptedModel, type ScriptedModel, toolCall } from "../../../src/testing/index.js";
import type { Message } from "../../../src/types/answer.js";
import { type Preview, startPreview } from "../../support/preview.js";
import { createPreviewSession, listen, type PreviewSession } from "../../support/preview-session.js";

/** More than a page. */
const steps = 56;
let model: ScriptedModel;
let preview: Preview;
let session: PreviewSession;
let messages: MessagesApi;
let prompts: string[];

beforeAll(async () => {
  model = await createScriptedModel(({ lastUserText, stepIndex }) => {
    if (lastUserText.trim() !== "many" || stepIndex === steps - 1) return `answer to ${lastUserText.trim()}`;
    return toolCall("todowrite", { todos: [{ content: `step ${stepIndex}`, status: "pending", priority: "low" }] });
  });
  preview = await startPreview({ model, config: { permission: { todowrite: "allow" } } });
  session = await createPreviewSession(preview, await preview.directory());
  messages = messagesV2(session.client, "preview");
  await using listening = await listen(session.client);
  prompts = [];
  for (const text of ["before", "many", "after"]) {
    prompts.push(await session.prompt(text));
    await listening.until(session.id, "session-idle", prompts.length);
  }
});
afterAll(async () => {
  await preview?.[Symbol.asyncDispose]();
  await model?.close();
});

async function collect(list: AsyncIterable<Message>): Promise<Message[]> {
  const all: Message[] = [];
  for await (const message of list) all.push(message);
  return all;
}

describe("stored messages of the preview", () => {
  test("a walk over several pages gives every message once, with the prompt that it answers, in both directions", async () => {
    const newest = await collect(messages.newestFirst(session.id));
    expect(newest).toHaveLength(2 + (1 + steps) + 2);
    expect(new Set(newest.map(({ info }) => info.id)).size).toBe(newest.length);
    const oldest = await collect(messages.oldestFirst(session.id));
    expect(oldest).toEqual(newest.toReversed());
    const parents = oldest.flatMap(({ info }) => (info.role === "assistant" ? [info.parentID] : []));
    expect(parents).toEqual([prompts[0], ...new Array(steps).fill(prompts[1]), prompts[2]]);
    const users = oldest.filter(({ info }) => info.role === "user");
    expect(users.map(({ info }) => info.id)).toEqual(prompts);
    for (const { info } of users)
      expect(info).toMatchObject({ agent: "build", model: { providerID: "scripted", modelID: "model" } });
  });

  test("a turn is its prompt and everything behind it", async () => {
    const turn = await messages.ofTurn(session.id, prompts[1] ?? "");
    expect(turn).toHaveLength(1 + steps + 2);
    expect(turn[0]).toMatchObject({ info: { role: "user", id: prompts[1] }, parts: [{ type: "text", text: "many" }] });
    expect(await messages.ofTurn(session.id, "msg_of_nobody")).not.toContainEqual(turn[0]);
  });

  test("messages before a message are found from its place", async () => {
    const all = await collect(messages.oldestFirst(session.id));
    const at = 5;
    const from = await messages.before(session.id, all[at]?.info.id ?? "");
    expect(await collect(messages.newestFirst(session.id, { ...from, limit: 2 }))).toEqual(
      all.slice(0, at).toReversed(),
    );
    expect(await messages.before(session.id, prompts[0] ?? "")).toBeUndefined();
    await expect(messages.before(session.id, "msg_of_nobody")).rejects.toThrow(MessageNotFoundError);
  });

  test("one message is found by its id, however old it is, and an unknown id finds none", async () => {
    const all = await collect(messages.oldestFirst(session.id));
    for (const index of [1, 3, all.length - 1]) {
      const message = all[index];
      expect(await messages.find(session.id, message?.info.id ?? "")).toEqual(message);
    }
    expect(await messages.find(session.id, prompts[0] ?? "")).toEqual(all[0]);
    expect(await messages.find(session.id, "msg_of_nobody")).toBeUndefined();
    await expect(messages.get(session.id, "msg_of_nobody")).rejects.toThrow(MessageNotFoundError);
  });

  test("the newest messages come oldest first, as many as were asked for", async () => {
    const all = await collect(messages.oldestFirst(session.id));
    expect(await messages.newest(session.id, 3)).toEqual(all.slice(-3));
    expect(await messages.newest(session.id, 1)).toEqual(all.slice(-1));
    expect(await messages.newest(session.id, 0)).toEqual([]);
  });

  test("a mapped message has the server's own message beside it", async () => {
    const [answer] = await messages.newest(session.id, 1);
    expect(answer).toMatchObject({
      info: {
        role: "assistant",
        finish: "stop",
        tokens: { total: expect.any(Number) },
        time: { completed: expect.any(Number) },
      },
      parts: [
        { type: "step-start" },
        { type: "text", text: "answer to after" },
        { type: "step-finish", reason: "stop" },
      ],
      raw: { type: "assistant", content: [{ type: "text", text: "answer to after" }] },
    });
  });

  test("changing and deleting messages rejects with UnsupportedEndpointError", async () => {
    const [answer] = await messages.newest(session.id, 1);
    const part = answer?.parts[0];
    if (part === undefined) throw new Error("no part");
    await expect(messages.delete(session.id, part.messageID)).rejects.toThrow(UnsupportedEndpointError);
    await expect(messages.putPart(part)).rejects.toThrow(UnsupportedEndpointError);
    await expect(messages.deletePart(part)).rejects.toMatchObject({ hint: expect.stringContaining("revert()") });
  });
});
