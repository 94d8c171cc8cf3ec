import { describe, expect, test } from "vitest";
import { StuckError, settle, VirtualClock } from "./world/clock.js";
import { install } from "./world/globals.js";
import { Random } from "./world/random.js";

const limits = { limit: 10_000_000, mostTimers: 10_000 };

describe("the simulated clock", () => {
  test("the simulated clock fires timers in the order of their times, then of their setting", async () => {
    const clock = new VirtualClock(0);
    const seen: string[] = [];
    const note = (name: string) => () => seen.push(`${name} at ${clock.now}`);
    clock.set(note("late"), 3_600_000);
    clock.set(note("first"), 5);
    clock.set(note("second"), 5);
    const cleared = clock.set(note("never"), 4);
    clock.clear(cleared.id);
    await clock.run(clock.wait(3_600_000), limits);
    expect(seen).toEqual(["first at 5", "second at 5", "late at 3600000"]);
  });

  test("the simulated clock runs all microtasks between two timers of the same time", async () => {
    const clock = new VirtualClock(0);
    const seen: string[] = [];
    clock.set(() => {
      seen.push("one");
      void Promise.resolve()
        .then(() => {})
        .then(() => seen.push("after one"));
    }, 1);
    clock.set(() => seen.push("two"), 1);
    await clock.run(clock.wait(2), limits);
    expect(seen).toEqual(["one", "after one", "two"]);
  });

  test("an interval fires until it is cleared, and a timer of 0 ms takes a millisecond", async () => {
    const clock = new VirtualClock(0);
    let count = 0;
    const every = clock.set(
      () => {
        count += 1;
        if (count === 3) clock.clear(every.id);
      },
      10,
      { every: 10 },
    );
    await clock.run(clock.wait(1_000), limits);
    expect(count).toBe(3);
    clock.set(() => {
      count = clock.now;
    }, 0);
    await clock.run(clock.wait(5), limits);
    expect(count).toBe(1_001);
  });

  test("the timers of a blocked owner fire late and in order, and other timers fire on time", async () => {
    const clock = new VirtualClock(0);
    const seen: string[] = [];
    clock.set(() => seen.push(`a1 ${clock.now}`), 10, { owner: "a" });
    clock.set(() => seen.push(`a2 ${clock.now}`), 20, { owner: "a" });
    clock.set(() => seen.push(`b ${clock.now}`), 15, { owner: "b" });
    clock.block("a", 100);
    await clock.run(clock.wait(50, "world"), limits);
    // Blocked once more, and longer: what was late before is still first.
    clock.block("a", 100);
    clock.set(() => seen.push(`a3 ${clock.now}`), 30, { owner: "a" });
    await clock.run(clock.wait(200, "world"), limits);
    expect(seen).toEqual(["b 15", "a1 150", "a2 150", "a3 150"]);
  });

  test("a timer that an owner's timer sets is forgotten together with the owner", async () => {
    const clock = new VirtualClock(0);
    const seen: string[] = [];
    clock.set(
      () => {
        void Promise.resolve().then(() => clock.set(() => seen.push("child"), 10));
      },
      1,
      { owner: "a" },
    );
    clock.set(() => clock.forget("a"), 5, { owner: "world" });
    await clock.run(clock.wait(50, "world"), limits);
    expect(seen).toEqual([]);
    expect(clock.pending("a")).toEqual([]);
  });

  test("a jump of the simulated date does not move the timers", async () => {
    const clock = new VirtualClock(1_000_000);
    clock.jump(-500_000);
    await clock.run(clock.wait(10), limits);
    expect([clock.now, clock.date]).toEqual([10, 500_010]);
  });

  test("the simulated clock throws when no timer is left and when a limit is exceeded", async () => {
    const clock = new VirtualClock(0);
    const never = new Promise<void>(() => {});
    await expect(clock.run(never, limits)).rejects.toThrow("nothing is left to wait for");
    clock.set(() => {}, 1, { every: 1 });
    await expect(clock.run(never, { limit: 50, mostTimers: 1_000 })).rejects.toThrow(StuckError);
    await expect(clock.run(never, { limit: 50_000, mostTimers: 100 })).rejects.toThrow("more than 100 timers");
  });
});

describe("the simulated globals", () => {
  test("the simulated globals replace timers, dates and random numbers, and restore them", async () => {
    const before = [setTimeout, clearTimeout, setInterval, Date, Math.random, AbortSignal.timeout];
    const clock = new VirtualClock(Date.UTC(2026, 7, 14));
    const undo = install(clock, new Random("globals"));
    const seen: unknown[] = [];
    try {
      setTimeout(
        (word: string) => seen.push(word, new Date().toISOString(), Date.now() - Date.UTC(2026, 7, 14)),
        1_500,
        "argument",
      );
      const stopped = setTimeout(() => seen.push("stopped"), 10);
      clearTimeout(stopped);
      const signal = AbortSignal.timeout(2_000);
      seen.push(Math.random(), crypto.getRandomValues(new Uint8Array(2)).length, new Date(0).getTime());
      await clock.run(clock.wait(3_000), limits);
      seen.push(signal.aborted, performance.now());
    } finally {
      undo();
    }
    expect(seen).toEqual([expect.any(Number), 2, 0, "argument", "2026-08-14T00:00:01.500Z", 1_500, true, 3_000]);
    expect([setTimeout, clearTimeout, setInterval, Date, Math.random, AbortSignal.timeout]).toEqual(before);
    await settle();
  });

  test("the same seed gives the same random numbers, independent of other draws", () => {
    const one = new Random(7, "request", "GET /x", 3);
    new Random(7, "other").next();
    const two = new Random(7, "request", "GET /x", 3);
    expect([one.next(), one.next(), one.int(1, 6)]).toEqual([two.next(), two.next(), two.int(1, 6)]);
    expect(new Random(7, "a").next()).not.toBe(new Random(8, "a").next());
  });
});
