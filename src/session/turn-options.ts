/** The options of a turn: defaults filled in, checked at once. */
import { ConfigError, TurnTimeoutError } from "../errors.js";
import { linkedController } from "../internal/abort.js";
import { isToolList } from "../tools/tool-list.js";
import { defaults, type SessionTurnOptions, type TurnOptions } from "../types/options.js";

/** A timer cannot wait longer (25 days, in ms): it would fire at once. Beyond it there is no limit. */
const longestTimer = 2 ** 31 - 1;

/** Every option of a turn, for telling them from those of a connection. */
export const turnOptionNames: readonly (keyof SessionTurnOptions)[] = [
  "model",
  "agent",
  "system",
  "variant",
  "files",
  "schema",
  "structured",
  "maxRepairs",
  "signal",
  "timeout",
  "idleTimeout",
  "maxRetryWait",
  "maxCost",
  "maxSteps",
  "maxTokens",
  "whenBusy",
  "onPermission",
  "onQuestion",
  "onPlanExit",
  "callbackTimeout",
  "messageId",
];

/** What a client or session sets for all its turns. */
export type TurnDefaults = Omit<TurnOptions<unknown>, "signal" | "schema" | "files">;

/** Options as they are used: `whenBusy` and `callbackTimeout` are always there. */
export type ResolvedTurnOptions<T> = SessionTurnOptions<T> & {
  readonly whenBusy: "queue" | "reject";
  readonly callbackTimeout: number;
  readonly structured: "auto" | "native" | "prompt";
  readonly maxRepairs: number;
};

/** A given `undefined` counts as not given. Throws `ConfigError` for a value of the wrong kind. */
export function resolveTurnOptions<T>(options: SessionTurnOptions<T>, base: TurnDefaults): ResolvedTurnOptions<T> {
  if (isToolList(Reflect.get(options, "tools"))) {
    throw new ConfigError("a list of tools is not for one turn", {
      hint: "Give it to createOpencode(), createSession() or the function ask().",
    });
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const merged = {
    whenBusy: "queue" as const,
    callbackTimeout: defaults.callbackTimeout,
    structured: "auto" as const,
    maxRepairs: defaults.maxRepairs,
    ...base,
    ...given,
  };
  const { structured, maxRepairs } = merged as ResolvedTurnOptions<T>; // spread of both
  if (!["auto", "native", "prompt"].includes(structured)) {
    throw new ConfigError(`structured must be "auto", "native" or "prompt"; got ${JSON.stringify(structured)}`);
  }
  if (!Number.isInteger(maxRepairs) || maxRepairs < 0) {
    throw new ConfigError(`maxRepairs must be a whole number from 0 on; got ${JSON.stringify(maxRepairs)}`);
  }
  const { whenBusy, timeout, idleTimeout, maxRetryWait, callbackTimeout, messageId, signal } =
    merged as ResolvedTurnOptions<T>; // spread of both
  if (whenBusy !== "queue" && whenBusy !== "reject") {
    throw new ConfigError(`whenBusy must be "queue" or "reject"; got ${JSON.stringify(whenBusy)}`);
  }
  requirePositive("timeout", timeout);
  requirePositive("idleTimeout", idleTimeout);
  if (maxRetryWait !== 0) requirePositive("maxRetryWait", maxRetryWait);
  for (const name of ["maxCost", "maxSteps", "maxTokens"] as const) requireAmount(name, (merged as TurnDefaults)[name]);
  requirePositive("callbackTimeout", callbackTimeout);
  for (const name of ["onPermission", "onQuestion", "onPlanExit"] as const) {
    const callback = (merged as TurnDefaults)[name];
    if (callback !== undefined && typeof callback !== "function")
      throw new ConfigError(`${name} must be a function; got ${typeof callback}`);
  }
  if (messageId !== undefined && (typeof messageId !== "string" || !/^msg_[A-Za-z0-9_-]{1,120}$/.test(messageId))) {
    throw new ConfigError(
      `messageId must be "msg_" and up to 120 letters, digits, "_" or "-"; got ${JSON.stringify(messageId)}`,
    );
  }
  // By its shape: a signal of another realm (jsdom, an iframe) is none of ours by `instanceof`.
  if (signal !== undefined && (typeof signal.aborted !== "boolean" || typeof signal.addEventListener !== "function")) {
    throw new ConfigError("signal must be an AbortSignal");
  }
  const limited = { ...merged, callbackTimeout: Math.min(callbackTimeout, longestTimer) };
  return limited as ResolvedTurnOptions<T>; // both parts are there now
}

function requirePositive(name: string, value: unknown): void {
  if (value === undefined || (typeof value === "number" && value > 0)) return;
  throw new ConfigError(`${name} must be a number of milliseconds above 0; got ${JSON.stringify(value)}`);
}

function requireAmount(name: string, value: unknown): void {
  if (value === undefined || (typeof value === "number" && value > 0)) return;
  throw new ConfigError(`${name} must be a number above 0; got ${JSON.stringify(value)}`);
}

/** One signal for everything that ends a turn from outside: the caller's, the stream's, and the time limit. */
export function turnSignal(
  timeout: number | undefined,
  ...signals: (AbortSignal | undefined)[]
): { signal: AbortSignal; release: () => void } {
  const link = linkedController(...signals);
  if (timeout === undefined || timeout > longestTimer) return link;
  const late = (): void => link.abort(new TurnTimeoutError(`the turn took longer than ${timeout} ms and was aborted`));
  const timer = setTimeout(late, timeout);
  return {
    signal: link.signal,
    release: () => {
      clearTimeout(timer);
      link.release();
    },
  };
}
