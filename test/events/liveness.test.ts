/** When something is given up: the pure part, on a clock of its own. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type InactivityReason, InactivityTimer } from "../../src/util/inactivity-timer.js";

const quiet = 10_000;
let ended: InactivityReason | undefined;
let said: number;
let worked: number | undefined;
let watch: InactivityTimer;

beforeEach(() => {
  vi.useFakeTimers();
  ended = undefined;
  said = 0;
  worked = 0;
  watch = new InactivityTimer(quiet, {
    onEnd: (end) => {
      ended = end;
    },
  });
  watch.follow(() => ({ said, worked }));
});
afterEach(() => {
  watch.stop();
  vi.useRealTimers();
});

/** Lets the time pass in seconds, and says before each whether there is a sign of life. */
function pass(seconds: number, sign: (second: number) => void = () => {}): void {
  for (let second = 1; second <= seconds && ended === undefined; second += 1) {
    sign(second);
    vi.advanceTimersByTime(1_000);
  }
}

function speak(isTime: boolean): void {
  if (isTime) said += 1;
}

function work(ms: number): void {
  worked = (worked ?? 0) + ms;
}

test("InactivityTimer ends once after the quiet time without a sign of life", () => {
  pass(9);
  expect([ended, watch.left]).toEqual([undefined, 1_000]);
  pass(1);
  expect(ended).toBe("quiet");
  ended = undefined;
  pass(100);
  expect(ended).toBeUndefined();
});

test.each<[string, (second: number) => void]>([
  ["what it says", (second) => speak(second % 9 === 0)],
  ["its work", () => work(5)],
  ["a sign that somebody else has seen", (second) => (second % 9 === 0 ? watch.sign() : undefined)],
])("a sign of life (%s) delays the end up to four times the quiet time", (_what, sign) => {
  pass(39, sign);
  expect(ended).toBeUndefined();
  pass(1, sign);
  expect(ended).toBe("total");
});

test("a little CPU time is no sign of life", () => {
  pass(20, () => work(1));
  expect(ended).toBe("quiet");
});

test("output is a sign of life if the work cannot be measured", () => {
  worked = undefined;
  pass(15, (second) => speak(second === 8));
  expect(ended).toBeUndefined();
  pass(4);
  expect(ended).toBe("quiet");
});

test("the time in which the process was stopped does not count as quiet", () => {
  pass(9);
  vi.setSystemTime(Date.now() + 3_600_000);
  const now = performance.now.bind(performance);
  const sleeping = vi.spyOn(performance, "now").mockImplementation(() => now() + 3_600_000);
  vi.advanceTimersByTime(400); // less than a step
  expect(ended).toBeUndefined();
  pass(1);
  expect(ended).toBe("quiet");
  sleeping.mockRestore();
});

test("a pause does not count as quiet, and the quiet time starts again after the pause", () => {
  pass(9);
  watch.pause();
  pass(100);
  watch.resume();
  pass(9);
  expect(ended).toBeUndefined();
  pass(1);
  expect(ended).toBe("quiet");
});
