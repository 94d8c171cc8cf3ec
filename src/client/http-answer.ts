/** An HTTP answer, as far as the client uses it. A `Response` is one; an answer of Node's `http` module becomes one. */

/** A piece of a body, or its end. */
export type BodyPiece =
  | { readonly done: false; readonly value: Uint8Array }
  | { readonly done: true; readonly value?: Uint8Array | undefined };

/** Reads a body piece by piece. */
export interface BodyReader {
  read(): Promise<BodyPiece>;
  /** Ends the request. */
  cancel(): Promise<void>;
}

/** A body that nobody has read. */
export interface AnswerBody {
  getReader(): BodyReader;
  /**
   * Takes the pieces as they arrive, and resolves after the last one. A piece is valid until `take` returns. An error of `take` ends the
   * request, and rejects. Without a promise for each piece it costs less than a reader. `undefined`: only a reader reads this body.
   */
  readonly forEach?: ((take: (piece: Uint8Array) => void) => Promise<void>) | undefined;
  /** Ends the request. */
  cancel(): Promise<void>;
}

/** Headers of an answer. */
export interface AnswerHeaders extends Iterable<[string, string]> {
  get(name: string): string | null;
}

/** The used members of a `Response`. */
export interface HttpAnswer {
  readonly status: number;
  readonly statusText: string;
  /** The status is 200 to 299. */
  readonly ok: boolean;
  readonly type: string;
  readonly headers: AnswerHeaders;
  readonly body: AnswerBody | null;
}

/** The answer as a `Response`, for callers of the package. `isRead`: its body has been read. */
export function responseOf(answer: HttpAnswer, { isRead = false }: { readonly isRead?: boolean } = {}): Response {
  if (isResponse(answer)) return answer;
  const { status, statusText, headers, body } = answer;
  return new Response(body === null || isRead ? null : streamOf(body), { status, statusText, headers: [...headers] });
}

function isResponse(answer: HttpAnswer): answer is Response {
  return "arrayBuffer" in answer;
}

/** Reads nothing before it is asked for. */
function streamOf(body: AnswerBody): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const piece = await reader.read();
        if (piece.done) controller.close();
        else controller.enqueue(piece.value);
      },
      cancel: () => reader.cancel(),
    },
    { highWaterMark: 0 },
  );
}
