import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEventReaderV2 } from "../../../src/api/v2/event-reader.js";
import { messagesV2 } from "../../../src/api/v2/messages.js";
import { createScriptedModel, hold, type Reply, type ScriptedModel, toolCall } from "../../../src/testing/index.js";
import { type Preview, scripted, startPreview } from "../../support/preview.js";
import { createPreviewSession, listen } from "../../support/preview-session.js";

const replies = new Map<string, readonly Reply[]>();
let model: ScriptedModel;
let preview: Preview;

beforeAll(async () => {
  model = await createScriptedModel((request) => scripted(replies, request));
  preview = await startPreview({ model });
});
afterAll(async () => {
  await preview?.[Symbol.asyncDispose]();
  await model?.close();
});

describe("the death of the preview", () => {
  test("a run that the server's death has cut gets its end, and no answer, from the server that follows", async () => {
    replies.set("steps", [
      toolCall("bash", { command: "echo first", description: "d" }),
      { text: ["the beginning, ", hold("never")] },
    ]);
    const directory = await preview.directory();
    const session = await createPreviewSession(preview, directory);
    const reader = createEventReaderV2(session.client, "preview");
    const first = await listen(session.client, reader);
    const id = await session.prompt("steps");
    await first.until(session.id, "part-delta");
    await preview.end("SIGKILL");
    await first.close();
    await using next = await startPreview({ model, home: preview.home, port: Number(new URL(preview.url).port) });
    await using second = await listen(session.client, reader);
    await second.until(session.id, "session-idle");
    expect(second.of(session.id, "session-error")).toEqual([]);
    const stored = await messagesV2(next.client(directory), "preview").ofTurn(session.id, id);
    expect(stored.map(({ info }) => info.role)).toEqual(["user", "assistant", "assistant"]);
    expect(stored[1]?.info).toMatchObject({ finish: "tool-calls", parentID: id });
    expect(stored[2]?.info).not.toHaveProperty("finish");
    expect(stored[2]?.info).not.toHaveProperty("error");
    expect(stored[2]?.parts).toMatchObject([{ type: "step-start" }, { type: "text", text: "" }]);
  });
});
