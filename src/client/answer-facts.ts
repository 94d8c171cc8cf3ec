/** What an answer was like that became an error: for whoever has to say what answers at an address. */
import { redact } from "../util/redact.js";
import { type Conceal, excerpt, oneLine } from "./error-body.js";
import type { WireAnswer } from "./fetch-once.js";
import { retryAfter } from "./retry-rules.js";

/** An answer, as far as it may be told: nothing of its headers, and no credentials. */
export interface AnswerFacts {
  readonly status: number;
  /** The media type without its parameters, in lower case; empty for none. */
  readonly type: string;
  readonly isEmpty: boolean;
  /** The title of a web page, or the first words of another text, on one line. */
  readonly words: string;
  /** ms that the answer asks to wait; `undefined` when it says nothing of it. */
  readonly retryAfter: number | undefined;
}

const longestWords = 80;

const behind = new WeakMap<object, AnswerFacts>();

/** Keeps the facts of the answer for the error, and returns the error. */
export function withFacts<E extends object>(error: E, { response, text }: WireAnswer, conceal: Conceal): E {
  const [type = ""] = (response.headers.get("content-type") ?? "").split(";", 1);
  behind.set(error, {
    status: response.status,
    type: mediaType(type),
    isEmpty: text === "",
    words: firstWords(text, conceal),
    retryAfter: retryAfter(response.headers),
  });
  return error;
}

/** The answer that became this error; `undefined` for an error that no answer was the reason of. */
export function answerBehind(error: unknown): AnswerFacts | undefined {
  return typeof error === "object" && error !== null ? behind.get(error) : undefined;
}

/** A text that is no media type (RFC 6838, section 4.2) is not told: it may be anything. */
function mediaType(text: string): string {
  const type = text.trim().toLowerCase();
  return /^[\w!#$&^.+-]{1,50}\/[\w!#$&^.+-]{1,100}$/.test(type) ? type : "";
}

function firstWords(text: string, conceal: Conceal): string {
  const begin = excerpt(text, conceal);
  const title = /<title[^>]*>([^<]*)/i.exec(begin)?.[1];
  const words = oneLine(title ?? begin.replace(/<[^>]*(?:>|$)/g, " "));
  return redact(words.length > longestWords ? `${words.slice(0, longestWords)}…` : words);
}
