/** The handing over of a prompt to a server that is overloaded, on a clock of its own: when it is given up, and when it is not. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Liveness } from "../../../src/client/liveness.js";
import type { ReadOptions } from "../../../src/client/retry-transient.js";
import { APIConnectionError, APITimeoutError, type OpencodeError } from "../../../src/index.js";
import type { DirectoryContext } from "../../../src/session/context.js";
import { type Submission, submit } from "../../../src/session/turn/submit.js";
import { Turn } from "../../../src/session/turn/turn.js";
import type { TurnRequest } from "../../../src/session/turn/turn-request.js";
import { delay } from "../../../src/util/delay.js";

const second = 1_000;
const retryTimeout = 30 * second;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

interface Server {
  /** Whether the server answers a health request. */
  readonly isAlive: boolean;
  /** How many prompts are not answered in time before one is taken. */
  readonly late: number;
}

/** Hands one prompt over. A look for it takes 14 s, and the request is given up after 10 s. */
async function handOver({ isAlive, late }: Server): Promise<{ posts: number; error: unknown; seconds: number }> {
  const liveness = new Liveness(async () => {
    if (isAlive) liveness.beat();
    else await delay(10 * second);
  });
  const find = async ({ timeout = 0 }: ReadOptions): Promise<undefined> => {
    await delay(Math.min(14 * second, timeout));
    if (!isAlive || timeout < 14 * second) throw new APITimeoutError("a look was not answered in time");
    liveness.answered(14 * second);
    liveness.beat();
  };
  let posts = 0;
  const messages = { find: (_session: string, _message: string, call: ReadOptions) => find(call) };
  const api = { messages, capabilities: { canRepeatPrompt: false, continuesRepeatedPrompt: true } };
  const request: TurnRequest = {
    messageId: "msg_1",
    body: { messageID: "msg_1", parts: [] },
    canRepeat: true,
    lateAfter: 2 * second,
    isStored: async () => false,
    post: async () => {
      posts += 1;
      if (posts > late) return;
      await delay(10 * second);
      throw new APITimeoutError("the prompt was not answered in time");
    },
  };
  const submission: Submission = {
    scope: { api } as unknown as DirectoryContext, // the two parts that are used
    turn: new Turn("ses_1", "msg_1"),
    signal: new AbortController().signal,
    over: new AbortController().signal,
    retryTimeout,
    liveness,
    isHeard: () => false,
    onPost: () => {},
  };
  const began = performance.now();
  let error: unknown;
  const handing = submit(submission, request).catch((reason: unknown) => {
    error = reason;
  });
  let isOver = false;
  void handing.then(() => {
    isOver = true;
  });
  for (let passed = 0; !isOver && passed < 3_600; passed += 1) await vi.advanceTimersByTimeAsync(second);
  return { posts, error, seconds: (performance.now() - began) / second };
}

test("a prompt is handed over to a server that is late four times and alive", async () => {
  const { posts, error } = await handOver({ isAlive: true, late: 4 });
  expect(error).toBeUndefined();
  expect(posts).toBe(5);
});

test("a prompt is given up on a server that is late and shows no sign of life for reconnectTimeout", async () => {
  const { error, seconds } = await handOver({ isAlive: false, late: Number.POSITIVE_INFINITY });
  expect(error).toBeInstanceOf(APIConnectionError);
  expect((error as OpencodeError).retryable).toBe(true);
  expect(seconds).toBeLessThan(4 * (retryTimeout / second));
});

test("a prompt is given up on a server that is alive and takes it in none of ten times reconnectTimeout", async () => {
  const { error, seconds } = await handOver({ isAlive: true, late: Number.POSITIVE_INFINITY });
  expect(error).toBeInstanceOf(APIConnectionError);
  expect(seconds).toBeGreaterThan(5 * (retryTimeout / second));
});
