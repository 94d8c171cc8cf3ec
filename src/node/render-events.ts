/** `renderEvents()`: shows a run in a terminal. */

import type { AnswerStream } from "../session/answer-stream.js";
import type { Answer } from "../types/answer.js";
import { checkOptions } from "../util/check-options.js";

/** Options of {@link renderEvents}. */
export interface RenderOptions {
  /** Colors the output. @default true if standard output is a terminal and `NO_COLOR` is not set (no-color.org) */
  readonly color?: boolean | undefined;
  /** Writes the answer's text, and details about the run. A returned promise is awaited. @default writes to standard output */
  readonly write?: ((text: string, kind: "text" | "detail") => unknown) | undefined;
  /** Shows the model's reasoning. @default false */
  readonly thinking?: boolean | undefined;
  /** Ends with a line of model, tokens, cost and time. @default true */
  readonly summary?: boolean | undefined;
  /** Set it if text and details have different destinations: each then gets its own line breaks. @default false */
  readonly separate?: boolean | undefined;
  /** Removes terminal control sequences from the text. Details never have any. @default true */
  readonly sanitize?: boolean | undefined;
}

const renderNames = {
  color: true,
  write: true,
  thinking: true,
  summary: true,
  separate: true,
  sanitize: true,
} satisfies Record<keyof RenderOptions, true>;

/**
 * Renders a run live: text, tools with their durations, file changes, retries, permission decisions, sub-agents and cost.
 * Iterates `stream.events`. Resolves with the answer, and rejects as `stream.answer`.
 */
export async function renderEvents<T>(
  stream: Pick<AnswerStream<T>, "events" | "answer">,
  options: RenderOptions = {},
): Promise<Answer<T>> {
  checkOptions(options, renderNames, "renderEvents()");
  const { write = (text: string) => process.stdout.write(text), thinking, summary, sanitize, separate } = options;
  const color = options.color ?? (process.stdout.isTTY === true && !process.env["NO_COLOR"]);
  const { Renderer } = await import("../render/renderer.js");
  const renderer = new Renderer({ color, thinking, summary, sanitize, separate });
  try {
    for await (const event of stream.events) {
      for (const { text, kind } of renderer.render(event)) await write(text, kind);
    }
    return await stream.answer;
  } finally {
    for (const { text, kind } of renderer.end()) await write(text, kind);
  }
}
