/** A server-sent event stream (WHATWG HTML, section 9.2) as the events in it, in whatever protocol. */
import { createParser, type EventSourceParser } from "eventsource-parser";
import type { AnswerBody } from "../client/http-answer.js";
import { APIConnectionError, APIResponseValidationError } from "../errors/index.js";
import { createDecoder } from "../util/utf8.js";

/** Characters of one event that are held at most: a part's snapshot may carry a tool's whole output. */
const maxEventSize = 64 * 1024 * 1024;
/** What each line, and each piece that arrives, costs beside its characters: both are held as objects of their own. */
const overhead = 64;
/** Lines that mean nothing, in one stream. The server sends none, and each costs the parser an error with its stack. */
const maxUnknownLines = 1_000;

export interface ReadEventsOptions<Event> {
  /** Makes an event of the data of one message; `undefined` for what is no event. */
  readonly parse: (data: string) => Event | undefined;
  /** Called for every event, in order. */
  readonly onEvent: (event: Event) => void;
  /** Called for every piece that arrives, comments and half events included: the connection is alive. */
  readonly onActivity?: (() => void) | undefined;
  /** Called for every message that is no event: not UTF-8, or not to be parsed. What it was meant to be is lost. */
  readonly onMalformed?: (() => void) | undefined;
  /** Characters per event. Default 67,108,864 (64 Mi). */
  readonly maxSize?: number | undefined;
}

/**
 * Reads `body` until it ends, then resolves; a cut rejects with `APIConnectionError`, a stream that holds more than an
 * event's size without one, or is made of unknown lines, with `APIResponseValidationError`. Errors of `onEvent` are the
 * caller's: they end the reading like a cut. The body is released in every case.
 */
export async function readEvents<Event>(body: AnswerBody, options: ReadEventsOptions<Event>): Promise<void> {
  const feed = createFeeder(options);
  const take = (piece: Uint8Array): void => {
    options.onActivity?.();
    feed(piece);
  };
  const reader = body.forEach === undefined ? body.getReader() : undefined;
  try {
    if (reader === undefined) return await body.forEach?.(take);
    for (;;) {
      const { done, value } = await reader.read();
      if (done || value === undefined) return;
      take(value);
    }
  } catch (cause) {
    if (cause instanceof APIResponseValidationError) throw cause;
    throw new APIConnectionError("the event stream was cut", { cause });
  } finally {
    // Cancelling ends the request; releasing the lock alone would keep the socket open.
    (reader ?? body).cancel().catch(() => {}); // it may be broken already
  }
}

/** Takes the pieces in. Throws `APIResponseValidationError`. */
function createFeeder<Event>({
  parse,
  onEvent,
  onMalformed,
  maxSize = maxEventSize,
}: ReadEventsOptions<Event>): (bytes: Uint8Array) => void {
  const decode = createDecoder();
  /** What is held of the event that has begun, in characters. */
  let held = 0;
  let unknownLines = 0;
  const normalize = createNormalizer();
  const parser: EventSourceParser = createParser({
    maxBufferSize: maxSize,
    onEvent: ({ data }) => {
      held = 0;
      const event = parse(data);
      if (event !== undefined) onEvent(event);
      else if (data.trim() !== "") onMalformed?.();
    },
    onError: ({ type, message, line = "" }) => {
      if (type === "max-buffer-size-exceeded") throw invalid(message);
      // To be ignored by the standard; a stream of nothing else is no event stream.
      unknownLines += 1;
      if (line.includes("\0")) onMalformed?.(); // it may have been data
      if (unknownLines > maxUnknownLines) throw invalid(`more than ${maxUnknownLines} lines of it are unknown fields`);
    },
  });
  parser.feed(""); // otherwise it takes the characters "ï»¿" at the beginning for a byte order mark, depending on the cut
  return (bytes) => {
    const text = normalize(decode(bytes));
    held += text.length + overhead;
    const before = held;
    parser.feed(text);
    if (held !== before) return; // an event has ended in this piece
    held += linesIn(text) * overhead;
    if (held > maxSize + overhead) throw invalid(`no event within ${maxSize} characters`);
  };
}

function invalid(reason: string): APIResponseValidationError {
  return new APIResponseValidationError(`event stream: ${reason}`);
}

function linesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

/**
 * CR and CR LF end lines as LF does. The parser waits after a CR for what may follow, also when the event has ended, and
 * looks through the rest of a piece once per CR in it.
 */
function createNormalizer(): (text: string) => string {
  let afterReturn = false;
  return (text) => {
    if (!afterReturn && !text.includes("\r")) return text;
    const rest = afterReturn && text.startsWith("\n") ? text.slice(1) : text;
    if (text !== "") afterReturn = text.endsWith("\r");
    return rest.includes("\r") ? rest.replace(/\r\n?/g, "\n") : rest;
  };
}
