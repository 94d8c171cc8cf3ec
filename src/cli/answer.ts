/** From a run to what is written about it. */
import { type AnswerStream, renderEvents, type SessionTurnOptions } from "../index.js";
import type { KeptConversation } from "../kept.js";
import type { Terminal } from "./terminal.js";

/** How a run is shown. */
export interface Showing {
  readonly terminal: Terminal;
  /** Nothing but the answer and errors. */
  readonly quiet: boolean;
  readonly thinking?: boolean | undefined;
}

/** Writes the run as it goes on: the text to standard output, the rest to standard error. Rejects as the answer does. */
export async function showRun(stream: AnswerStream<unknown>, { terminal, quiet, thinking }: Showing): Promise<void> {
  const isTerminal = process.stdout.isTTY === true;
  try {
    await renderEvents(stream, {
      color: terminal.color,
      thinking: thinking === true,
      // What a program reads is not changed.
      sanitize: isTerminal,
      summary: isTerminal,
      separate: !terminal.areOne,
      write: (text, kind) => {
        if (kind === "text") return terminal.text(text);
        return quiet ? undefined : terminal.detail(text);
      },
    });
  } finally {
    await terminal.endLine();
  }
}

/** Asks in the conversation of a kept server, and closes the connection. */
export async function answerConversation(
  conversation: KeptConversation,
  prompt: string,
  options: SessionTurnOptions,
  showing: Showing,
): Promise<void> {
  try {
    await showRun(conversation.askStream(prompt, options), showing);
  } finally {
    await conversation.close();
  }
}
