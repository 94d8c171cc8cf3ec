/** The options of a turn: each side is checked, then both are one. */

import { ConfigError } from "../errors/index.js";
import { modeNamed } from "../permissions/policy/modes.js";
import { isToolList } from "../tools/tool-list.js";
import { optionNames, placesOfOptions } from "../types/option-names.js";
import { defaults, type SessionTurnOptions, type TurnOptions } from "../types/options.js";
import { checkOptions } from "../util/check-options.js";
import { maxTimerDelay } from "../util/limits.js";
import { bindCallbacks } from "./callback-context.js";
import { fallbackOptions } from "./fallback-options.js";
import { checkTurnOptions } from "./turn-option-checks.js";

/** Every option of a turn, for telling them from those of a connection. */
export const turnOptionNames: readonly string[] = [...Object.keys(optionNames.turn), "messageId"];

/** What a client or session sets for all its turns. */
export type TurnDefaults = Omit<TurnOptions<unknown>, "signal" | "schema" | "files" | "tools">;

/** Options that always have a value: their default, when none is given. */
interface DefaultedOptions {
  readonly whenBusy: "queue" | "reject" | "steer";
  /** Milliseconds. */
  readonly callbackTimeout: number;
  readonly structured: "auto" | "native" | "prompt";
  readonly maxRepairs: number;
  readonly maxRepeats: number | false;
}

/** Options as they are used: complete and checked. */
export type ResolvedTurnOptions<T> = SessionTurnOptions<T> & DefaultedOptions;

/**
 * The defaults of a client or session, and what is given on top; `undefined` counts as not given. A mode that is given without
 * rules stands for itself: rules of before are not its. Both sides are checked before.
 */
export function overridden<T>(base: TurnDefaults, given: SessionTurnOptions<T>): SessionTurnOptions<T> {
  const isModeOnly = given.permissionMode !== undefined && given.permission === undefined;
  const { permission, ...others } = base;
  return { ...others, ...(isModeOnly ? {} : { permission }), ...present(given) };
}

/** The options that have a value. */
function present<O extends object>(options: O): O {
  const copy = { ...options };
  for (const [name, value] of Object.entries(copy)) if (value === undefined) Reflect.deleteProperty(copy, name);
  return copy;
}

/** The turn's options over those of its session, which are checked. Throws `ConfigError` for a value of the wrong kind. */
export function resolveTurnOptions<T>(given: SessionTurnOptions<T>, base: TurnDefaults): ResolvedTurnOptions<T> {
  checkOptions(given, optionNames.stream, "ask()", placesOfOptions);
  if (isToolList(Reflect.get(given, "tools"))) {
    throw new ConfigError("a list of tools is not for one turn", {
      hint: "Give it to createOpencode(), createSession() or the function ask().",
    });
  }
  checkTurnOptions(given);
  if (given.whenBusy === "steer") {
    const name = given.schema === undefined ? given.messageId && "messageId" : "schema";
    if (name !== undefined) {
      const hint = name === "schema" ? "The answer is that of the whole run." : "A steer has an id of its own.";
      throw new ConfigError(`the \`${name}\` option does not go with whenBusy: "steer"`, { hint });
    }
  }
  const {
    whenBusy = "queue",
    callbackTimeout = defaults.callbackTimeout,
    structured = "auto",
    maxRepairs = defaults.maxRepairs,
    maxRepeats = defaults.maxRepeats,
    ...others
  } = overridden(base, given);
  const { agent, maxSteps } = modeNamed(others.permissionMode ?? "default");
  // A session's own "steer" does not count for what cannot steer.
  const isSteer = whenBusy === "steer" && given.schema === undefined && given.messageId === undefined;
  return bindCallbacks<ResolvedTurnOptions<T>>({
    ...present({ agent, maxSteps }), // of the mode
    ...others,
    ...fallbackOptions(given, others),
    whenBusy: whenBusy === "steer" && !isSteer ? "queue" : whenBusy,
    callbackTimeout: Math.min(callbackTimeout, maxTimerDelay),
    structured,
    maxRepairs,
    maxRepeats,
  });
}
