/** The agent's events, as the page uses them. */
import type { AgentEvent, Opencode } from "../../client.js";

/** After a failure of the whole stream it is begun anew (ms). */
const pause = 2_000;

/** Listens until it is told to stop. */
export class Feed {
  readonly #opencode: Opencode;
  readonly #onEvent: (event: AgentEvent) => void;
  #iterator: AsyncIterator<AgentEvent> | undefined;

  constructor(opencode: Opencode, onEvent: (event: AgentEvent) => void) {
    this.#opencode = opencode;
    this.#onEvent = onEvent;
  }

  /** Starts, if it has not been started. */
  start(): void {
    if (this.#iterator !== undefined) return;
    const iterator = this.#opencode.events()[Symbol.asyncIterator]();
    this.#iterator = iterator;
    void this.#read(iterator);
  }

  /** Lets the connection go. A browser opens six to one server, for all tabs together. */
  stop(): void {
    const iterator = this.#iterator;
    this.#iterator = undefined;
    void iterator?.return?.();
  }

  async #read(iterator: AsyncIterator<AgentEvent>): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await iterator.next();
        if (done === true) break;
        this.#onEvent(value);
      }
    } catch {
      // The state of the connection is shown where requests are made.
    }
    if (this.#iterator !== iterator) return;
    this.#iterator = undefined;
    setTimeout(() => this.start(), pause);
  }
}

/** A piece of a running text that the event carries; pieces that had to wait are told with other events, and again. */
export function pieceOf(event: AgentEvent): { messageId: string; partId: string; text: string } | undefined {
  const { raw } = event;
  if (raw?.type !== "message.part.delta" || raw.properties["field"] !== "text") return undefined;
  const { messageID, partID, delta } = raw.properties;
  if (typeof messageID !== "string" || typeof partID !== "string" || typeof delta !== "string") return undefined;
  // Pieces may come joined: then the event has all of them, and `raw` the first.
  const isJoined = (event.type === "text-delta" || event.type === "reasoning-delta") && event.partId === partID;
  return { messageId: messageID, partId: partID, text: isJoined ? event.text : delta };
}
