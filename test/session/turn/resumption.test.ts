import { describe, expect, test, vi } from "vitest";
import { type ResumableTurn, Resumption, type ResumptionMeans } from "../../../src/session/turn/resumption.js";
import { isEndedEarly, type TurnMessage } from "../../../src/session/turn/step-state.js";

/** A turn that is stored, has no messages and may be set going again. */
function turnWith(state: Partial<ResumableTurn> = {}): ResumableTurn {
  return {
    answerMessages: () => [],
    canResume: true,
    wasRejected: false,
    wasDisposed: false,
    isEndedEarly: false,
    isStored: true,
    steps: [],
    ...state,
  };
}

const means: ResumptionMeans = { canRepeat: true, canBeReloaded: true, isOurs: () => false };

describe("the resumption of a run", () => {
  test("a run that a disposed directory ended at its beginning runs again, also when that is told later", () => {
    const next = (state: Partial<ResumableTurn>): string => new Resumption(turnWith(state), means).next("over");
    expect(next({ wasDisposed: true, isEndedEarly: true })).toBe("rerun");
    expect(next({ wasDisposed: true })).toBe("over");
    let wasDisposed = false;
    const told = turnWith({ isEndedEarly: true });
    const late = new Resumption(Object.defineProperty(told, "wasDisposed", { get: () => wasDisposed }), means);
    expect(late.next("over")).toBe("wait");
    wasDisposed = true;
    expect(late.next("over")).toBe("rerun");
  });

  test("a run that another client has aborted at its beginning is over, at once where no reload ends runs", () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const aborted = turnWith({ isEndedEarly: true });
    expect(new Resumption(aborted, { ...means, canBeReloaded: false }).next("over")).toBe("over");
    const resumption = new Resumption(aborted, means);
    expect(resumption.next("over")).toBe("wait");
    vi.advanceTimersByTime(10_000);
    expect(resumption.next("over")).toBe("over");
    vi.useRealTimers();
  });

  test("a step has ended early when it was aborted without a part of its own", () => {
    const step = (name: string, ...types: string[]): boolean => {
      const info = { id: "msg_1", role: "assistant", error: { name } };
      return isEndedEarly({ info, parts: types.map((type) => ({ type })) } as unknown as TurnMessage); // all that is looked at
    };
    expect(step("MessageAbortedError")).toBe(true);
    expect(step("MessageAbortedError", "step-start")).toBe(true);
    expect(step("MessageAbortedError", "step-start", "text")).toBe(false);
    expect(step("APIError")).toBe(false);
  });

  test("a run that goes on is waited for", () => {
    expect(new Resumption(turnWith(), means).next("running")).toBe("wait");
  });

  test("a finished run that the server did not reject is over", () => {
    expect(new Resumption(turnWith(), means).next("over")).toBe("over");
  });

  test("an interrupted run is run again three times, then it is over and cut", () => {
    const resumption = new Resumption(turnWith(), means);
    const steps = [1, 2, 3, 4].map(() => resumption.next("interrupted"));
    expect(steps).toEqual(["rerun", "rerun", "rerun", "over"]);
    expect(resumption.count).toBe(3);
    expect(resumption.wasCut).toBe(true);
  });

  test("a stored prompt that does not run is sent again three times, and its turn ends three reads later", () => {
    const resumption = new Resumption(turnWith(), means);
    const steps = Array.from({ length: 6 }, () => resumption.next("unanswered"));
    expect(steps).toEqual(["resend", "resend", "resend", "wait", "wait", "over"]);
  });

  test("an interrupted command is over at once and is not sent again", () => {
    const resumption = new Resumption(turnWith(), { ...means, canRepeat: false });
    expect(resumption.next("interrupted")).toBe("over");
    expect(resumption.wasCut).toBe(true);
  });

  test("a turn that another prompt followed is not sent again", () => {
    const resumption = new Resumption(turnWith({ canResume: false }), means);
    expect(resumption.next("interrupted")).toBe("over");
    expect(resumption.count).toBe(0);
  });

  test("a prompt that the server has rejected and that cannot be sent again is over", () => {
    const resumption = new Resumption(turnWith({ wasRejected: true }), { ...means, canRepeat: false });
    expect(resumption.next("unanswered")).toBe("over");
    expect(resumption.wasCut).toBe(false);
  });

  test("a request for a prompt that is not stored yet does not count as a resumption", () => {
    const resumption = new Resumption(turnWith({ isStored: false }), means);
    resumption.posted(Promise.resolve());
    expect(resumption.isOnItsWay).toBe(false);
  });

  test("a request for a stored prompt is on its way until the run has another step", () => {
    const steps: ResumableTurn["steps"][number][] = [];
    const resumption = new Resumption(turnWith({ steps }), means);
    resumption.posted(new Promise(() => {}));
    expect(resumption.isOnItsWay).toBe(true);
    steps.push({} as ResumableTurn["steps"][number]);
    expect(resumption.isOnItsWay).toBe(false);
  });
});
