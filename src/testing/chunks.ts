/** Text as chunks, given one by one, and the wait for them ended as soon as nobody listens any more. */
import { raceAbort } from "../util/abort.js";
import { delay } from "../util/delay.js";
import type { TextSource } from "./reply.js";

/**
 * The chunks of `source`, `pause` ms apart. Rejects with the signal's reason when it aborts, also while a chunk is being
 * waited for that never comes; the source is closed then.
 */
export async function* chunksOf(source: TextSource, pause: number, signal: AbortSignal): AsyncGenerator<string, void> {
  const iterator = iterate(source);
  let first = true;
  try {
    for (;;) {
      const next = await raceAbort(iterator.next(), signal);
      if (next.done === true) return;
      if (!first && pause > 0) await delay(pause, signal);
      first = false;
      yield String(next.value);
    }
  } finally {
    // Not awaited: a generator that waits for something takes its `return` only after that.
    iterator.return?.()?.then(undefined, () => {}); // what it throws while closing has nobody left to tell
  }
}

function iterate(source: TextSource): AsyncIterator<string> {
  if (typeof source === "string") return iterate(source === "" ? [] : [source]);
  if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]();
  return settled(source);
}

async function* settled(source: Iterable<string | PromiseLike<string>>): AsyncGenerator<string, void> {
  yield* source;
}
