/** The options of a turn: defaults filled in, checked at once. */

import { ConfigError } from "../errors/index.js";
import { checkHooks } from "../hooks/hooks.js";
import { compileRules } from "../permissions/policy/compile.js";
import { toRules } from "../permissions/policy/config-rules.js";
import { modeNamed } from "../permissions/policy/modes.js";
import { checkToolName } from "../permissions/policy/names.js";
import { checkToolFilter } from "../permissions/policy/tool-filter.js";
import { isToolList } from "../tools/tool-list.js";
import type { ReviewModel } from "../types/decision.js";
import { optionNames, placesOfOptions } from "../types/option-names.js";
import { defaults, type SessionTurnOptions, type TurnOptions } from "../types/options.js";
import { linkSignals } from "../util/abort.js";
import { checkOptions } from "../util/check-options.js";
import { invalidOption } from "../util/invalid-option.js";
import { isRecord } from "../util/json.js";
import { maxTimerDelay } from "../util/limits.js";
import { bindCallbacks } from "./callback-context.js";
import { parseModel } from "./turn/prompt.js";
import { attachClock, type TurnClock, turnTooLong } from "./turn/turn-clock.js";

/** Every option of a turn, for telling them from those of a connection. */
export const turnOptionNames: readonly string[] = [...Object.keys(optionNames.turn), "messageId"];

/** What a client or session sets for all its turns. */
export type TurnDefaults = Omit<TurnOptions<unknown>, "signal" | "schema" | "files" | "tools">;

/** Options as they are used: `whenBusy` and `callbackTimeout` are always there. */
export type ResolvedTurnOptions<T> = SessionTurnOptions<T> & {
  readonly whenBusy: "queue" | "reject";
  readonly callbackTimeout: number;
  readonly structured: "auto" | "native" | "prompt";
  readonly maxRepairs: number;
};

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
  const { structured, maxRepairs } = merged as ResolvedTurnOptions<T>; // spread of both
  if (!["auto", "native", "prompt"].includes(structured)) {
    throw invalidOption("structured", '"auto", "native" or "prompt"', structured);
  }
  if (!Number.isInteger(maxRepairs) || maxRepairs < 0) {
    throw invalidOption("maxRepairs", "a whole number from 0 on", maxRepairs);
  }
  const { whenBusy, timeout, idleTimeout, maxRetryWait, callbackTimeout, messageId, signal } =
    merged as ResolvedTurnOptions<T>; // spread of both
  if (whenBusy !== "queue" && whenBusy !== "reject") {
    throw invalidOption("whenBusy", '"queue" or "reject"', whenBusy);
  }
  requirePositive("timeout", timeout);
  requirePositive("idleTimeout", idleTimeout);
  if (maxRetryWait !== 0) requirePositive("maxRetryWait", maxRetryWait);
  for (const name of ["maxCost", "maxSteps", "maxTokens"] as const) requireAmount(name, (merged as TurnDefaults)[name]);
  requirePositive("callbackTimeout", callbackTimeout);
  for (const name of ["agent", "system", "variant"] as const) requireText(name, (merged as TurnDefaults)[name]);
  checkPermissionOptions(merged as TurnOptions<unknown>);
  for (const name of ["onPermission", "onQuestion", "onPlanExit"] as const) {
    const callback = (merged as TurnDefaults)[name];
    if (callback !== undefined && callback !== "reply" && typeof callback !== "function")
      throw invalidOption(name, 'a function or "reply"', callback);
  }
  if (messageId !== undefined && (typeof messageId !== "string" || !/^msg_[A-Za-z0-9_-]{1,120}$/.test(messageId))) {
    throw invalidOption("messageId", '"msg_" and up to 120 letters, digits, "_" or "-"', messageId);
  }
  // By its shape: a signal of another realm (jsdom, an iframe) is none of ours by `instanceof`.
  if (signal !== undefined && (typeof signal?.aborted !== "boolean" || typeof signal.addEventListener !== "function")) {
    throw invalidOption("signal", "an AbortSignal", signal);
  }
  const mode = modeNamed((merged as TurnDefaults).permissionMode ?? "default");
  const byMode = {
    ...(mode.agent === undefined ? {} : { agent: mode.agent }),
    ...(mode.maxSteps === undefined ? {} : { maxSteps: mode.maxSteps }),
  };
  const limited = { ...byMode, ...merged, callbackTimeout: Math.min(callbackTimeout, maxTimerDelay) };
  return bindCallbacks(limited as ResolvedTurnOptions<T>); // both parts are there now
}

/** Throws `ConfigError`. */
function checkPermissionOptions({
  tools,
  permission,
  permissionMode,
  confineTo,
  reviewer,
  audit,
  hooks,
}: TurnOptions<unknown>): void {
  if (tools !== undefined) checkToolFilter(tools);
  if (permission !== undefined) compileRules(toRules(permission), undefined);
  if (permissionMode !== undefined) modeNamed(permissionMode);
  if (hooks !== undefined) checkHooks(hooks, checkToolName);
  if (confineTo !== undefined && (typeof confineTo !== "string" || confineTo === "")) {
    throw invalidOption("confineTo", "the path of a directory", confineTo);
  }
  if (audit !== undefined && typeof audit !== "function" && (typeof audit !== "string" || audit === "")) {
    throw invalidOption("audit", "the path of a file, or a function", audit);
  }
  if (reviewer !== undefined && typeof reviewer !== "function") checkReviewModel(reviewer);
}

const reviewerNames = { model: true, rubric: true, timeout: true, maxReviews: true, maxCost: true } satisfies Record<
  keyof ReviewModel,
  true
>;

function checkReviewModel(reviewer: ReviewModel): void {
  if (!isRecord(reviewer) || typeof reviewer.rubric !== "string" || reviewer.rubric.trim() === "") {
    const expected = "a function, or { model, rubric } with the rules in words as `rubric`";
    throw invalidOption("reviewer", expected, reviewer);
  }
  checkOptions(reviewer, reviewerNames, "reviewer");
  parseModel(reviewer.model);
  const { timeout, maxReviews, maxCost } = reviewer;
  requirePositive("reviewer.timeout", timeout);
  requireAmount("reviewer.maxReviews", maxReviews);
  requireAmount("reviewer.maxCost", maxCost);
}

function requireText(name: string, value: unknown): void {
  // The server takes null for "not given".
  if (value === undefined || value === null || typeof value === "string") return;
  throw invalidOption(name, "a string", value);
}

function requirePositive(name: string, value: unknown): void {
  if (value === undefined || (typeof value === "number" && value > 0)) return;
  throw invalidOption(name, "a number of milliseconds above 0", value);
}

function requireAmount(name: string, value: unknown): void {
  if (value === undefined || (typeof value === "number" && value > 0)) return;
  throw invalidOption(name, "a number above 0", value);
}

/**
 * One signal for everything that ends a turn from outside: the caller's, the stream's, and the time limit. The clock goes down
 * with it, and is asked where the time went.
 */
export function turnSignal(
  timeout: number | undefined,
  clock: TurnClock,
  ...signals: (AbortSignal | undefined)[]
): { signal: AbortSignal; release: () => void } {
  const link = linkSignals(...signals);
  attachClock(link.signal, clock);
  if (timeout === undefined || timeout > maxTimerDelay) return link;
  const timer = setTimeout(() => link.abort(turnTooLong(timeout, clock)), timeout);
  return {
    signal: link.signal,
    release: () => {
      clearTimeout(timer);
      link.release();
    },
  };
}
