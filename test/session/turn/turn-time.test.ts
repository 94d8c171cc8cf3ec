/** Where the time of a turn went that took too long. Time is the fake timers' alone. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createOpencode } from "../../../src/client.js";
import type { TimeSpent, TurnOptions } from "../../../src/index.js";
import { TurnClock, turnTooLong } from "../../../src/session/turn/turn-clock.js";
import { createMemoryAgent, hold, type MemoryAgent, type Script, toolCall } from "../../../src/testing/index.js";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Lets everything run that no timer holds, until the model was asked so often. Takes no time of the fake clock. */
async function untilAsked(agent: MemoryAgent, times: number): Promise<void> {
  for (let turns = 0; agent.requests.length < times && turns < 1_000_000; turns += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(agent.requests.length).toBeGreaterThanOrEqual(times);
}

const nothing = { start: 0, queue: 0, setup: 0, model: 0, retry: 0, tools: 0, asked: 0 };

describe("the clock of a turn", () => {
  test("the clock of a turn counts each moment once, under the activity of that moment", () => {
    const clock = new TurnClock("start");
    vi.advanceTimersByTime(100);
    clock.enter("setup");
    vi.advanceTimersByTime(20);
    const base = { sessionId: "ses_1" };
    clock.event({ type: "step-start", messageId: "msg_1", ...base });
    vi.advanceTimersByTime(3);
    clock.event({ type: "tool-call", tool: "bash", callId: "1", input: {}, ...base });
    const ask = { id: "per_1", permission: "bash", patterns: [], metadata: {}, ...base };
    clock.event({ type: "permission-request", ...ask });
    vi.advanceTimersByTime(5_000);
    clock.event({ type: "permission-reply", id: "per_1", reply: "once", ...base });
    vi.advanceTimersByTime(700);
    clock.event({ type: "tool-result", tool: "bash", callId: "1", output: "", ...base });
    vi.advanceTimersByTime(9);
    expect(clock.spent()).toEqual({ ...nothing, start: 100, setup: 20, model: 12, asked: 5_000, tools: 700 });
  });

  test("the clock of a turn counts a pause between two model calls as retry up to the next call", () => {
    const clock = new TurnClock();
    const retry = { type: "retry", attempt: 1, message: "429", sessionId: "ses_1" } as const;
    clock.event({ ...retry, next: Date.now() + 1_000 });
    vi.advanceTimersByTime(400);
    expect(clock.spent()).toEqual({ ...nothing, retry: 400, retryAt: new Date(Date.now() + 600) });
    vi.advanceTimersByTime(1_000);
    expect(clock.spent()).toEqual({ ...nothing, retry: 1_000, model: 400 });
    clock.event({ ...retry, next: Date.now() + 60_000 });
    vi.advanceTimersByTime(30_000);
    const next = new Date(Date.now() + 30_000);
    expect(turnTooLong(31_400, clock)).toMatchObject({
      message: `the turn took longer than 31400 ms and was aborted; most of it, 31000 ms, went into waiting between failed calls of the model (the next is at ${next.toISOString()})`,
      spent: { retry: 31_000, retryAt: next },
    });
  });
});

describe("the time in a TurnTimeoutError", () => {
  const timeout = 60_000;

  async function tooLong(script: Script, options: TurnOptions): Promise<unknown> {
    await using agent = createMemoryAgent(script, { config: { permission: { bash: "ask" } } });
    await using opencode = await createOpencode({ baseUrl: agent.baseUrl, fetch: agent.fetch });
    const failed = opencode.ask("x", { timeout, ...options }).catch((error: unknown) => error);
    await untilAsked(agent, 1);
    await vi.advanceTimersByTimeAsync(timeout + 10_000);
    return failed;
  }

  const mostly = (phase: keyof TimeSpent, words: RegExp) => ({
    name: "TurnTimeoutError",
    message: expect.stringMatching(words),
    spent: expect.objectContaining({ [phase]: expect.closeTo(timeout, -3.5) }),
  });

  test("a TurnTimeoutError names the model as the longest wait", async () => {
    const error = await tooLong([{ text: [hold("never")] }], {});
    expect(error).toMatchObject(mostly("model", /most of it, \d+ ms, went into waiting for the model$/));
  });

  test("a TurnTimeoutError names a running tool as the longest wait", async () => {
    const call = toolCall("bash", { command: "ls", description: "d" }, { output: hold("never") });
    const error = await tooLong([call, "done"], { onPermission: () => "once" });
    expect(error).toMatchObject(mostly("tools", /went into running tools$/));
  });

  test("a TurnTimeoutError names an unanswered permission request as the longest wait", async () => {
    const call = toolCall("bash", { command: "ls", description: "d" });
    const onPermission = (): Promise<never> => new Promise(() => {});
    const error = await tooLong([call, "done"], { onPermission, callbackTimeout: 10 * timeout });
    expect(error).toMatchObject(mostly("asked", /went into waiting for the answer to a permission or question$/));
  });

  test("a TurnTimeoutError names the provider's rate limit and the time of the next model call", async () => {
    const error = await tooLong([{ status: 429, headers: { "retry-after": "3600" } }, "done"], {});
    expect(error).toMatchObject(mostly("retry", /waiting between failed calls of the model \(the next is at 20.*Z\)$/));
    expect(error).toMatchObject({ spent: { retryAt: expect.any(Date) } });
  });

  test("a TurnTimeoutError names another turn of the session as the longest wait", async () => {
    await using agent = createMemoryAgent([{ text: [hold("never")] }, "second"]);
    await using opencode = await createOpencode({ baseUrl: agent.baseUrl, fetch: agent.fetch });
    const session = await opencode.createSession();
    const first = session.askStream("first");
    await untilAsked(agent, 1);
    const failed = session.ask("second", { timeout }).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(timeout + 10_000);
    expect(await failed).toMatchObject(mostly("queue", /went into waiting for other turns of the session$/));
    const stopped = first.abort();
    await vi.advanceTimersByTimeAsync(10_000);
    await stopped;
  });
});
