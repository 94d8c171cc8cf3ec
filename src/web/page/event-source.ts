/** Listens to the agent's events for the page. */
import type { AgentEvent, Opencode } from "../../client.js";

/** Wait before a restart after a failure of the whole stream, in ms. */
const pause = 2_000;

/** Listens until it is stopped. */
export class Feed {
  readonly #opencode: Opencode;
  readonly #onEvent: (event: AgentEvent) => void;
  #iterator: AsyncIterator<AgentEvent> | undefined;

  constructor(opencode: Opencode, onEvent: (event: AgentEvent) => void) {
    this.#opencode = opencode;
    this.#onEvent = onEvent;
  }

  /** Starts the stream unless it runs. */
  start(): void {
    if (this.#iterator !== undefined) return;
    const iterator = this.#opencode.events()[Symbol.asyncIterator]();
    this.#iterator = iterator;
    void this.#read(iterator);
  }

  /** Closes the connection. A browser opens six to one server, for all tabs together. */
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
      // The `fetch` of the connection reports its state.
    }
    if (this.#iterator !== iterator) return;
    this.#iterator = undefined;
    setTimeout(() => this.start(), pause);
  }
}

/** The piece of a streaming text in an event. The library may repeat earlier pieces in other events; those are ignored. */
export function pieceOf(event: AgentEvent): { messageId: string; partId: string; text: string } | undefined {
  const { raw } = event;
  if (raw?.type !== "message.part.delta" || raw.properties["field"] !== "text") return undefined;
  const { messageID, partID, delta } = raw.properties;
  if (typeof messageID !== "string" || typeof partID !== "string" || typeof delta !== "string") return undefined;
  // The event may join several pieces: it then has all of them, and `raw` the first.
  const isJoined = (event.type === "text-delta" || event.type === "reasoning-delta") && event.partId === partID;
  return { messageId: messageID, partId: partID, text: isJoined ? event.text : delta };
}
