/** The handlers that answer the agent: prompts in the terminal, if there is one. */
import type { PermissionHandler, SessionTurnOptions } from "../index.js";
import type { PersonAsked } from "./prompts.js";
import type { Terminal } from "./terminal.js";

/** Time for a person to answer, in ms: the longest timer (25 days). */
const waitLimit = 2 ** 31 - 1;

/** The callbacks of a turn. */
export type Askers = Pick<SessionTurnOptions, "onQuestion" | "onPlanExit" | "callbackTimeout"> & {
  readonly onPermission: PermissionHandler;
};

/** Loads the prompts with the first request. `interrupt`: called for Ctrl-C at a prompt; default: SIGINT. */
export function askersOf(terminal: Terminal, interrupt?: () => void): Askers {
  if (!terminal.isInteractive) {
    return { onPermission: () => ({ reject: "there is no terminal to ask in" }) };
  }
  const person = async (): Promise<PersonAsked> => (await import("./prompts.js")).personAsked(terminal, interrupt);
  return {
    onPermission: async (request, context) => (await person()).onPermission(request, context),
    onQuestion: async (question, context) => (await person()).onQuestion(question, context),
    onPlanExit: async (question, context) => (await person()).onPlanExit(question, context),
    callbackTimeout: waitLimit,
  };
}
