/** Listens to the agent's events for the page: in the library's terms, which are the same for every protocol. */
import type { Opencode } from "../../client.js";

/** Wait before a restart after a failure of the whole stream, in ms. */
const pause = 2_000;

/** One event of the agent. */
export type ServerNews = Parameters<Parameters<Opencode["listen"]>[0]["onEvent"]>[0];

/** Listens until it is stopped. */
export class Feed {
  readonly #opencode: Opencode;
  readonly #onEvent: (event: ServerNews) => void;
  #subscription: ReturnType<Opencode["listen"]> | undefined;

  constructor(opencode: Opencode, onEvent: (event: ServerNews) => void) {
    this.#opencode = opencode;
    this.#onEvent = onEvent;
  }

  /** Starts the stream unless it runs. */
  start(): void {
    if (this.#subscription !== undefined) return;
    this.#subscription = this.#opencode.listen({
      onEvent: (event) => this.#tell(event),
      // The `fetch` of the connection reports its state.
      onEnd: () => {
        this.#subscription?.close();
        this.#subscription = undefined;
        setTimeout(() => this.start(), pause);
      },
    });
  }

  /** Closes the connection. A browser opens six to one server, for all tabs together. */
  stop(): void {
    this.#subscription?.close();
    this.#subscription = undefined;
  }

  /** The turns of this tab listen to the same stream: a mistake of the page must not end it. */
  #tell(event: ServerNews): void {
    try {
      this.#onEvent(event);
    } catch (error) {
      reportError(error);
    }
  }
}
