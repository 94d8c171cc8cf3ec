/** Starts a server again after its process has ended by itself: with growing pauses, and not for ever. */
import { ServerStartupError, ServerStartupTimeoutError } from "../errors/index.js";
import { delay } from "../util/delay.js";
import { type StartedServer, type StartParts, startServer } from "./start.js";
import { isPortTaken } from "./startup-failure.js";

/** So many starts within `window`. */
const maxStarts = 5;
/** ms. */
const window = 60_000;
/** ms before the first start within the window; before each further one twice as many. */
const firstPause = 100;
/** ms between two tries to get a port that somebody else has. */
const portPause = 250;

/** Counts the restarts of one server. */
export class RestartLimit {
  #starts: number[] = [];

  /** Counts a start: the pause before it in ms; `undefined` when there have been too many. */
  next(now: number = Date.now()): number | undefined {
    this.#starts = this.#starts.filter((start) => now - start < window);
    if (this.#starts.length >= maxStarts) return undefined;
    this.#starts.push(now);
    return firstPause * 2 ** (this.#starts.length - 1);
  }
}

/**
 * Starts it after `pause` ms. When it ends before it is ready it is started once more, as far as `limit` lets it; a port
 * that somebody else has is waited for. All of it within the limit of a start.
 * @throws as `startServer` does.
 */
export async function startAgain(parts: StartParts, limit: RestartLimit, pause: number): Promise<StartedServer> {
  for (let wait = pause; ; ) {
    await delay(wait, parts.signal);
    try {
      return await startServer(parts);
    } catch (error) {
      const next = isPortTaken(error) ? portPause : hasEnded(error) ? limit.next() : undefined;
      if (next === undefined || parts.signal.aborted || parts.limit.left < next) throw error;
      wait = next;
    }
  }
}

function hasEnded(error: unknown): boolean {
  return error instanceof ServerStartupError && !(error instanceof ServerStartupTimeoutError);
}
