/** All events of a directory as an iteration. */
import { AbortedError, OpencodeError } from "../errors/index.js";
import type { AgentEvent, ServerEvent } from "../types/event.js";
import { onAbort } from "../util/abort.js";
import { AsyncQueue } from "../util/async-queue.js";
import type { Logger } from "../util/logger.js";
import { createEventMapper, growDelta, isMinor } from "./agent-event.js";
import type { EventHub } from "./event-hub.js";

/** Events that wait for a reader before the first is dropped. */
const maxWaiting = 10_000;

export interface ListenOptions {
  readonly hub: EventHub;
  /** Ends the iteration: quietly with an `AbortedError` as its reason, otherwise by throwing the reason. */
  readonly lifetime: AbortSignal;
  /** Throw `OpencodeError` for an event of an unknown type. */
  readonly strict: boolean;
  /** Told when events are dropped. */
  readonly logger: Logger;
}

/**
 * Listens from now on, until the consumer leaves. For a consumer that is behind, the pieces of a text are joined; more
 * than 10,000 events do not wait: `raw` and `status` events are dropped first, and the log tells of it.
 */
export function listen({ hub, lifetime, strict, logger }: ListenOptions): AsyncIterator<AgentEvent> {
  const map = createEventMapper();
  let dropped = 0;
  const onDrop = (): void => {
    dropped += 1;
    if (dropped % maxWaiting !== 1) return;
    logger.warn(`events(): ${maxWaiting} events wait to be read; ${dropped} dropped so far`);
  };
  let leave = (): void => {};
  const overflow = { max: maxWaiting, isMinor, onDrop };
  const queue = new AsyncQueue<AgentEvent>({ grow: growDelta, overflow, onLeave: () => leave() });
  const endWith = (reason: unknown): void => (reason instanceof AbortedError ? queue.end() : queue.fail(reason));
  if (lifetime.aborted) {
    endWith(lifetime.reason);
    return queue;
  }
  const subscription = hub.subscribe({
    onEvent: (event) => {
      if (strict && event.type === "other" && !event.isKnown) {
        queue.fail(unknownEvent(event.raw));
        leave();
      } else for (const mapped of map(event)) queue.push(mapped);
    },
    onGap: () => map.gap(),
    onEnd: (error) => {
      queue.fail(error);
      leave();
    },
  });
  const forget = onAbort(lifetime, () => {
    endWith(lifetime.reason);
    subscription.close();
  });
  leave = () => {
    forget();
    subscription.close();
  };
  return queue;
}

function unknownEvent(raw: ServerEvent): OpencodeError {
  return new OpencodeError(`unknown event type "${raw.type}"`, {
    body: raw,
    hint: "Leave out `strict` to get it as `raw`.",
  });
}
