/** Reading an answer's body without trusting its size. */
import type { APIResponseValidationError } from "../errors/index.js";
import { onAbort, raceAbort } from "../util/abort.js";

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
export async function readText(response: Response, limit: BodyLimit, signal: AbortSignal): Promise<string> {
  if (response.body === null) return "";
  const reader = response.body.getReader();
  // A cancelled reader ends like a complete one, hence the check of the signal after every chunk.
  const cancel = (): void => discard(reader);
  const forget = onAbort(signal, cancel);
  try {
    let bytes = new Uint8Array(0);
    let length = 0;
    for (;;) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) return decoded(bytes.subarray(0, length), limit.garbled);
      const taken = value.subarray(0, limit.maxBytes - length);
      bytes = withRoom(bytes, length + taken.length, limit.maxBytes);
      bytes.set(taken, length);
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
function withRoom(bytes: Uint8Array<ArrayBuffer>, needed: number, most: number): Uint8Array<ArrayBuffer> {
  if (needed <= bytes.length) return bytes;
  const larger = new Uint8Array(Math.min(Math.max(needed, 2 * bytes.length, 16 * 1024), most));
  larger.set(bytes);
  return larger;
}

function decoded(bytes: Uint8Array, garbled: BodyLimit["garbled"]): string {
  if (garbled === undefined) return new TextDecoder().decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw garbled();
  }
}

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

/** The readers below the bodies of {@link followedBody}. */
const followed = new WeakMap<ReadableStream<Uint8Array>, FollowedReader>();

interface FollowedReader {
  readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly follower: BodyFollower;
}

/** A body that is read in many small pieces. */
export interface BodyReader {
  /** Resolves to the next piece. After an abort the body may also end. */
  readonly read: () => Promise<ReadableStreamReadResult<Uint8Array>>;
  /** Throws the error of the abort, if the body was ended by one. */
  readonly throwIfAborted: () => void;
  /** Ends the reading, and with it the request. */
  readonly close: () => void;
}

/** A reader of the body, which nobody has read. It reads a body of {@link followedBody} without the stream in between. */
export function readerOf(body: ReadableStream<Uint8Array>): BodyReader {
  const known = followed.get(body);
  const reader = known?.reader ?? body.getReader();
  const follower = known?.follower;
  // A cancelled reader ends like a complete one, also with a `fetch` that ignores the signal.
  const forget = follower === undefined ? undefined : onAbort(follower.signal, () => discard(reader));
  return {
    read: () => reader.read(),
    throwIfAborted: () => {
      if (follower?.signal.aborted) throw follower.aborted();
    },
    close: () => {
      forget?.();
      follower?.release();
      // Cancelling ends the request; releasing the lock alone would keep the socket open.
      discard(reader);
    },
  };
}

/** The response with a body that fails when the signal aborts. */
export function followedBody(response: Response, follower: BodyFollower): Response {
  const { signal, aborted, release } = follower;
  if (response.body === null) {
    release();
    return response;
  }
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await raceAbort(reader.read(), signal);
          if (!done) return controller.enqueue(value);
          controller.close();
        } catch (error) {
          discard(reader);
          controller.error(signal.aborted ? aborted() : error);
        }
        release();
      },
      cancel(reason) {
        release();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 }, // nothing is read before it is asked for
  );
  followed.set(body, { reader, follower });
  return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers });
}
