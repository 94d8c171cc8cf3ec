/**
 * How many requests are under way at once: a busy server has the more to do the more it is asked. Per directory, because each has an instance
 * of its own in the server, and one that is being set up holds its requests for minutes (1.18.33).
 */
import { linkSignals, onAbort } from "../util/abort.js";

/** At once in one directory. So many connections there are, too. */
const most = 5;
/** Reads among them: slow reads leave a place for prompts and changes. */
const mostReads = 4;
/**
 * Before the place of a request that is over is handed on, in ms: Node's `fetch` uses its connection again only in the next round of the
 * event loop, and a request that is made before gets a new one.
 */
const connectionRest = 1;

interface Waiting {
  readonly isRead: boolean;
  readonly begin: () => void;
}

interface Lane {
  used: number;
  reads: number;
  readonly waiting: Waiting[];
}

/** Gives the place back. */
export type Leave = () => void;

/** A request that is to have a place. */
export interface LimitedRequest {
  /** As in its header; empty for the server's own. */
  readonly directory: string;
  readonly isRead: boolean;
  readonly signals: readonly (AbortSignal | undefined)[];
}

/** The limit of a client and its copies. */
export class ConcurrencyLimit {
  readonly #places = new Map<string, Lane>();
  /** The name of the server's own directory, which requests without a directory are for. */
  #own: string | undefined;

  /** Requests with this directory in their header are for the server's own, as those without one. */
  nameOwn(directory: string): void {
    this.#own = directory;
  }

  /**
   * A place at once, or a promise of one; the result must be called when the request is over. Requests begin in the order in which they
   * came, apart from reads that would leave no place for others. Rejects with the reason of a signal that aborts meanwhile.
   */
  enter({ directory, isRead, signals }: LimitedRequest): Leave | Promise<Leave> {
    const key = directory === this.#own ? "" : directory;
    const lane = this.#places.get(key) ?? { used: 0, reads: 0, waiting: [] };
    this.#places.set(key, lane);
    const leave = (): void => this.#leave(key, lane, isRead);
    // The place of one that is over is handed on.
    if (!hasPlace(lane, isRead)) return wait(lane, isRead, signals).then(() => leave);
    take(lane, isRead);
    return leave;
  }

  #leave(key: string, lane: Lane, isRead: boolean): void {
    if (lane.waiting.length === 0) this.#handOn(key, lane, isRead);
    else setTimeout(() => this.#handOn(key, lane, isRead), connectionRest);
  }

  #handOn(key: string, lane: Lane, wasRead: boolean): void {
    lane.used -= 1;
    if (wasRead) lane.reads -= 1;
    const index = lane.waiting.findIndex(({ isRead }) => hasPlace(lane, isRead));
    const [next] = index < 0 ? [] : lane.waiting.splice(index, 1);
    if (next !== undefined) {
      take(lane, next.isRead);
      next.begin();
    } else if (lane.used === 0) this.#places.delete(key);
  }
}

function hasPlace({ used, reads }: Lane, isRead: boolean): boolean {
  return used < most && !(isRead && reads >= mostReads);
}

function take(lane: Lane, isRead: boolean): void {
  lane.used += 1;
  if (isRead) lane.reads += 1;
}

async function wait(lane: Lane, isRead: boolean, signals: LimitedRequest["signals"]): Promise<void> {
  const linked = linkSignals(...signals);
  try {
    await new Promise<void>((resolve, reject) => {
      const waiting: Waiting = { isRead, begin: resolve };
      lane.waiting.push(waiting);
      onAbort(linked.signal, () => {
        const place = lane.waiting.indexOf(waiting);
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
