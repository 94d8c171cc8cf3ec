/**
 * Runs that a turn has left on the server: it has given up, or its abort did not come through. Nobody would answer then what
 * they ask, and the session's next prompt would wait for ever: they are looked after for as long as the client lives.
 */
import { linkSignals } from "../util/abort.js";

/** What is done for one run. None of it may reject. */
export interface Supervisor {
  /** Looks after it until it is over or a signal aborts: `ended` when another turn takes the session, `joined` when its own does. */
  readonly tend: (ended: AbortSignal, joined: AbortSignal) => Promise<void>;
  /** Ends it, as far as that is possible within seconds; `undefined` for a run that outlives the client. */
  readonly abort: (() => Promise<unknown>) | undefined;
}

interface Left {
  readonly messageId: string;
  readonly abort: Supervisor["abort"];
  /** Called when it is not looked after any more. */
  readonly afterwards: (() => Promise<void>)[];
  stop(): void;
  /** A turn of the same prompt takes it over. */
  join(): void;
  /** Nothing is done for it any more, and what was to be done afterwards is done. */
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

  /** Is a run of this session looked after, of another prompt than this one? */
  has(sessionId: string, messageId: string | undefined): boolean {
    const left = this.#runs.get(sessionId);
    return left !== undefined && left.messageId !== messageId;
  }

  /** Nobody is left to look after them: ends all but those that outlive the client. */
  async abort(): Promise<void> {
    await Promise.all(
      [...this.#runs.values()].map((left): Promise<unknown> => {
        if (left.abort !== undefined) return left.abort();
        left.stop();
        return left.ended;
      }),
    );
  }

  /** Calls `then` when no run of the session is looked after: at once, and waited for, or later. */
  async whenOver(sessionId: string, then: () => Promise<void>): Promise<void> {
    const left = this.#runs.get(sessionId);
    if (left === undefined) return then();
    left.afterwards.push(then);
  }

  /** The run of this session is looked after from now on. */
  leave(
    { sessionId, messageId }: { readonly sessionId: string; readonly messageId: string },
    supervisor: Supervisor,
  ): void {
    this.#runs.get(sessionId)?.stop();
    const link = linkSignals(this.#lifetime);
    const joined = linkSignals(this.#lifetime);
    const afterwards: Left["afterwards"] = [];
    const look = async (): Promise<void> => {
      await supervisor.tend(link.signal, joined.signal);
      link.release();
      joined.release();
      for (let next = afterwards.shift(); next !== undefined; next = afterwards.shift()) await next();
      if (this.#runs.get(sessionId) === left) this.#runs.delete(sessionId);
    };
    const left: Left = {
      messageId,
      abort: supervisor.abort,
      afterwards,
      stop: () => link.abort(),
      join: () => joined.abort(),
      ended: look(),
    };
    this.#runs.set(sessionId, left);
  }

  /**
   * A turn takes the session: resolves when nothing of what was done for the run before is under way. `isStored`: the turn follows its
   * prompt, which is there already; the run of another one goes on being looked after.
   */
  async take(sessionId: string, messageId?: string, isStored: boolean = false): Promise<void> {
    const left = this.#runs.get(sessionId);
    const isSame = left !== undefined && left.messageId === messageId;
    if (isStored && !isSame) return;
    if (isSame) left.join();
    left?.stop();
    await left?.ended;
  }
}
