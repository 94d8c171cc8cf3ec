/** When the next read of a turn is due. Pure: the times are given to it. */

/** Silence after which a turn is looked after by reads (ms), and the time between those. */
const silence = 2_000;
const firstPoll = 250;
/** The longest time between two reads, in ms. */
export const longestPoll = 5_000;
/** The same while the events can be heard and none was missed: then they tell all, and a read only makes sure of it. */
const heardSilence = 10_000;
const longestHeardPoll = 30_000;
/** A read is not repeated before this much of the time that it took: a busy server has the more to do the more it is asked. */
const rest = 3;
/** After a doubtful end the first reads come fast: the last events of a run follow each other within milliseconds. */
const firstDoubt = 15;

/** The state of the events and of the turn, at one moment. */
export interface PollConditions {
  /** The events say that the run is over, but not how. */
  readonly isDoubtful: boolean;
  /** Every event since before the submit was heard, and the next ones will be. */
  readonly hearsAll: boolean;
  /** The event stream is open. */
  readonly isOpen: boolean;
}

/** The schedule of one turn's reads. All times are monotonic, in ms. */
export class PollSchedule {
  #lastSeen: number;
  #lastRead = Number.NEGATIVE_INFINITY;
  /** ms that the last read took; 0 after one that failed: the retry timeout would run out in its rest. */
  #readTime = 0;
  #isRequested = false;
  /** Reads since the doubt began. */
  #doubts = 0;
  #interval = firstPoll;

  constructor(now: number) {
    this.#lastSeen = now;
  }

  /** An event of the run was heard, or the prompt was sent. */
  seen(now: number): void {
    this.#lastSeen = now;
  }

  /** The next read is due at once. */
  request(): void {
    this.#isRequested = true;
  }

  /** No read is requested any more. */
  withdraw(): void {
    this.#isRequested = false;
  }

  /** A doubt has begun or ended: the fast reads count from here. */
  doubtChanged(now: number): void {
    this.#doubts = 0;
    this.#lastRead = now;
  }

  /** A read begins. */
  readBegins(): void {
    this.#isRequested = false;
    this.#readTime = 0;
  }

  /** The read was answered after `ms`. */
  readAnswered(ms: number): void {
    this.#readTime = ms;
  }

  /** The read is over, answered or not. */
  readEnded(now: number, { hearsAll }: PollConditions): void {
    this.#doubts += 1;
    this.#lastRead = now;
    const next = now - this.#lastSeen < silence ? firstPoll : this.#interval * 1.5;
    this.#interval = Math.min(next, hearsAll ? longestHeardPoll : longestPoll);
  }

  /** Milliseconds until the next read is due; 0 when it is. */
  wait(now: number, { isDoubtful, hearsAll, isOpen }: PollConditions): number {
    if (this.#isRequested) return 0;
    const pause = Math.min(rest * this.#readTime, longestHeardPoll);
    if (isDoubtful) {
      const wait = Math.min(firstDoubt * 2 ** this.#doubts, longestPoll);
      return Math.max(0, this.#lastRead + Math.max(wait, this.#doubts > 0 ? pause : 0) - now);
    }
    const quiet = hearsAll ? heardSilence : isOpen ? silence : 0;
    return Math.max(0, Math.max(this.#lastSeen + quiet, this.#lastRead + Math.max(this.#interval, pause)) - now);
  }
}
