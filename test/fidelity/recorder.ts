/** What goes over the wire while a scenario plays: requests with their answers, and the events of the directory. */

import type { ServerEvent } from "../../src/types/event.js";
import { property } from "../../src/util/json.js";

/** The answer to a request. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed when it is JSON, otherwise its text; `undefined` when it is empty. */
  readonly body: unknown;
}

/** A request and what became of it. */
export interface Exchange {
  /** `"POST /session/ses_…/message"`. */
  readonly route: string;
  readonly sent: unknown;
  /** `undefined` while it is open. */
  answer: Answer | { readonly failed: string } | undefined;
}

/** Reads an answer whole. */
export async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
  return {
    status: response.status,
    headers: response.headers,
    body: text === "" ? undefined : isJson ? JSON.parse(text) : text,
  };
}

/** The events of a stream, as they come. */
export interface EventLog {
  readonly events: readonly ServerEvent[];
  /** The same as they were sent, `GET /global/event`'s with their envelopes. */
  readonly raw: readonly unknown[];
  readonly headers: Headers;
  /** Resolves when the server has ended it, or cut it. */
  readonly ended: Promise<void>;
  isOver(): boolean;
  close(): Promise<void>;
}

/** Opens a stream and waits for its first event. */
export async function openEvents(
  open: (signal: AbortSignal) => Promise<Response>,
  onEvent: (event: ServerEvent) => void = () => {},
): Promise<EventLog> {
  const stop = new AbortController();
  const { body, headers, status } = await open(stop.signal);
  if (body === null) throw new Error(`the event stream answered ${status} without a body`);
  const events: ServerEvent[] = [];
  const raw: unknown[] = [];
  let first: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    first = resolve;
  });
  const take = (block: string): void => {
    const value: unknown = JSON.parse(block.replace(/^data: /, "")); // nothing else is ever sent
    const event = (property(value, "payload") ?? value) as ServerEvent;
    raw.push(value);
    events.push(event);
    onEvent(event);
    first();
  };
  let isOver = false;
  const ended = readBlocks(body, take)
    .catch(ignoreCut)
    .finally(() => {
      isOver = true;
    });
  await Promise.race([opened, ended]);
  const close = async (): Promise<void> => {
    stop.abort();
    await ended;
  };
  return { events, raw, headers, ended, isOver: () => isOver, close };
}

async function readBlocks(body: ReadableStream<Uint8Array>, take: (block: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let held = "";
  for await (const piece of body) {
    const blocks = (held + decoder.decode(piece, { stream: true })).split("\n\n");
    held = blocks.pop() ?? "";
    for (const block of blocks) take(block);
  }
}

/** A crash or `close` cuts the stream. What is no event is an error of the agent under test. */
function ignoreCut(error: unknown): void {
  if (error instanceof SyntaxError) throw error;
}
