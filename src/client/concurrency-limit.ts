/**
 * How many requests are under way at once: a busy server has the more to do the more it is asked. Per directory, because each has an instance
 * of its own in the server, and one that is being set up holds its requests for minutes (1.18.33).
 */
import { linkSignals, onAbort } from "../util/abort.js";

/** At once in one directory. So many connections there are, too. */
const most = 8;
/**
 * Before the place of a request that is over is handed on, in ms: Node's `fetch` uses its connection again only in the next round of the
 * event loop, and a request that is made before gets a new one.
 */
const connectionRest = 1;

interface Lane {
  used: number;
  readonly waiting: (() => void)[];
}

/** Gives the place back. */
export type Leave = () => void;

/** The concurrencyLimit of a client and its copies. */
export class ConcurrencyLimit {
  readonly #concurrencyLimit = new Map<string, Lane>();

  /**
   * A place at once, or a promise of one; the result must be called when the request is over. Requests begin in the order in which they
   * came. Rejects with the reason of a signal that aborts meanwhile.
   */
  enter(directory: string, signals: readonly (AbortSignal | undefined)[]): Leave | Promise<Leave> {
    const lane = this.#concurrencyLimit.get(directory) ?? { used: 0, waiting: [] };
    this.#concurrencyLimit.set(directory, lane);
    const leave = (): void => this.#leave(directory, lane);
    if (lane.used >= most) return wait(lane, signals).then(() => leave); // the place of one that is over is handed on
    lane.used += 1;
    return leave;
  }

  #leave(directory: string, lane: Lane): void {
    if (lane.waiting.length === 0) this.#handOn(directory, lane);
    else setTimeout(() => this.#handOn(directory, lane), connectionRest);
  }

  #handOn(directory: string, lane: Lane): void {
    const next = lane.waiting.shift();
    if (next !== undefined) {
      next();
      return;
    }
    lane.used -= 1;
    if (lane.used === 0) this.#concurrencyLimit.delete(directory);
  }
}

async function wait(lane: Lane, signals: readonly (AbortSignal | undefined)[]): Promise<void> {
  const linked = linkSignals(...signals);
  try {
    await new Promise<void>((resolve, reject) => {
      lane.waiting.push(resolve);
      onAbort(linked.signal, () => {
        const place = lane.waiting.indexOf(resolve);
        if (place >= 0) lane.waiting.splice(place, 1);
        reject(linked.signal.reason);
      });
    });
  } finally {
    linked.release();
  }
}

/**
 * Reads, prompts and changes wait for a place. What ends a wait never does: replies to what the agent asks, aborts, looks at the server's
 * health. Neither do streams, nor what is answered only when a run is over.
 */
export function isLimited(method: string, template: string): boolean {
  if (template === "/global/health" || template === "/event" || template === "/global/event") return false;
  if (method !== "POST") return true;
  return template === "/session" || template.endsWith("/prompt_async");
}
