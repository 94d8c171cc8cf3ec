import { describe, expect, test } from "vitest";
import { AsyncQueue, type Growing } from "../../src/util/async-queue.js";

const create = (overflow?: { max: number }): AsyncQueue<number> =>
  new AsyncQueue<number>({
    grow: () => undefined,
    ...(overflow === undefined ? {} : { overflow: { ...overflow, isMinor: (item) => item < 0 } }),
  });

const growText = (first: string): Growing<string> => {
  let text = first;
  return {
    add: (later) => {
      text += later;
      return true;
    },
    get value() {
      return text;
    },
  };
};

async function rest<T>(queue: AsyncQueue<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of queue) items.push(item);
  return items;
}

describe("concurrent next() calls", () => {
  test("concurrent next() calls get the items in the order of the calls", async () => {
    const queue = create();
    const steps = [queue.next(), queue.next(), queue.next()];
    queue.push(1);
    queue.push(2);
    queue.end();
    expect(await Promise.all(steps)).toEqual([
      { done: false, value: 1 },
      { done: false, value: 2 },
      { done: true, value: undefined },
    ]);
  });

  test("a failure rejects the first pending next(), and the other pending calls are done", async () => {
    const queue = create();
    const steps = [queue.next(), queue.next()];
    queue.fail(new Error("cut"));
    const [first, second] = await Promise.allSettled(steps);
    expect(first).toMatchObject({ status: "rejected", reason: { message: "cut" } });
    expect(second).toEqual({ status: "fulfilled", value: { done: true, value: undefined } });
    expect(await queue.next()).toEqual({ done: true, value: undefined });
  });

  test("return() ends a pending next()", async () => {
    const queue = create();
    const step = queue.next();
    await queue.return();
    expect(await step).toEqual({ done: true, value: undefined });
  });
});

describe("items beyond the limit", () => {
  test("a queue over its limit drops the oldest minor items first, then the oldest items", async () => {
    const queue = create({ max: 3 });
    for (const item of [1, -1, 2, -2, 3, 4]) queue.push(item);
    queue.end();
    expect(await rest(queue)).toEqual([2, 3, 4]);
  });

  test("holdUpTo() raises the limit of a queue, also after items were taken", async () => {
    const queue = create({ max: 2 });
    for (const item of [1, 2, 3]) queue.push(item);
    expect(await queue.next()).toEqual({ done: false, value: 2 });
    queue.holdUpTo(4);
    for (const item of [4, 5, -6, 7]) queue.push(item);
    queue.end();
    expect(await rest(queue)).toEqual([3, 4, 5, 7]);
  });

  test("a queue over its limit merges an item with its neighbour where it can be added", async () => {
    const queue = new AsyncQueue<string>({ grow: growText, limit: 1 });
    for (const item of "abcd") queue.push(item);
    queue.end();
    expect(await rest(queue)).toEqual(["a", "bcd"]);
  });
});

test("items that were joined are not changed any more when the consumer has them", async () => {
  const grow = (first: { text: string }): Growing<{ text: string }> => {
    const text = growText(first.text);
    return {
      add: (later) => text.add(later.text),
      get value() {
        return { text: text.value };
      },
    };
  };
  const queue = new AsyncQueue<{ text: string }>({ grow, limit: 1 });
  const given = ["a", "b", "c", "d", "e"].map((text) => ({ text }));
  for (const item of given) queue.push(item);
  const taken = [await queue.next(), await queue.next()].map(({ value }) => value);
  for (const text of ["f", "g", "h", "i"]) queue.push({ text });
  expect(taken).toEqual([{ text: "a" }, { text: "bcde" }]);
  expect(given.map(({ text }) => text).join("")).toBe("abcde");
  queue.end();
  let rest = "";
  for await (const { text } of queue) rest += text;
  expect(rest).toBe("fghi");
});

test("passed() resolves for an item that later ones were joined to", async () => {
  const queue = new AsyncQueue<string>({ grow: growText, limit: 0 });
  queue.push("a");
  queue.push("b");
  const passed = queue.passed("a");
  queue.push("c");
  queue.push("d");
  queue.end();
  expect(await rest(queue)).toEqual(["abcd"]);
  await passed;
});
