/** One connection to the event stream that comes back after every cut, with a watchdog for silent ones. */
import type { ApiEvent } from "../api/api-event.js";
import type { EventReader } from "../api/event-reader.js";
import { APIConnectionError, APIStatusError, OpencodeError, UnsupportedEndpointError } from "../errors/index.js";
import { linkSignals } from "../util/abort.js";
import { monotonic } from "../util/clock.js";
import { delay, unref } from "../util/delay.js";
import type { LevelLogger } from "../util/logger.js";

/** The server sends a heartbeat every 10 s (1.18.33): silence beyond two and a half of them is a dead connection. */
const heartbeatTimeout = 25_000;
/** Until the first event, in ms: a server that is just starting takes the connection and never answers. Doubled each time. */
const openTimeout = 5_000;
const firstRetry = 100;
const longestRetry = 5_000;
/** A connection that lived shorter (ms) is a failed one: a server that closes at once must not be asked in a hot loop. */
const worthwhile = 1_000;

export interface EventStreamOptions {
  /** Opens one connection and reads it to its end. */
  readonly read: EventReader;
  readonly onEvent: (event: ApiEvent) => void;
  /** The event `connected` has come: from here on nothing is missed. */
  readonly onOpen: () => void;
  /** The connection is lost: events may be missed until the next `onOpen`. */
  readonly onGap: () => void;
  /** It cannot come back: 401, 403, 404, or a server without this route. */
  readonly onEnd: (error: OpencodeError) => void;
  /** Something came, if only a heartbeat. `now`: the time by the monotonic clock, in ms. */
  readonly onActivity?: ((now: number) => void) | undefined;
  readonly logger: LevelLogger;
  /** Milliseconds of silence until the connection counts as dead. Default 25,000. */
  readonly heartbeatTimeout?: number | undefined;
}

/** Starts at once; `close()` ends it and frees the socket. */
export class EventStream {
  readonly #options: EventStreamOptions;
  readonly #controller = new AbortController();
  #openTimeout = openTimeout;
  /** The same as the state of the controller's signal, which is slow to ask (Node) for every event. */
  #isClosed = false;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    void this.#run();
  }

  /** Ends the connection. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#controller.abort(new APIConnectionError("the event stream was closed"));
  }

  async #run(): Promise<void> {
    const { signal } = this.#controller;
    let wait = firstRetry / 2;
    while (!signal.aborted) {
      const since = monotonic();
      const opened = await this.#connectOnce().catch((error: unknown) => this.#failed(error));
      if (signal.aborted) return;
      this.#options.onGap();
      wait = opened && monotonic() - since >= worthwhile ? firstRetry : Math.min(wait * 2, longestRetry);
      // Full jitter: many clients of a restarted server must not come back in step.
      await delay(wait * (0.5 + Math.random() / 2), signal).catch(() => {}); // ended: the loop's condition sees it
    }
  }

  /** Resolves to whether the connection had been open. */
  async #connectOnce(): Promise<boolean> {
    const link = linkSignals(this.#controller.signal);
    let opened = false;
    const limit = this.#options.heartbeatTimeout ?? heartbeatTimeout;
    const watchdog = startWatchdog(Math.min(this.#openTimeout, limit), () => {
      this.#openTimeout *= 2;
      link.abort(new APIConnectionError("the event stream fell silent"));
    });
    // Whatever it was: it is missed, and the connection goes on.
    const missed = this.#reopener();
    try {
      await this.#options.read({
        signal: link.signal,
        onActivity: () => {
          const now = monotonic();
          watchdog.reset(now);
          this.#options.onActivity?.(now);
        },
        onMalformed: () => {
          this.#options.logger.debug("an event could not be read");
          if (opened) missed.event();
        },
        onEvent: (event) => {
          if (event.type === "connected") {
            opened = true;
            this.#openTimeout = openTimeout;
            watchdog.limit(limit);
            this.#options.onOpen();
          } else if (!this.#isClosed) this.#options.onEvent(event);
        },
      });
    } catch (error) {
      if (!opened) throw error;
      this.#options.logger.debug(`event stream lost: ${String(error)}`);
    } finally {
      watchdog.stop();
      missed.stop();
      link.release();
    }
    return opened;
  }

  /** Every gap is read over REST: many in a row, one second after the first. */
  #reopener(): { event: () => void; stop: () => void } {
    let last = Number.NEGATIVE_INFINITY;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const open = (): void => {
      timer = undefined;
      last = monotonic();
      this.#options.onOpen();
    };
    return {
      event: () => {
        this.#options.onGap();
        if (timer !== undefined) return;
        if (monotonic() - last >= worthwhile) open();
        else timer = setTimeout(open, worthwhile);
      },
      stop: () => clearTimeout(timer),
    };
  }

  #failed(error: unknown): false {
    if (this.#controller.signal.aborted) return false;
    this.#options.logger.debug(`event stream: ${String(error)}`);
    if (error instanceof OpencodeError && isFinal(error)) {
      this.close();
      this.#options.onEnd(error);
    }
    return false;
  }
}

/** Calls `onSilence` when nothing has come for `limit` ms. */
function startWatchdog(
  first: number,
  onSilence: () => void,
): { reset: (now: number) => void; limit: (ms: number) => void; stop: () => void } {
  let limit = first;
  let last = monotonic();
  // One timer that looks back, instead of one set anew for every piece: pieces come by the thousand.
  const timer = setInterval(() => {
    if (monotonic() - last >= limit) onSilence();
  }, first / 5);
  unref(timer);
  return {
    reset: (now) => {
      last = now;
    },
    limit: (ms) => {
      limit = ms;
    },
    stop: () => clearInterval(timer),
  };
}

function isFinal(error: OpencodeError): boolean {
  if (error instanceof UnsupportedEndpointError) return true;
  return error instanceof APIStatusError && [401, 403, 404].includes(error.status);
}
