import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BudgetExceededError, IdleTimeoutError, ProviderRateLimitError } from "../../../src/index.js";
import type { Turn } from "../../../src/session/turn/turn.js";
import type { RunContext } from "../../../src/session/turn/turn-budgets.js";
import { TurnLimits } from "../../../src/session/turn/turn-limits.js";
import type { AssistantMessage, Message } from "../../../src/types/index.js";

/** The turn's session and client have none. */
const noBudgets = {
  isAny: false,
  report: () => {},
  exceeded: () => undefined,
  note: async () => {},
  watch: () => () => {},
};

/** The first moment of the fake clock. */
const now = Date.UTC(2026, 0, 5, 12);

beforeEach(() => {
  vi.useFakeTimers({ now, toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** An ended model step. */
function step(id: string, { cost = 0, tokens = 0 } = {}): AssistantMessage {
  const used = { input: tokens, output: 0, reasoning: 0, cache: { read: 0, write: 0 } };
  return { id, role: "assistant", cost, tokens: used, time: { created: now, completed: now } } as AssistantMessage; // the rest is not looked at
}

interface Given {
  readonly options?: Partial<RunContext["options"]>;
  readonly steps?: readonly AssistantMessage[];
  readonly spent?: readonly AssistantMessage[];
  readonly goesOn?: boolean;
  /** The stored messages of the sub-agent `ses_child`. */
  readonly ofChild?: readonly Message[];
}

/** The limits of a turn, and all that can be done to it from outside. */
function limitsOf({ options = {}, steps = [], spent = [], goesOn = true, ofChild = [] }: Given) {
  const caller = new AbortController();
  const lifetime = new AbortController();
  const used: (readonly AssistantMessage[])[] = [];
  const reads: string[] = [];
  const scope = {
    api: {
      messages: {
        async *newestFirst(id: string): AsyncGenerator<Message> {
          reads.push(id);
          yield* ofChild;
        },
      },
    },
  };
  const known = [...steps];
  const turn = {
    sessionId: "ses_own",
    steps: known,
    goesOn,
    answerMessages: () => steps.map((info) => ({ info, parts: [] })),
    subAgents: {
      ids: ofChild.length > 0 ? ["ses_child"] : [],
      used: (infos: readonly AssistantMessage[]) => {
        used.push(infos);
        known.push(...infos);
      },
    },
  };
  const context = {
    options,
    spent,
    scope,
    signal: caller.signal,
    budgets: noBudgets,
    session: { connection: { lifetime: lifetime.signal } },
  };
  // Only these fields of them are looked at.
  const limits = new TurnLimits(context as unknown as RunContext, turn as unknown as Turn);
  return { limits, caller, lifetime, used, reads };
}

describe("turn limits", () => {
  test("the signal of a turn aborts with the reason of the caller's signal", () => {
    const { limits, caller } = limitsOf({});
    caller.abort("the caller's reason");
    expect(limits.signal.reason).toBe("the caller's reason");
  });

  test("the signal of a turn aborts with the reason of the connection's end", () => {
    const { limits, lifetime } = limitsOf({});
    lifetime.abort("the end's reason");
    expect(limits.signal.reason).toBe("the end's reason");
  });

  test("the signal of a turn does not abort after its release", () => {
    const { limits, caller, lifetime } = limitsOf({ options: { idleTimeout: 1_000 } });
    limits.idle?.start();
    limits.release();
    caller.abort();
    lifetime.abort();
    vi.advanceTimersByTime(10_000);
    expect(limits.signal.aborted).toBe(false);
  });
});

describe("the budget of a turn", () => {
  test("a run below its budget continues", () => {
    const { limits } = limitsOf({ options: { maxCost: 1, maxSteps: 2 }, steps: [step("a", { cost: 1 })] });
    limits.checkUsage();
    expect(limits.signal.aborted).toBe(false);
  });

  test.each([
    { option: { maxCost: 1 }, limit: "maxCost", used: 1.5, max: 1 },
    { option: { maxTokens: 100 }, limit: "maxTokens", used: 101, max: 100 },
    { option: { maxSteps: 1 }, limit: "maxSteps", used: 1, max: 1 },
  ])("the budget $limit ends a run that has reached it", ({ option, limit, used, max }) => {
    const { limits } = limitsOf({ options: option, steps: [step("a", { cost: 1.5, tokens: 101 })] });
    limits.checkUsage();
    expect(limits.signal.reason).toBeInstanceOf(BudgetExceededError);
    expect(limits.signal.reason).toMatchObject({ limit, used, max });
  });

  test("the budget does not end a run that has completed", () => {
    const { limits } = limitsOf({ options: { maxSteps: 1 }, steps: [step("a")], goesOn: false });
    limits.checkUsage();
    expect(limits.signal.aborted).toBe(false);
  });

  test("the budget counts the steps of the turn's earlier runs", () => {
    const { limits } = limitsOf({ options: { maxSteps: 2 }, spent: [step("before")], steps: [step("a")] });
    limits.checkUsage();
    expect(limits.signal.reason).toMatchObject({ limit: "maxSteps", used: 2 });
  });

  test("the budget counts the steps of sub-agents that a read finds", async () => {
    const child = step("of the sub-agent", { cost: 2 });
    const { limits, used } = limitsOf({ options: { maxCost: 1 }, ofChild: [{ info: child, parts: [] }] });
    await limits.readUsage(1_000);
    expect(used).toEqual([[child]]);
    expect(limits.signal.reason).toMatchObject({ limit: "maxCost", used: 2 });
  });

  test("a turn without a budget reads no sub-agents", async () => {
    const { limits, reads, used } = limitsOf({ ofChild: [{ info: step("of the sub-agent"), parts: [] }] });
    await limits.readUsage(1_000);
    expect({ reads, used }).toEqual({ reads: [], used: [] });
  });
});

describe("the provider's retry wait", () => {
  const retry = { sessionId: "ses_own", attempt: 1, message: "rate limited", next: now + 60_000 };
  const ofChild = { ...retry, sessionId: "ses_child" };

  test("a provider wait longer than maxRetryWait ends the run, and the error says when to try again", () => {
    const { limits } = limitsOf({ options: { maxRetryWait: 59_999 } });
    limits.checkRetry(retry);
    expect(limits.signal.reason).toBeInstanceOf(ProviderRateLimitError);
    expect(limits.signal.reason).toMatchObject({ retryAt: new Date(retry.next) });
    expect(String(limits.signal.reason)).toContain("60000 ms");
  });

  test("a provider wait as long as maxRetryWait does not end the run", () => {
    const { limits } = limitsOf({ options: { maxRetryWait: 60_000 } });
    limits.checkRetry(retry);
    expect(limits.signal.aborted).toBe(false);
  });

  test("a provider wait of hours does not end a run without maxRetryWait", () => {
    const { limits } = limitsOf({});
    limits.checkRetry({ ...retry, next: now + 86_400_000 });
    expect(limits.signal.aborted).toBe(false);
  });

  test("the wait of a sub-agent is for no fallback model, and ends a run only by a maxRetryWait that is given", () => {
    const fallbackModels = ["scripted/second"];
    const { limits } = limitsOf({ options: { fallbackModels } });
    limits.checkRetry(ofChild);
    expect(limits.signal.aborted).toBe(false);
    limits.checkRetry(retry);
    expect(limits.signal.reason).toBeInstanceOf(ProviderRateLimitError);
    const given = limitsOf({ options: { fallbackModels, maxRetryWait: 59_999 } }).limits;
    given.checkRetry(ofChild);
    expect(given.signal.reason).toBeInstanceOf(ProviderRateLimitError);
  });
});

describe("the time without progress", () => {
  test("a time without progress as long as idleTimeout ends the run", () => {
    const { limits } = limitsOf({ options: { idleTimeout: 1_000 } });
    limits.idle?.start();
    vi.advanceTimersByTime(999);
    expect(limits.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(limits.signal.reason).toBeInstanceOf(IdleTimeoutError);
  });

  test("idleTimeout counts from the last event of the run", () => {
    const { limits } = limitsOf({ options: { idleTimeout: 1_000 } });
    limits.idle?.start();
    vi.advanceTimersByTime(900);
    limits.idle?.touch();
    vi.advanceTimersByTime(999);
    expect(limits.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(limits.signal.aborted).toBe(true);
  });

  test("idleTimeout does not count while a callback runs", () => {
    const { limits } = limitsOf({ options: { idleTimeout: 1_000 } });
    limits.idle?.start();
    limits.idle?.pending(1);
    vi.advanceTimersByTime(60_000);
    expect(limits.signal.aborted).toBe(false);
    limits.idle?.pending(-1);
    vi.advanceTimersByTime(999);
    expect(limits.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(limits.signal.aborted).toBe(true);
  });

  test.each([undefined, Number.POSITIVE_INFINITY])("idleTimeout %s is no limit", (idleTimeout) => {
    expect(limitsOf({ options: { idleTimeout } }).limits.idle).toBeUndefined();
  });
});
