/** Reading an answer's body without trusting its size. */
import type { APIResponseValidationError } from "../errors.js";
import { orAbort } from "../internal/abort.js";

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
  signal.addEventListener("abort", cancel, { once: true });
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
    signal.removeEventListener("abort", cancel);
  }
}

/** Gives a body up, so that its connection does not wait for a reader. */
export function discard(body: { cancel(): Promise<void> } | null): void {
  body?.cancel().catch(() => {}); // already broken: nothing is left to give up
}

/** The response with a body that fails when `signal` aborts, and calls `ended` when it has been read, has failed or was cancelled. */
export function followedBody(response: Response, signal: AbortSignal, ended: () => void): Response {
  if (response.body === null) {
    ended();
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
          controller.error(error);
        }
        ended();
      },
      cancel(reason) {
        ended();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 }, // nothing is read before it is asked for
  );
  return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers });
}
