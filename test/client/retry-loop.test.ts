/** The loop of one request, on a `fetch` of the test's own and a clock that the test moves. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createOpencodeClient } from "../../src/client/client.js";
import { APIAbortError, InternalServerError, NotFoundError } from "../../src/errors/index.js";

type Reply = () => Response | Promise<Response>;

const status =
  (code: number, headers: Record<string, string> = {}): Reply =>
  () =>
    new Response("", { status: code, headers });
const json =
  (value: unknown): Reply =>
  () =>
    Response.json(value);
const lost: Reply = () => Promise.reject(new TypeError("fetch failed"));
const refused: Reply = () =>
  Promise.reject(
    new TypeError("fetch failed", { cause: Object.assign(new Error("refused"), { code: "ECONNREFUSED" }) }),
  );

/** A client whose tries are answered one after the other, and the moments of the tries in ms. */
function client(
  replies: readonly Reply[],
  options: { readonly maxRetries?: number; readonly signal?: AbortSignal } = {},
) {
  const began = Date.now();
  const tries: number[] = [];
  const answer = async (): Promise<Response> => {
    tries.push(Date.now() - began);
    const reply = replies[tries.length - 1] ?? replies.at(-1);
    if (reply === undefined) throw new Error("no reply");
    return reply();
  };
  return { api: createOpencodeClient({ baseUrl: "http://127.0.0.1:9", fetch: answer, ...options }), tries };
}

/** How a call ends, when all its waits are over. */
async function outcome(call: Promise<{ data: unknown }>): Promise<unknown> {
  const ended = call.then(
    ({ data }) => data,
    (error: unknown) => error,
  );
  await vi.runAllTimersAsync();
  return ended;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("the retry loop", () => {
  test("the waits between tries double up to 8 s", async () => {
    const { api, tries } = client([status(503)], { maxRetries: 6 });
    expect(await outcome(api.GET("/session"))).toBeInstanceOf(InternalServerError);
    expect(tries).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 23_500]);
  });

  test("a wait that the server asks for replaces the wait of the schedule, shorter or longer", async () => {
    const replies = [status(503, { "retry-after-ms": "7" }), status(429, { "retry-after": "20" }), json([])];
    const { api, tries } = client(replies);
    expect(await outcome(api.GET("/session"))).toEqual([]);
    expect(tries).toEqual([0, 7, 20_007]);
  });

  test("a wait that an earlier response asked for does not affect later waits", async () => {
    const { api, tries } = client([status(503, { "retry-after-ms": "7" }), lost, json([])]);
    expect(await outcome(api.GET("/session"))).toEqual([]);
    expect(tries).toEqual([0, 7, 1_007]);
  });

  test("a request with `maxRetries: 0` is sent once and sets no timer", async () => {
    const { api, tries } = client([status(503)], { maxRetries: 0 });
    expect(await outcome(api.GET("/session"))).toBeInstanceOf(InternalServerError);
    expect(tries).toEqual([0]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each([["an error"], [undefined]])(
    "an abort whose reason is %s ends the wait between two tries",
    async (reason) => {
      const stop = new AbortController();
      const { api, tries } = client([status(503)], { signal: stop.signal });
      const ended = api.GET("/session").catch((error: unknown) => error);
      await vi.advanceTimersByTimeAsync(499);
      stop.abort(reason);
      const error = await ended;
      expect(error).toBeInstanceOf(APIAbortError);
      expect(error).toMatchObject({ cause: stop.signal.reason });
      expect(tries).toEqual([0]);
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  test("a 404 of a DELETE after a lost connection counts as success", async () => {
    const { api } = client([lost, status(404)]);
    const call = api.DELETE("/session/{sessionID}", { params: { path: { sessionID: "ses_1" } } });
    expect(await outcome(call)).toBe(true);
  });

  test("a 404 of a DELETE after a refused connection is a NotFoundError", async () => {
    const { api } = client([refused, status(404)]);
    const call = api.DELETE("/session/{sessionID}", { params: { path: { sessionID: "ses_1" } } });
    expect(await outcome(call)).toBeInstanceOf(NotFoundError);
  });
});
