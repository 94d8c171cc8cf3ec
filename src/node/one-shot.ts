/** The functions `ask()` and `askStream()`: parallel calls share a server, which ends with the last one. */
import { AnswerStream } from "../session/answer-stream.js";
import type { Answer, JsonSchema, Prompt, StandardSchema } from "../types/index.js";
import type { AskOptions, AskStreamOptions } from "./ask-options.js";

/**
 * Starts a server or connects to one, asks, and cleans up. Parallel calls with equal options share a server. Rejects as
 * `createOpencode()` and `Session.ask()`.
 */
export function ask<T>(
  prompt: Prompt,
  options: AskOptions<T> & { readonly schema: StandardSchema<T> },
): Promise<Answer<T>>;
export function ask<T = unknown>(
  prompt: Prompt,
  options: AskOptions<T> & { readonly schema: JsonSchema },
): Promise<Answer<T>>;
export function ask<T = undefined>(prompt: Prompt, options?: AskOptions<T>): Promise<Answer<T>>;
export function ask<T>(prompt: Prompt, options: AskOptions<T> = {}): Promise<Answer<T>> {
  return askStream<T>(prompt, options).answer;
}

/** Asks as {@link ask}, and streams the answer. The turn starts at once. */
export function askStream<T>(
  prompt: Prompt,
  options: AskStreamOptions<T> & { readonly schema: StandardSchema<T> },
): AnswerStream<T>;
export function askStream<T = unknown>(
  prompt: Prompt,
  options: AskStreamOptions<T> & { readonly schema: JsonSchema },
): AnswerStream<T>;
export function askStream<T = undefined>(prompt: Prompt, options?: AskStreamOptions<T>): AnswerStream<T>;
export function askStream<T>(prompt: Prompt, options: AskStreamOptions<T> = {}): AnswerStream<T> {
  return new AnswerStream<T>(async (report) => {
    const { askOnce } = await import("./ask-once.js"); // it loads with the first prompt
    return askOnce(prompt, options, report);
  }, options);
}
