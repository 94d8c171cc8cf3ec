/** The fast path: a prompt to a running daemon. It loads only the modules for that. */
import { findConversation } from "../kept.js";
import type { PlainCall } from "./fast-path.js";
import { hasInput } from "./input.js";
import { answerConversation } from "./output.js";
import { askersOf } from "./prompt-handlers.js";
import { guarded } from "./run-command.js";
import { createTerminal, type Terminal } from "./terminal.js";

/** The exit code; `undefined` if no daemon runs, or if there is a pipe to read: the full parser handles both. */
export async function askWarm({ words, model, directory, quiet }: PlainCall): Promise<number | undefined> {
  if (words === "" || hasInput(process.stdin)) return undefined;
  let isWarm = true;
  const code = await guarded(async (signal) => {
    const terminal: Terminal = createTerminal(signal, { quiet });
    const conversation = await findConversation({
      directory,
      signal,
      onWait: (pid) => terminal.note(`waiting for another call (process ${pid})`),
    });
    if (conversation === undefined) {
      isWarm = false;
      return;
    }
    await answerConversation(conversation, words, { model, signal, ...askersOf(terminal) }, { terminal, quiet });
  });
  return isWarm ? code : undefined;
}
