import { describe, expect, test } from "vitest";
import { type PollConditions, PollSchedule } from "../../../src/session/turn/poll-schedule.js";

const heard: PollConditions = { isDoubtful: false, hearsAll: true, isOpen: true };
const gap: PollConditions = { isDoubtful: false, hearsAll: false, isOpen: true };
const closed: PollConditions = { isDoubtful: false, hearsAll: false, isOpen: false };
const doubtful: PollConditions = { isDoubtful: true, hearsAll: true, isOpen: true };

/** One read from `now` on that is answered after `took` ms. */
function read(schedule: PollSchedule, now: number, took: number, conditions: PollConditions): number {
  schedule.readBegins();
  schedule.readAnswered(took);
  schedule.readEnded(now + took, conditions);
  return now + took;
}

describe("the schedule of a turn's reads", () => {
  test("the first read of a turn whose events are all heard is due after ten seconds of silence", () => {
    const schedule = new PollSchedule(1_000);
    expect(schedule.wait(1_000, heard)).toBe(10_000);
    schedule.seen(4_000);
    expect(schedule.wait(5_000, heard)).toBe(9_000);
  });

  test("the first read after a gap of the events is due after two seconds of silence", () => {
    expect(new PollSchedule(0).wait(500, gap)).toBe(1_500);
  });

  test("a read without an event stream is due at once, and then every 250 ms while something happens", () => {
    const schedule = new PollSchedule(0);
    expect(schedule.wait(0, closed)).toBe(0);
    read(schedule, 0, 10, closed);
    expect(schedule.wait(10, closed)).toBe(250);
  });

  test("the time between reads of a silent turn grows by half up to five seconds", () => {
    const schedule = new PollSchedule(0);
    const waits: number[] = [];
    for (let now = 10_000; waits.length < 12; now += 60_000) {
      read(schedule, now, 0, closed);
      waits.push(schedule.wait(now, closed));
    }
    expect(waits.slice(0, 3)).toEqual([375, 562.5, 843.75]);
    expect(waits.at(-1)).toBe(5_000);
  });

  test("the time between reads of a silent turn whose events are heard grows up to 30 seconds", () => {
    const schedule = new PollSchedule(0);
    let last = 0;
    for (let now = 20_000; now < 2_000_000; now += 60_000) {
      read(schedule, now, 0, heard);
      last = schedule.wait(now, heard);
    }
    expect(last).toBe(30_000);
  });

  test("a read is not repeated before three times its own duration", () => {
    const schedule = new PollSchedule(0);
    const end = read(schedule, 0, 1_000, closed);
    expect(schedule.wait(end, closed)).toBe(3_000);
  });

  test("a failed read does not lengthen the time to the next read", () => {
    const schedule = new PollSchedule(0);
    read(schedule, 0, 1_000, closed);
    schedule.readBegins();
    schedule.readEnded(1_500, closed);
    expect(schedule.wait(1_500, closed)).toBe(250);
  });

  test("a doubtful end is read after 15 ms, then after doubled waits up to five seconds", () => {
    const schedule = new PollSchedule(0);
    schedule.doubtChanged(100);
    const waits: number[] = [];
    for (let now = 100; waits.length < 12; now = read(schedule, now, 0, doubtful))
      waits.push(schedule.wait(now, doubtful));
    expect(waits.slice(0, 4)).toEqual([15, 30, 60, 120]);
    expect(waits.at(-1)).toBe(5_000);
  });

  test("a requested read is due at once until it begins or is withdrawn", () => {
    const schedule = new PollSchedule(0);
    schedule.request();
    expect(schedule.wait(1, heard)).toBe(0);
    schedule.withdraw();
    expect(schedule.wait(1, heard)).toBe(9_999);
    schedule.request();
    schedule.readBegins();
    expect(schedule.wait(1, heard)).toBeGreaterThan(0);
  });
});
