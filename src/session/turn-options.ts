/** The options of a turn: defaults filled in, checked at once. */

import { ConfigError } from "../errors/index.js";
import { modeNamed } from "../permissions/policy/modes.js";
import { isToolList } from "../tools/tool-list.js";
import { optionNames, placesOfOptions } from "../types/option-names.js";
import { defaults, type SessionTurnOptions, type TurnOptions } from "../types/options.js";
import { checkOptions } from "../util/check-options.js";
import { maxTimerDelay } from "../util/limits.js";
import { bindCallbacks } from "./callback-context.js";
import { checkTurnOptions, type DefaultedOptions } from "./turn-option-checks.js";

/** Every option of a turn, for telling them from those of a connection. */
export const turnOptionNames: readonly string[] = [...Object.keys(optionNames.turn), "messageId"];

/** What a client or session sets for all its turns. */
export type TurnDefaults = Omit<TurnOptions<unknown>, "signal" | "schema" | "files" | "tools">;

/** Options as they are used: `whenBusy` and `callbackTimeout` are always there. */
export type ResolvedTurnOptions<T> = SessionTurnOptions<T> & DefaultedOptions;

/**
 * The defaults of a client or session, and what is given on top; `undefined` counts as not given. A mode that is given without
 * rules stands for itself: rules of before are not its.
 */
export function overridden<B extends TurnDefaults, G extends TurnDefaults>(base: B, given: G): B & G {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  const isModeOnly = given.permissionMode !== undefined && given.permission === undefined;
  const { permission: _permission, ...others } = base;
  return { ...(isModeOnly ? others : base), ...Object.fromEntries(entries) } as B & G; // what is left out is optional
}

/** A given `undefined` counts as not given. Throws `ConfigError` for a value of the wrong kind. */
export function resolveTurnOptions<T>(options: SessionTurnOptions<T>, base: TurnDefaults): ResolvedTurnOptions<T> {
  checkOptions(options, optionNames.stream, "ask()", placesOfOptions);
  if (isToolList(Reflect.get(options, "tools"))) {
    throw new ConfigError("a list of tools is not for one turn", {
      hint: "Give it to createOpencode(), createSession() or the function ask().",
    });
  }
  const merged = {
    whenBusy: "queue" as const,
    callbackTimeout: defaults.callbackTimeout,
    structured: "auto" as const,
    maxRepairs: defaults.maxRepairs,
    ...overridden(base, options),
  };
  const resolved = merged as ResolvedTurnOptions<T>; // spread of both
  checkTurnOptions(resolved);
  const mode = modeNamed(resolved.permissionMode ?? "default");
  const byMode = {
    ...(mode.agent === undefined ? {} : { agent: mode.agent }),
    ...(mode.maxSteps === undefined ? {} : { maxSteps: mode.maxSteps }),
  };
  const limited = { ...byMode, ...merged, callbackTimeout: Math.min(resolved.callbackTimeout, maxTimerDelay) };
  return bindCallbacks(limited as ResolvedTurnOptions<T>); // both parts are there now
}
