/** A turn gives up and its run goes on at the server: nobody is left waiting, and nothing is asked twice. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createOpencode, type Opencode } from "../../../src/index.js";
import { toolCall } from "../../../src/testing/index.js";
import { type Fixture, startFixture } from "../../support/fixture.js";
import { startTcpProxy, type TcpProxy } from "../../support/tcp-proxy.js";

let fixture: Fixture;
let proxy: TcpProxy;
let oc: Opencode;
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.oc.ask("warm up");
  proxy = await startTcpProxy(fixture.oc.server?.url ?? "");
  const { directory } = fixture;
  const password = fixture.oc.server?.password;
  oc = await createOpencode({ baseUrl: proxy.url, password, directory, reconnectTimeout: 1_000 });
});
afterAll(async () => {
  await oc.close();
  await proxy[Symbol.asyncDispose]();
  await fixture[Symbol.asyncDispose]();
});

/** Asks for a permission, and loses the server for longer than the turn's patience before it can reply. */
async function giveUpAtAnAsk(prompt: string, messageId?: string): Promise<{ sessionId: string; asked: string[] }> {
  const asked: string[] = [];
  fixture.answer(prompt, toolCall("bash", { command: "echo allowed", description: "x" }), "done");
  const session = await oc.createSession({ title: "t", permission: { bash: "ask" } });
  let back: (() => Promise<void>) | undefined;
  const answer = session.ask(prompt, {
    messageId,
    onPermission: async ({ id }) => {
      asked.push(id);
      back ??= await proxy.vanish();
      return "once";
    },
  });
  await expect(answer).rejects.toMatchObject({ name: "APIConnectionError" });
  await back?.();
  return { sessionId: session.id, asked };
}

describe("a turn that has given up on a server that comes back", () => {
  test("a permission request is answered after its turn has given up, and the next prompt runs", async () => {
    const { sessionId, asked } = await giveUpAtAnAsk("ask and lose the server");
    expect((await oc.session(sessionId).ask("and then?")).text).toBe("echo: and then?");
    expect(new Set(asked).size).toBe(asked.length);
    const [run] = (await fixture.oc.session(sessionId).messages()).filter(({ info }) => info.role === "assistant");
    expect(run?.parts.find((part) => part.type === "tool")).toMatchObject({ state: { status: "completed" } });
  });

  test("a prompt that is asked again under its messageId after an outage joins the one run", async () => {
    const messageId = "msg_22000000000000000000000001";
    const { sessionId } = await giveUpAtAnAsk("ask, lose it, ask again", messageId);
    const again = await oc.session(sessionId).ask("ask, lose it, ask again", { messageId, onPermission: () => "once" });
    expect(again.text).toBe("done");
    expect(fixture.model.calls("ask, lose it, ask again")).toBe(2); // its two steps
  });

  test("an abort during an outage is sent later, and the session answers the next prompt", async () => {
    fixture.answer("abort without a server", { text: ["x"], end: "hang" });
    const session = await oc.createSession({ title: "t" });
    const stream = session.askStream("abort without a server");
    await stream[Symbol.asyncIterator]().next();
    const back = await proxy.vanish();
    await stream.abort();
    await expect(stream.answer).rejects.toMatchObject({ name: "AbortedError" });
    await back();
    expect((await session.ask("and then?")).text).toBe("echo: and then?");
    const messages = await fixture.oc.session(session.id).messages();
    expect(messages[1]?.info).toMatchObject({ error: { name: "MessageAbortedError" } });
  });
});
