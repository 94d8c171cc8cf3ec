/** Reading an answer's body without trusting its size. */
import type { APIResponseValidationError } from "../errors/index.js";
import { onAbort } from "../util/abort.js";
import type { BodyReader, HttpAnswer } from "./http-answer.js";

/** How much is read, and what then. */
export interface BodyLimit {
  /** In bytes, after decompression. */
  readonly maxBytes: number;
  /** Called when there is more: gives the error to throw, or nothing when the beginning is enough. */
  readonly tooLong?: (() => APIResponseValidationError) | undefined;
  /** Called for bytes that are no UTF-8: gives the error to throw. Default: they are replaced by U+FFFD. */
  readonly garbled?: (() => APIResponseValidationError) | undefined;
}

/** The body as text (UTF-8). Rejects when the connection is lost or `signal` aborts, also with a `fetch` that ignores it. */
export async function readText(response: HttpAnswer, limit: BodyLimit, signal: AbortSignal): Promise<string> {
  if (response.body === null) return "";
  const reader = response.body.getReader();
  // A cancelled reader ends like a complete one, hence the check of the signal after every chunk.
  const cancel = (): void => discard(reader);
  const forget = onAbort(signal, cancel);
  try {
    let bytes: Uint8Array = new Uint8Array(0);
    let length = 0;
    for (;;) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) return decoded(bytes.subarray(0, length), limit.garbled);
      const taken = value.subarray(0, limit.maxBytes - length);
      if (length === 0)
        bytes = taken; // mostly all there is: it is not copied
      else {
        bytes = withRoom(bytes, length, length + taken.length, limit.maxBytes);
        bytes.set(taken, length);
      }
      length += taken.length;
      if (taken.length === value.length) continue;
      cancel();
      const error = limit.tooLong?.();
      if (error !== undefined) throw error;
      return decoded(bytes, undefined);
    }
  } finally {
    forget();
  }
}

/** One buffer that doubles: a text put together from pieces takes a multiple of its size when they are single bytes. */
function withRoom(bytes: Uint8Array, used: number, needed: number, most: number): Uint8Array {
  if (used < bytes.length && needed <= bytes.length) return bytes;
  const larger = new Uint8Array(Math.min(Math.max(needed, 2 * bytes.length, 16 * 1024), most));
  larger.set(bytes.subarray(0, used));
  return larger;
}

function decoded(bytes: Uint8Array, garbled: BodyLimit["garbled"]): string {
  if (garbled === undefined) return lenient.decode(bytes);
  try {
    return strict.decode(bytes);
  } catch {
    throw garbled();
  }
}

const lenient = new TextDecoder();
const strict = new TextDecoder("utf-8", { fatal: true });

/** Gives a body up, so that its connection does not wait for a reader. */
export function discard(body: { cancel(): Promise<void> } | null): void {
  body?.cancel().catch(() => {}); // already broken: nothing is left to give up
}

/** Who follows the reading of a body. */
export interface BodyFollower {
  readonly signal: AbortSignal;
  /** The error for the end that `signal` has made. */
  aborted(): Error;
  /** Called once or more when the body has been read, has failed or was cancelled. */
  release(): void;
}

/** The answer with a body that fails when the signal aborts. */
export function followedBody(answer: HttpAnswer, { signal, aborted, release }: BodyFollower): HttpAnswer {
  const { status, statusText, ok, type, headers, body } = answer;
  if (body === null) {
    release();
    return answer;
  }
  const { forEach } = body;
  const source = forEach === undefined ? body.getReader() : body;
  let isAborted = false; // the signal itself is slow to ask (Node) for every piece
  const forget = onAbort(signal, () => {
    isAborted = true;
    discard(source);
  });
  const end = (): void => {
    forget();
    release();
  };
  /** A cancelled body ends like a complete one, also with a `fetch` that ignores the signal. */
  const guarded = async <T>(reading: Promise<T>, isEnd: (result: T) => boolean): Promise<T> => {
    try {
      const result = await reading;
      if (isAborted) throw signal.reason;
      if (isEnd(result)) end();
      return result;
    } catch (error) {
      end();
      discard(source);
      throw isAborted ? aborted() : error;
    }
  };
  const cancel = (): Promise<void> => {
    end();
    return source.cancel();
  };
  const getReader = (): BodyReader => {
    const reader = "read" in source ? source : body.getReader();
    return { read: () => guarded(reader.read(), ({ done }) => done), cancel };
  };
  const guardedForEach = forEach && ((take: (piece: Uint8Array) => void) => guarded(forEach(take), () => true));
  return { status, statusText, ok, type, headers, body: { getReader, forEach: guardedForEach, cancel } };
}
