import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AbortedError, type AnswerStream, type Opencode, type Session } from "../../../src/index.js";
import { hold } from "../../../src/testing/index.js";
import { targetOf } from "../../conformance/targets.js";
import { startWorld, type World } from "../../conformance/world.js";
import { eventually } from "../../support/slowness.js";
import type { TcpProxy } from "../../support/tcp-proxy.js";

const messageId = (): string => `msg_${crypto.randomUUID().replaceAll("-", "")}`;
/** Where a prompt cannot be taken back, its run is ended when it begins: a slow machine may have made a step by then. */
async function expectNoAnswer(session: Session, id: string): Promise<void> {
  const steps = (await session.messages()).filter(({ info }) => info.role === "assistant" && info.parentID === id);
  for (const { info } of steps) expect(info).toMatchObject({ error: { name: "MessageAbortedError" } });
}

const eventStream = /GET \S*\/event(\?|$)/;

describe.each(["preview", "stand-in-2.1"] as const)("prompts of two clients on %s", (name) => {
  let world: World;
  /** A client with an address of its own: it waits for the first one's turns as another process does. */
  let other: Opencode;
  let proxy: TcpProxy;

  beforeAll(async () => {
    world = await startWorld(targetOf(name));
    await world.oc.ask("warm up");
    ({ oc: other, proxy } = await world.connectThroughProxy());
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  /** A session in which the first client's run goes on until `release` is called. */
  async function startRun(prompt: string): Promise<{
    session: Session;
    same: Session;
    stream: AnswerStream;
    release: () => void;
    /** Resolves when the other client's prompt is on the server. */
    admitted: () => Promise<void>;
  }> {
    const rest = hold(`, ${prompt} ended`);
    world.answer(prompt, { text: [`${prompt} began`, rest] });
    const session = await world.oc.createSession();
    const stream = session.askStream(prompt);
    stream.answer.catch(() => {}); // awaited by the tests
    await eventually(`the model is asked: ${prompt}`, () => world.callsOf(prompt) > 0);
    const posts = (): number => proxy.lines.filter((line) => line.includes(`${session.id}/prompt`)).length;
    const before = posts();
    const admitted = () => eventually("the prompt is sent", () => posts() > before);
    return { session, same: other.session(session.id), stream, release: () => rest.release(), admitted };
  }

  test("a prompt is on the server while another client's run goes on, and has its own answer behind it", async () => {
    const { same, stream, release, admitted } = await startRun("in front");
    const answer = same.ask("behind", { messageId: messageId(), idleTimeout: 60_000 });
    await admitted();
    expect(world.callsOf("behind")).toBe(0);
    release();
    expect((await stream.answer).text).toBe("in front began, in front ended");
    expect(await answer).toMatchObject({ text: "echo: behind", toolCalls: [] });
    expect([world.callsOf("in front"), world.callsOf("behind")]).toEqual([1, 1]);
    expect((await same.messages()).map(({ info }) => info.role)).toEqual(["user", "assistant", "user", "assistant"]);
  });

  test("the pieces of a waiting prompt's answer are those of its own run", async () => {
    const { same, stream, release, admitted } = await startRun("streamed in front");
    const waiting = same.askStream("streamed behind", { messageId: messageId() });
    await admitted();
    release();
    let text = "";
    for await (const piece of waiting) text += piece;
    expect(text).toBe("echo: streamed behind");
    expect((await stream.answer).text).toContain("streamed in front ended");
  });

  test("an abort of a waiting prompt leaves the run before it alone", async () => {
    const { session, same, stream, release, admitted } = await startRun("not aborted");
    const id = messageId();
    world.answer("aborted while it waits", { text: [hold("never said")] });
    const waiting = same.askStream("aborted while it waits", { messageId: id });
    await admitted();
    await waiting.abort();
    await expect(waiting.answer).rejects.toBeInstanceOf(AbortedError);
    release();
    expect((await stream.answer).text).toBe("not aborted began, not aborted ended");
    expect((await same.ask("after the abort")).text).toBe("echo: after the abort");
    await expectNoAnswer(session, id);
  });

  test("an aborted prompt does not run later when the run before it is aborted, too", async () => {
    const { session, same, stream, admitted } = await startRun("aborted as well");
    const id = messageId();
    world.answer("aborted before its front run", { text: [hold("never said")] });
    const waiting = same.askStream("aborted before its front run", { messageId: id });
    await admitted();
    await waiting.abort();
    await expect(waiting.answer).rejects.toBeInstanceOf(AbortedError);
    await stream.abort();
    await expect(stream.answer).rejects.toBeInstanceOf(AbortedError);
    expect((await same.ask("behind two aborts")).text).toBe("echo: behind two aborts");
    await expectNoAnswer(session, id);
  });

  test("a waiting prompt runs when the run before it was aborted", async () => {
    const { same, stream, admitted } = await startRun("aborted in front");
    const answer = same.ask("behind an abort", { messageId: messageId() });
    await admitted();
    await stream.abort();
    await expect(stream.answer).rejects.toBeInstanceOf(AbortedError);
    expect((await answer).text).toBe("echo: behind an abort");
    expect(world.callsOf("behind an abort")).toBe(1);
  });

  test("a prompt that names another agent is not sent before the run of another client is over", async () => {
    const { session, same, stream, release } = await startRun("with its agent");
    const from = proxy.lines.length;
    const answer = same.ask("with another agent", { messageId: messageId(), agent: "plan" });
    const since = (text: string): number => proxy.lines.slice(from).filter((line) => line.includes(text)).length;
    await eventually("the session is looked at", () => since("/session/active") > 4);
    expect(since(`${session.id}/prompt`)).toBe(0);
    release();
    expect((await stream.answer).text).toContain("ended");
    expect((await answer).text).toContain("with another agent");
  });

  test("a waiting prompt and the run before it have their answers without events", async () => {
    proxy.block(eventStream);
    proxy.cut(eventStream);
    try {
      const { same, stream, release, admitted } = await startRun("heard in front");
      const answer = same.ask("unheard behind", { messageId: messageId() });
      await admitted();
      release();
      expect((await answer).text).toBe("echo: unheard behind");
      expect((await stream.answer).text).toContain("heard in front ended");
    } finally {
      proxy.block(undefined);
    }
  });

  test("a turn without events is over when its run is, although another client's prompt runs behind it", async () => {
    const rest = hold("ended");
    world.answer("long run behind", { text: ["began, ", rest] });
    proxy.block(eventStream);
    proxy.cut(eventStream);
    try {
      const first = hold(", unheard ended");
      world.answer("unheard in front", { text: ["unheard began", first] });
      const { id } = await world.oc.createSession();
      const unheard = other.session(id).ask("unheard in front");
      await eventually("the model is asked", () => world.callsOf("unheard in front") > 0);
      const behind = world.oc.session(id).ask("long run behind", { messageId: messageId() });
      first.release();
      await eventually("the run behind has begun", () => world.callsOf("long run behind") > 0);
      expect((await unheard).text).toBe("unheard began, unheard ended");
      rest.release();
      expect((await behind).text).toBe("began, ended");
    } finally {
      rest.release();
      proxy.block(undefined);
    }
  });

  test("a prompt without a known id waits on the server where it can be taken back", async () => {
    const { session, same, stream, release, admitted } = await startRun("before an unnamed one");
    const from = proxy.lines.length;
    const answer = same.ask("unnamed");
    const since = (text: string): number => proxy.lines.slice(from).filter((line) => line.includes(text)).length;
    if (name === "preview") {
      await eventually("the session is looked at", () => since("/session/active") > 4);
      expect(since(`${session.id}/prompt`)).toBe(0);
    } else await admitted();
    release();
    expect((await stream.answer).text).toContain("ended");
    expect((await answer).text).toBe("echo: unnamed");
  });
});
