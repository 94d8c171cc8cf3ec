/** `renderEvents()`: a run as a reader in a terminal sees it. */

import { Renderer } from "../render/renderer.js";
import type { AnswerStream } from "../session/answer-stream.js";
import type { Answer } from "../types/answer.js";
import { checkOptions } from "../util/check-options.js";

/** Options of {@link renderEvents}. */
export interface RenderOptions {
  /** Default: standard output is a terminal, and `NO_COLOR` is not set (no-color.org). */
  readonly color?: boolean | undefined;
  /** Where it goes: the answer's text, and details about the run. What it returns is waited for. Default: standard output. */
  readonly write?: ((text: string, kind: "text" | "detail") => unknown) | undefined;
  /** Show what the model thinks. Default false. */
  readonly thinking?: boolean | undefined;
  /** The line with model, tokens, cost and time in the end. Default true. */
  readonly summary?: boolean | undefined;
  /** Text and details go to different places, so that each has its own line breaks. Default false. */
  readonly separate?: boolean | undefined;
  /** Take out of the text what would steer a terminal; the details never have it. Default true. */
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
 * Renders a run while it goes on: the text, tools with their durations, changes, retries, permission decisions, sub-agents
 * and the cost. Resolves to the answer, rejects as `stream.answer` does. Iterates `stream.events`.
 */
export async function renderEvents<T>(
  stream: Pick<AnswerStream<T>, "events" | "answer">,
  options: RenderOptions = {},
): Promise<Answer<T>> {
  checkOptions(options, renderNames, "renderEvents()");
  const { write = (text: string) => process.stdout.write(text), thinking, summary, sanitize, separate } = options;
  const color = options.color ?? (process.stdout.isTTY === true && !process.env["NO_COLOR"]);
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
