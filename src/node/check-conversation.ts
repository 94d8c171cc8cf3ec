/** The options of a conversation and of its turns, before anything starts. */
import { checkBudget } from "../session/budget/check-budget.js";
import { checkOnSettled } from "../session/settled/check.js";
import type { ConversationOptions, StreamOptions } from "../types/index.js";
import { optionNames, placesOfOptions } from "../types/option-names.js";
import { checkOptions } from "../util/check-options.js";

const { directory: _directory, parentId: _parentId, ...sessionNames } = optionNames.createSession;

/** Throws `ConfigError` for an option that the function named `call` does not have. */
export function checkConversation(options: ConversationOptions, call: string): void {
  checkOptions(options, optionNames.conversation, call, placesOfOptions);
  if (options.session !== undefined) {
    checkOptions(options.session, sessionNames, `\`session\` of ${call}`);
    checkBudget(options.session.budget);
  }
  if (options.onSettled !== undefined) checkOnSettled(options.onSettled);
}

/** Throws `ConfigError` for an option that a turn does not have. */
export function checkConversationTurn(options: StreamOptions<unknown>): void {
  checkOptions(options, optionNames.stream, "ask()", placesOfOptions);
}
