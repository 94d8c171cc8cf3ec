import { describe, expect, test } from "vitest";
import { AsyncQueue } from "../../src/util/async-queue.js";

const create = (overflow?: { max: number }): AsyncQueue<number> =>
  new AsyncQueue<number>({
    merge: () => undefined,
    ...(overflow === undefined ? {} : { overflow: { ...overflow, isMinor: (item) => item < 0 } }),
  });

async function rest<T>(queue: AsyncQueue<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of queue) items.push(item);
  return items;
}

describe("several steps at the same time", () => {
  test("get the items in the order in which they were asked for", async () => {
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

  test("are told of a failure once: the first rejects, the others are at the end", async () => {
    const queue = create();
    const steps = [queue.next(), queue.next()];
    queue.fail(new Error("cut"));
    const [first, second] = await Promise.allSettled(steps);
    expect(first).toMatchObject({ status: "rejected", reason: { message: "cut" } });
    expect(second).toEqual({ status: "fulfilled", value: { done: true, value: undefined } });
    expect(await queue.next()).toEqual({ done: true, value: undefined });
  });

  test("end when the consumer leaves", async () => {
    const queue = create();
    const step = queue.next();
    await queue.return();
    expect(await step).toEqual({ done: true, value: undefined });
  });
});

describe("items beyond the limit", () => {
  test("are the oldest minor ones first, then the oldest", async () => {
    const queue = create({ max: 3 });
    for (const item of [1, -1, 2, -2, 3, 4]) queue.push(item);
    queue.end();
    expect(await rest(queue)).toEqual([2, 3, 4]);
  });

  test("are held up to a higher limit once the consumer is there, also after some were taken", async () => {
    const queue = create({ max: 2 });
    for (const item of [1, 2, 3]) queue.push(item);
    expect(await queue.next()).toEqual({ done: false, value: 2 });
    queue.holdUpTo(4);
    for (const item of [4, 5, -6, 7]) queue.push(item);
    queue.end();
    expect(await rest(queue)).toEqual([3, 4, 5, 7]);
  });

  test("are joined with their neighbour where that is possible", async () => {
    const queue = new AsyncQueue<string>({ merge: (earlier, later) => earlier + later, limit: 1 });
    for (const item of "abcd") queue.push(item);
    queue.end();
    expect(await rest(queue)).toEqual(["a", "bcd"]);
  });
});
