/** How many requests of one directory are under way at once, and which of them begins next. */
import { expect, test } from "vitest";
import { ConcurrencyLimit, type Leave } from "../../src/client/concurrency-limit.js";

const read = { directory: "a", isRead: true, signals: [] };
const prompt = { directory: "a", isRead: false, signals: [] };

/** The places that are given at once, and the promises of the others. */
function enterAll(limit: ConcurrencyLimit, requests: readonly (typeof read)[]) {
  const places = requests.map((request) => limit.enter(request));
  return {
    given: places.filter((place): place is Leave => typeof place === "function"),
    waiting: places.filter((place) => place instanceof Promise),
  };
}

test("forty reads under way leave a place for a prompt", async () => {
  const limit = new ConcurrencyLimit();
  const reads = enterAll(
    limit,
    Array.from({ length: 40 }, () => read),
  );
  expect(reads.given).toHaveLength(4);
  const place = limit.enter(prompt);
  expect(place).toBeTypeOf("function");
  expect(limit.enter(prompt)).toBeInstanceOf(Promise);
});

test("the place of a request that is over goes to the first request that may have it", async () => {
  const limit = new ConcurrencyLimit();
  const reads = enterAll(limit, [read, read, read, read, read]);
  const [first] = enterAll(limit, [prompt]).given;
  const second = limit.enter(prompt);
  first?.(); // a fifth read may not have it
  await expect(second).resolves.toBeTypeOf("function");
  reads.given[0]?.();
  await expect(reads.waiting[0]).resolves.toBeTypeOf("function");
});

test("a request that is aborted while it waits gives its place in line up", async () => {
  const limit = new ConcurrencyLimit();
  const { given } = enterAll(limit, [prompt, prompt, prompt, prompt, prompt]);
  const stop = new AbortController();
  const aborted = limit.enter({ ...prompt, signals: [stop.signal] });
  const next = limit.enter(prompt);
  stop.abort(new Error("no longer wanted"));
  await expect(aborted).rejects.toThrow("no longer wanted");
  given[0]?.();
  await expect(next).resolves.toBeTypeOf("function");
});

test("requests with the server's own directory share the limit of requests without a directory", () => {
  const limit = new ConcurrencyLimit();
  limit.nameOwn("a");
  const { waiting } = enterAll(
    limit,
    Array.from({ length: 5 }, () => ({ ...prompt, directory: "" })),
  );
  expect(waiting).toHaveLength(0);
  expect(limit.enter(prompt)).toBeInstanceOf(Promise);
  expect(limit.enter({ ...prompt, directory: "b" })).toBeTypeOf("function");
});
