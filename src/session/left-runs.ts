/**
 * Runs that a turn has left on the server: it has given up, or its abort did not come through. Nobody would answer then what
 * they ask, and the session's next prompt would wait for ever: they are looked after for as long as the client lives.
 */
import { linkedController } from "../internal/abort.js";

/** Looks after one run until it is over or `signal` aborts. Must not reject. */
export type Tend = (signal: AbortSignal) => Promise<void>;

interface Left {
  stop(): void;
  readonly ended: Promise<void>;
}

/** The runs that a connection has left behind, by session. */
export class LeftRuns {
  readonly #runs = new Map<string, Left>();
  readonly #lifetime: AbortSignal;

  /** `lifetime` ends all of it. */
  constructor(lifetime: AbortSignal) {
    this.#lifetime = lifetime;
  }

  /** The run of this session is looked after from now on. */
  leave(sessionId: string, tend: Tend): void {
    this.#runs.get(sessionId)?.stop();
    const link = linkedController(this.#lifetime);
    const left: Left = {
      stop: () => link.abort(),
      ended: tend(link.signal).finally(() => {
        link.release();
        if (this.#runs.get(sessionId) === left) this.#runs.delete(sessionId);
      }),
    };
    this.#runs.set(sessionId, left);
  }

  /** A turn takes the session: resolves when nothing of what was done for the run before is under way. */
  async take(sessionId: string): Promise<void> {
    const left = this.#runs.get(sessionId);
    left?.stop();
    await left?.ended;
  }
}
