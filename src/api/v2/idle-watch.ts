/**
 * Finds out when sessions have stopped running. The preview never says so: a session is in the list of active ones from the answer to its
 * prompt until its run is over, and what is read after it has left is final (2.0 preview 1.18.18). Where an event announces the end, the
 * list is looked at now and then only.
 */
import { monotonic } from "../../util/clock.js";

/** Between two looks, in ms: the first after a sign of an end, and the longest. */
export interface WatchPace {
  readonly first: number;
  readonly longest: number;
}

/** A prompt that was admitted may not be in the list yet: that it is absent counts after so many ms. */
const longestAdmission = 2_000;

interface Watched {
  /** When something was heard of it last, by the monotonic clock. */
  heardAt: number;
  /** A prompt was admitted, and nothing shows that its run has begun. */
  isAdmittedOnly: boolean;
}

interface IdleWatchOptions {
  readonly pace: WatchPace;
  /** Reads which sessions are active. */
  readonly readActive: () => Promise<ReadonlySet<string>>;
  /** The session is not active any more. It is watched no longer. */
  readonly onLeft: (sessionId: string) => void;
  /** A look has failed; the next one follows. */
  readonly onFailure: (error: unknown) => void;
}

/** The watch of one connection. It looks only while a session is watched. */
export class IdleWatch {
  readonly #options: IdleWatchOptions;
  readonly #sessions = new Map<string, Watched>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #interval: number;
  #isLooking = false;
  #isStopped = false;

  constructor(options: IdleWatchOptions) {
    this.#options = options;
    this.#interval = options.pace.first;
  }

  /** Something was heard of a session that runs, or is about to. */
  heard(sessionId: string, sign: "admitted" | "running" | "ending"): void {
    if (this.#isStopped) return;
    const known = this.#sessions.get(sessionId);
    const isAdmittedOnly = sign === "admitted" && known?.isAdmittedOnly !== false;
    this.#sessions.set(sessionId, { heardAt: monotonic(), isAdmittedOnly });
    if (known === undefined || sign === "ending") this.#soon();
  }

  /** Looks at once, for example after a connection was lost. */
  look(): void {
    if (!this.#isStopped && !this.#isLooking) void this.#look();
  }

  /** The session's run is over: it is watched no longer. */
  forget(sessionId: string): void {
    this.#sessions.delete(sessionId);
  }

  /** Ends the watch. Idempotent. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #soon(): void {
    this.#interval = this.#options.pace.first;
    if (!this.#isLooking) this.#schedule();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#isStopped || this.#sessions.size === 0) return;
    this.#timer = setTimeout(() => void this.#look(), this.#interval);
    this.#interval = Math.min(this.#interval * 1.5, this.#options.pace.longest);
  }

  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    this.#isLooking = true;
    const begun = monotonic();
    try {
      this.#compare(await this.#options.readActive(), begun);
    } catch (error) {
      if (!this.#isStopped) this.#options.onFailure(error);
    } finally {
      this.#isLooking = false;
      this.#schedule();
    }
  }

  #compare(active: ReadonlySet<string>, begun: number): void {
    if (this.#isStopped) return;
    for (const [sessionId, watched] of [...this.#sessions]) {
      if (active.has(sessionId)) {
        watched.isAdmittedOnly = false;
        continue;
      }
      // It may have begun since the look did.
      if (watched.heardAt > begun) continue;
      if (watched.isAdmittedOnly && begun - watched.heardAt < longestAdmission) continue;
      this.#sessions.delete(sessionId);
      this.#options.onLeft(sessionId);
    }
  }
}
