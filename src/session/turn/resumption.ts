/** Whether a run that has stopped is set going again, by the same prompt once more. */
import { monotonic } from "../../util/clock.js";
import { endedByRejection } from "../permissions/ended-by-rejection.js";
import { beginTimeout, type PollResult } from "./poller.js";
import type { Turn } from "./turn.js";

/** A prompt that makes the server end each time must not do so for ever. */
const maxResumes = 3;
/** What cannot be sent again and was stored is found not to run so often (after 3, 6 and 12 s): its server has ended. */
const mostUnanswered = 3;
/** An agent that asks for several things at once, is refused, and asks again, must not do so for ever. */
const mostCutShort = 50;
/** Another client's reload tells so late that it has ended a run: it ends the directory's MCP servers before (ms; 1.18.33). */
const longestReload = 3_000;
/** A request that nobody waits for any more may arrive so late, and a run begins so long after it has (ms). */
const longestArrival = 5_000;
const longestBeginning = 1_000;

/**
 * `"over"`: the turn is; `"wait"`: it goes on by itself; `"resend"`: the server has the prompt and does not run it; `"rerun"`: the server
 * ended in the middle of a step; `"continue"`: our own refusals have ended the run, and the prompt makes the server take the next step.
 */
export type NextStep = "over" | "wait" | "resend" | "rerun" | "continue";

/** The state of a turn that decides about a resumption. */
export type ResumableTurn = Pick<
  Turn,
  "answerMessages" | "canResume" | "wasRejected" | "wasDisposed" | "isEndedEarly" | "isStored" | "steps"
>;

/** What a resumption has to go by beside the turn. */
export interface ResumptionMeans {
  /** The prompt may be sent once more. */
  readonly canRepeat: boolean;
  /** A reload on this server ends the runs of the directory. */
  readonly canBeReloaded: boolean;
  /** The request of this tool call is, or was, ours to answer. */
  readonly isOurs: (callId: string) => boolean;
  /** The server was told our refusal. */
  readonly isRefused?: (callId: string) => boolean;
}

/** The resumptions of one run: they are counted, and bounded. */
export class Resumption {
  readonly #turn: ResumableTurn;
  readonly #canRepeat: boolean;
  readonly #canBeReloaded: boolean;
  readonly #isOurs: (callId: string) => boolean;
  readonly #isRefused: (callId: string) => boolean;
  /** Steps that a refusal of ours has ended the run with. */
  readonly #cutShort = new Set<string>();
  #count = 0;
  #unanswered = 0;
  #wasCut = false;
  #lastContinued = 0;
  /** When a read has found first that the run has ended early. */
  #endedEarlyAt: number | undefined;
  /** The last request that sets the run going again: until when it may still do so, and how many steps there were. */
  #onItsWay: { until: number; readonly steps: number } | undefined;

  constructor(turn: ResumableTurn, means: ResumptionMeans) {
    this.#turn = turn;
    this.#canRepeat = means.canRepeat;
    this.#canBeReloaded = means.canBeReloaded;
    this.#isOurs = means.isOurs;
    this.#isRefused = means.isRefused ?? (() => false);
  }

  /** How often the run was set going again. */
  get count(): number {
    return this.#count;
  }

  /** The run has stopped in the middle and cannot be set going again. */
  get wasCut(): boolean {
    return this.#wasCut;
  }

  /** After a read. Counts a resumption that it asks for. */
  next(verdict: PollResult): NextStep {
    const turn = this.#turn;
    if (verdict === "over") {
      return this.#afterEarlyEnd() ?? this.#afterRejection();
    }
    if (verdict === "running") return "wait";
    const isInterrupted = verdict === "interrupted";
    if (!this.#canRepeat || !turn.canResume || this.#count >= maxResumes) {
      if (!isInterrupted) this.#unanswered += 1;
      this.#wasCut = isInterrupted || this.#unanswered >= mostUnanswered;
      return this.#wasCut || turn.wasRejected ? "over" : "wait";
    }
    this.#count += 1;
    return isInterrupted ? "rerun" : "resend";
  }

  /** Another client's reload ends a run without a word in it (1.18.33): the run was lost. Another client's abort is meant. */
  #afterEarlyEnd(): NextStep | undefined {
    const turn = this.#turn;
    if (!turn.isEndedEarly || !this.#canRepeat || !turn.canResume || this.#count >= maxResumes) return undefined;
    if (!turn.wasDisposed) {
      this.#endedEarlyAt ??= monotonic();
      return this.#canBeReloaded && monotonic() - this.#endedEarlyAt < longestReload ? "wait" : undefined;
    }
    this.#endedEarlyAt = undefined;
    this.#count += 1;
    return "rerun";
  }

  #afterRejection(): NextStep {
    const turn = this.#turn;
    const last = turn.answerMessages().at(-1);
    if (last === undefined || !this.#canRepeat || !turn.canResume) return "over";
    if (this.#cutShort.has(last.info.id)) {
      if (monotonic() - this.#lastContinued < beginTimeout) return "wait"; // it has not begun yet
      if (this.#count >= maxResumes) return "over";
      this.#count += 1; // the prompt was lost on its way
    } else if (this.#cutShort.size >= mostCutShort) return "over";
    if (!endedByRejection(last, this.#isOurs, this.#isRefused)) return "over";
    this.#cutShort.add(last.info.id);
    return "continue";
  }

  /** The prompt that continues the run was taken. */
  continued(): void {
    this.#lastContinued = monotonic();
  }

  /** A request was made. A run that is idle and looks ended is not over while it is under way. */
  posted(request: Promise<unknown>): void {
    const turn = this.#turn;
    if (!turn.isStored) return;
    const sent = { until: monotonic() + longestArrival, steps: turn.steps.length };
    this.#onItsWay = sent;
    const taken = (): void => {
      sent.until = monotonic() + longestBeginning;
    };
    request.then(taken, () => {}); // one that failed may arrive all the same
  }

  /** A request that was made may set the run going yet. */
  get isOnItsWay(): boolean {
    const sent = this.#onItsWay;
    return sent !== undefined && monotonic() < sent.until && this.#turn.steps.length <= sent.steps;
  }
}
