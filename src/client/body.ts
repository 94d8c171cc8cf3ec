/** Reading an answer's body without trusting its size. */
import type { APIResponseValidationError } from "../errors.js";
import { onAbort, orAbort } from "../internal/abort.js";

/** How much is read, and what then. */
export interface BodyLimit {
  /** In bytes, after decompression. */
  readonly maxBytes: number;
  /** Called when there is more: gives the error to throw, or nothing when the beginning is enough. */
  readonly tooLong?: (() => APIResponseValidationError) | undefined;
}

/** The body as text (UTF-8). Rejects when the connection is lost or `signal` aborts, also with a `fetch` that ignores it. */
export async function readText(response: Response, limit: BodyLimit, signal: AbortSignal): Promise<string> {
  if (response.body === null) return "";
  const reader = response.body.getReader();
  // A cancelled reader ends like a complete one, hence the check of the signal after every chunk.
  const cancel = (): void => discard(reader);
  const forget = onAbort(signal, cancel);
  try {
    const decoder = new TextDecoder();
    let text = "";
    let bytes = 0;
    for (;;) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) return text + decoder.decode();
      bytes += value.byteLength;
      if (bytes > limit.maxBytes) {
        cancel();
        const error = limit.tooLong?.();
        if (error !== undefined) throw error;
        return text + decoder.decode(value.subarray(0, value.byteLength - (bytes - limit.maxBytes)));
      }
      text += decoder.decode(value, { stream: true });
    }
  } finally {
    forget();
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

/** The response with a body that fails when the signal aborts. */
export function followedBody(response: Response, { signal, aborted, release }: BodyFollower): Response {
  if (response.body === null) {
    release();
    return response;
  }
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await orAbort(reader.read(), signal);
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
  return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers });
}
