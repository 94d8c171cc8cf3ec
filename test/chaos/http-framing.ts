/**
 * Follows HTTP/1.1 messages (RFC 9112) in the bytes of one direction of a connection: just enough to know where a head
 * ends, and where its body does. Nothing is changed: the bytes of all segments together are the bytes that came in.
 */

/** The first line and the fields of a message. */
export interface Head {
  /** `GET /event HTTP/1.1`, or `HTTP/1.1 200 OK`. */
  readonly line: string;
  /** Names in lower case. */
  readonly fields: ReadonlyMap<string, string>;
}

/** A piece of a message: its whole head, or some of its body. */
export interface Segment {
  readonly bytes: Buffer;
  readonly head?: Head | undefined;
  /** The message ends with this piece. */
  readonly isEnd: boolean;
  /** Between two chunks of a chunked body: whatever follows begins a chunk. */
  readonly isBoundary: boolean;
}

type State =
  | { readonly at: "head" }
  | { readonly at: "length"; rest: number }
  | { readonly at: "chunk-size" | "trailer" | "until-close" }
  | { readonly at: "chunk-data"; rest: number };

const longestHead = 64 * 1024;

/** One direction of a connection. */
export class HttpFraming {
  readonly #hasBody: (head: Head) => boolean;
  #state: State = { at: "head" };
  #held: Buffer = Buffer.alloc(0);

  /** `hasBody` tells of answers that never have one, whatever their fields say (204, 304). */
  constructor(hasBody: (head: Head) => boolean = () => true) {
    this.#hasBody = hasBody;
  }

  /** Takes bytes in. An incomplete head or line is kept until it is whole. Throws for what is no HTTP/1.1. */
  push(chunk: Buffer): Segment[] {
    let rest = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const segments: Segment[] = [];
    while (rest.length > 0) {
      const segment = this.#take(rest);
      if (segment === undefined) break;
      segments.push(segment);
      rest = rest.subarray(segment.bytes.length);
    }
    this.#held = rest;
    return segments;
  }

  #take(bytes: Buffer): Segment | undefined {
    const state = this.#state;
    switch (state.at) {
      case "head":
        return this.#takeHead(bytes);
      case "length":
      case "chunk-data": {
        const taken = bytes.subarray(0, state.rest);
        state.rest -= taken.length;
        const isEnd = state.at === "length" && state.rest === 0;
        if (isEnd) this.#state = { at: "head" };
        else if (state.rest === 0) this.#state = { at: "chunk-size" };
        return { bytes: taken, isEnd, isBoundary: this.#state.at === "chunk-size" };
      }
      case "chunk-size":
      case "trailer":
        return this.#takeLine(bytes, state.at);
      default:
        return { bytes, isEnd: false, isBoundary: false };
    }
  }

  #takeHead(bytes: Buffer): Segment | undefined {
    const end = bytes.indexOf("\r\n\r\n");
    if (end < 0) {
      if (bytes.length > longestHead) throw new Error("a head that does not end");
      return undefined;
    }
    const head = parseHead(bytes.subarray(0, end).toString("latin1"));
    this.#state = this.#bodyOf(head);
    const { at } = this.#state;
    return { bytes: bytes.subarray(0, end + 4), head, isEnd: at === "head", isBoundary: at === "chunk-size" };
  }

  #bodyOf(head: Head): State {
    if (!this.#hasBody(head)) return { at: "head" };
    if (head.fields.get("transfer-encoding")?.toLowerCase().includes("chunked") === true) return { at: "chunk-size" };
    const length = head.fields.get("content-length");
    if (length !== undefined) return Number(length) === 0 ? { at: "head" } : { at: "length", rest: Number(length) };
    // A request without a length has no body; an answer without one ends with the connection.
    return head.line.startsWith("HTTP/") ? { at: "until-close" } : { at: "head" };
  }

  /** A chunk's size, or a line of the trailer; the data's own line end counts to the chunk. */
  #takeLine(bytes: Buffer, at: "chunk-size" | "trailer"): Segment | undefined {
    const end = bytes.indexOf("\r\n");
    if (end < 0) return undefined;
    const line = bytes.subarray(0, end).toString("latin1");
    const segment = { bytes: bytes.subarray(0, end + 2), isEnd: false, isBoundary: false };
    if (at === "trailer") {
      if (line !== "") return segment;
      this.#state = { at: "head" };
      return { ...segment, isEnd: true };
    }
    const size = Number.parseInt(line, 16);
    if (Number.isNaN(size)) throw new Error(`no chunk size: ${JSON.stringify(line.slice(0, 40))}`);
    this.#state = size === 0 ? { at: "trailer" } : { at: "chunk-data", rest: size + 2 };
    return segment;
  }
}

function parseHead(text: string): Head {
  const [line = "", ...rest] = text.split("\r\n");
  const fields = new Map<string, string>();
  for (const field of rest) {
    const colon = field.indexOf(":");
    if (colon > 0) fields.set(field.slice(0, colon).trim().toLowerCase(), field.slice(colon + 1).trim());
  }
  return { line, fields };
}
