/** Writes a run to the terminal. */
import { type AgentEvent, type AnswerStream, renderEvents, type SessionTurnOptions } from "../index.js";
import type { KeptConversation } from "../kept.js";
import type { Terminal } from "./terminal.js";

/** Options for the display of a run. */
export interface Showing {
  readonly terminal: Terminal;
  /** Shows only the answer and errors. */
  readonly quiet: boolean;
  readonly thinking?: boolean | undefined;
  /** The text that the user types meanwhile; shown on the status line. */
  readonly typed?: (() => string) | undefined;
}

/** Streams the run: the text to standard output, the rest to standard error. Rejects as the answer does. */
export async function showRun(
  stream: Pick<AnswerStream<unknown>, "events" | "answer">,
  showing: Showing,
): Promise<void> {
  const { terminal, quiet, thinking, typed = () => "" } = showing;
  const isTerminal = process.stdout.isTTY === true;
  let doing = "thinking";
  let tool = "working";
  const watched = async function* (): AsyncGenerator<AgentEvent> {
    for await (const event of stream.events) {
      if (event.type === "tool-call") tool = event.tool;
      doing = whatGoesOn(event, tool) ?? doing;
      yield event;
    }
  };
  const text = (): string => {
    const keys = typed();
    return keys === "" ? `${doing} %s` : `${doing} %s   › ${keys}`;
  };
  const run = (): Promise<unknown> =>
    renderEvents(
      { events: watched(), answer: stream.answer },
      {
        color: terminal.color,
        thinking: thinking === true,
        // Output for a program is not changed.
        sanitize: isTerminal,
        summary: isTerminal,
        separate: !terminal.areOne,
        write: (text, kind) => {
          if (kind === "text") return terminal.text(text);
          return quiet ? undefined : terminal.detail(text);
        },
      },
    );
  try {
    await terminal.working(text, run);
  } finally {
    await terminal.endLine();
  }
}

/** The activity in a word or two; `undefined`: unchanged. `tool`: the last called tool. */
function whatGoesOn({ type }: AgentEvent, tool: string): string | undefined {
  switch (type) {
    case "tool-call":
    case "permission-reply":
      return tool;
    case "tool-result":
    case "tool-error":
    case "step-start":
      return "thinking";
    case "text-delta":
      return "writing";
    case "retry":
      return "waiting for the model";
    case "permission-request":
    case "question":
      return "waiting for an answer";
    default:
      return undefined;
  }
}

/** Sends a prompt in the conversation of a daemon, and closes the connection. */
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
