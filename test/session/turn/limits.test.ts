/** Limits of a turn: time without progress, the server's own waits, and what a stop leaves behind. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AbortedError, IdleTimeoutError, ProviderRateLimitError } from "../../../src/index.js";
import { hold, toolCall } from "../../../src/testing/index.js";
import { eventually, type Fixture, startFixture } from "../../support/fixture.js";
import { scaled } from "../../support/slowness.js";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ config: { permission: { bash: { "*": "allow", "ask*": "ask" } } } });
  await fixture.oc.ask("warm up");
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const isRunning = async (sessionId: string): Promise<boolean> =>
  (await fixture.oc.session(sessionId).status()).type !== "idle";

// They wait most of the time, each for a run of its own.
describe.concurrent("idleTimeout", () => {
  test("idleTimeout ends a run without events, and the error has the partial answer", async () => {
    fixture.answer("falls silent", { text: ["begin"], end: "hang" });
    const session = await fixture.oc.createSession();
    const error = await session.ask("falls silent", { idleTimeout: scaled(2_000) }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(IdleTimeoutError);
    expect(error).toMatchObject({ code: "idle_timeout", answer: { text: "begin" }, sessionId: session.id });
    expect(await isRunning(session.id)).toBe(false);
    expect((await session.ask("after it")).text).toBe("echo: after it");
  });

  test("idleTimeout does not end a longer run whose pauses are shorter than the limit", async () => {
    const gates = Array.from({ length: 4 }, (_, index) => hold(`${index} `));
    fixture.answer("slow but alive", { text: ["go ", ...gates] });
    const pause = scaled(700);
    const idleTimeout = 3 * pause;
    const stream = fixture.oc.askStream("slow but alive", { idleTimeout });
    const begun = Date.now();
    let seen = 0;
    for await (const _chunk of stream) {
      // The pauses are the fault: each is shorter than the limit, all together are longer.
      await new Promise((resolve) => setTimeout(resolve, pause));
      gates[seen]?.release();
      seen += 1;
    }
    expect(Date.now() - begun).toBeGreaterThan(idleTimeout);
    expect((await stream.answer).text).toBe("go 0 1 2 3 ");
  });

  test("idleTimeout does not count the time of a permission callback", async () => {
    fixture.answer("asks", toolCall("bash", { command: "ask=1 true", description: "d" }), "allowed");
    const idleTimeout = scaled(1_500);
    const answer = await fixture.oc.ask("asks", {
      idleTimeout,
      callbackTimeout: 10 * idleTimeout,
      // A human who thinks for longer than the run may be idle.
      onPermission: () => new Promise((resolve) => setTimeout(() => resolve("once"), 1.7 * idleTimeout)),
    });
    expect(answer.text).toBe("allowed");
  });
});

describe("maxRetryWait", () => {
  test("maxRetryWait ends a turn whose retry wait is too long, and the error has retryAt", async () => {
    fixture.answer("quota", { status: 429, headers: { "retry-after": "3600" } });
    const session = await fixture.oc.createSession();
    const before = Date.now();
    const error = await session.ask("quota", { maxRetryWait: 60_000 }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ProviderRateLimitError);
    const { retryAt } = error as ProviderRateLimitError; // checked in the line before
    expect(retryAt?.getTime()).toBeGreaterThan(before + 3_500_000);
    expect(await isRunning(session.id)).toBe(false);
    expect(fixture.model.calls("quota")).toBe(1);
  });

  test("maxRetryWait does not end a shorter retry wait", async () => {
    let calls = 0;
    fixture.answer("brief", () => {
      calls += 1;
      return calls === 1 ? { status: 429, headers: { "retry-after": "0.2" } } : "then fine";
    });
    expect((await fixture.oc.ask("brief", { maxRetryWait: 30_000 })).text).toBe("then fine");
  });

  test("an invalid maxRetryWait or idleTimeout is a ConfigError", async () => {
    await expect(fixture.oc.ask("x", { maxRetryWait: -1 })).rejects.toMatchObject({ name: "ConfigError" });
    await expect(fixture.oc.ask("x", { idleTimeout: 0 })).rejects.toMatchObject({ name: "ConfigError" });
  });
});

describe("an abort", () => {
  test("an abort of a queued turn makes no model call", async () => {
    const gate = hold("first");
    fixture.answer("runs", { text: [gate] });
    const session = await fixture.oc.createSession();
    const first = session.ask("runs");
    const controller = new AbortController();
    const second = session.ask("waits", { signal: controller.signal });
    controller.abort();
    await expect(second).rejects.toBeInstanceOf(AbortedError);
    gate.release();
    expect((await first).text).toBe("first");
    expect(fixture.model.calls("waits")).toBe(0);
  });

  test("an abort at any moment of the submit leaves the session idle and usable", async () => {
    const session = await fixture.oc.createSession();
    for (const ms of [0, 5, 15, 30, 60, 120]) {
      const prompt = `aborted after ${ms}`;
      fixture.answer(prompt, { text: ["x"], end: "hang" });
      const error = await session.ask(prompt, { signal: AbortSignal.timeout(ms) }).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(AbortedError);
      expect(await isRunning(session.id)).toBe(false);
      expect((await session.ask(`next ${ms}`)).text).toBe(`echo: next ${ms}`);
    }
  });

  test("an abort of a turn ends the runs of its sub-agents", async () => {
    fixture.answer(
      "delegate",
      toolCall("task", { description: "d", prompt: "child work", subagent_type: "general" }),
      "no",
    );
    fixture.answer("child work", toolCall("bash", { command: "sleep 600", description: "d" }), "never");
    const stream = fixture.oc.askStream("delegate");
    let child = "";
    for await (const event of stream.events) {
      if (event.type !== "subagent") continue;
      child = event.sessionId;
      await eventually("the sub-agent runs", () => isRunning(child));
      break; // leaving aborts
    }
    await expect(stream.answer).rejects.toBeInstanceOf(AbortedError);
    expect(child).toMatch(/^ses_/);
    expect(await isRunning(child)).toBe(false);
    expect(await isRunning(await stream.sessionId)).toBe(false);
  });
});
