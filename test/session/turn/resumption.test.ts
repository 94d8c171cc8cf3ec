import { describe, expect, test } from "vitest";
import { type ResumableTurn, Resumption } from "../../../src/session/turn/resumption.js";

/** A turn that is stored, has no messages and may be set going again. */
function turnWith(state: Partial<ResumableTurn> = {}): ResumableTurn {
  return {
    answerMessages: () => [],
    canResume: true,
    wasRejected: false,
    wasDisposed: false,
    isAborting: false,
    isStored: true,
    steps: [],
    ...state,
  };
}

const nothingIsOurs = (): boolean => false;

describe("the resumption of a run", () => {
  test("a run that a disposed directory ended at its beginning runs again, and one that has told something does not", () => {
    const aborted = (parts: readonly { readonly type: string }[]): ResumableTurn["answerMessages"] => {
      const info = { id: "msg_1", role: "assistant", error: { name: "MessageAbortedError" } };
      return () => [{ info, parts }] as unknown as ReturnType<ResumableTurn["answerMessages"]>; // all that is looked at
    };
    const next = (state: Partial<ResumableTurn>): string =>
      new Resumption(turnWith(state), true, nothingIsOurs).next("over");
    const begun = aborted([{ type: "step-start" }]);
    expect(next({ wasDisposed: true, answerMessages: begun })).toBe("rerun");
    expect(next({ wasDisposed: true, answerMessages: aborted([{ type: "text" }]) })).toBe("over");
    expect(next({ wasDisposed: false, answerMessages: begun })).toBe("over");
    expect(next({ wasDisposed: true, isAborting: true, answerMessages: begun })).toBe("over");
  });

  test("a run that goes on is waited for", () => {
    expect(new Resumption(turnWith(), true, nothingIsOurs).next("running")).toBe("wait");
  });

  test("a finished run that the server did not reject is over", () => {
    expect(new Resumption(turnWith(), true, nothingIsOurs).next("over")).toBe("over");
  });

  test("an interrupted run is run again three times, then it is over and cut", () => {
    const resumption = new Resumption(turnWith(), true, nothingIsOurs);
    const steps = [1, 2, 3, 4].map(() => resumption.next("interrupted"));
    expect(steps).toEqual(["rerun", "rerun", "rerun", "over"]);
    expect(resumption.count).toBe(3);
    expect(resumption.wasCut).toBe(true);
  });

  test("a stored prompt that does not run is sent again three times, and its turn ends three reads later", () => {
    const resumption = new Resumption(turnWith(), true, nothingIsOurs);
    const steps = Array.from({ length: 6 }, () => resumption.next("unanswered"));
    expect(steps).toEqual(["resend", "resend", "resend", "wait", "wait", "over"]);
  });

  test("an interrupted command is over at once and is not sent again", () => {
    const resumption = new Resumption(turnWith(), false, nothingIsOurs);
    expect(resumption.next("interrupted")).toBe("over");
    expect(resumption.wasCut).toBe(true);
  });

  test("a turn that another prompt followed is not sent again", () => {
    const resumption = new Resumption(turnWith({ canResume: false }), true, nothingIsOurs);
    expect(resumption.next("interrupted")).toBe("over");
    expect(resumption.count).toBe(0);
  });

  test("a prompt that the server has rejected and that cannot be sent again is over", () => {
    const resumption = new Resumption(turnWith({ wasRejected: true }), false, nothingIsOurs);
    expect(resumption.next("unanswered")).toBe("over");
    expect(resumption.wasCut).toBe(false);
  });

  test("a request for a prompt that is not stored yet does not count as a resumption", () => {
    const resumption = new Resumption(turnWith({ isStored: false }), true, nothingIsOurs);
    resumption.posted(Promise.resolve());
    expect(resumption.isOnItsWay).toBe(false);
  });

  test("a request for a stored prompt is on its way until the run has another step", () => {
    const steps: ResumableTurn["steps"][number][] = [];
    const resumption = new Resumption(turnWith({ steps }), true, nothingIsOurs);
    resumption.posted(new Promise(() => {}));
    expect(resumption.isOnItsWay).toBe(true);
    steps.push({} as ResumableTurn["steps"][number]);
    expect(resumption.isOnItsWay).toBe(false);
  });
});
