/** Log lines with levels. */
import { detachedCallback } from "./detached-callback.js";
import { invalidOption } from "./invalid-option.js";
import { redact } from "./redact.js";

/** Lowest level of log lines that are written. `"off"` writes none, `"debug"` all. */
export type LogLevel = "off" | "error" | "warn" | "info" | "debug";

/** Receives log lines, without credentials. `console` and pino fit. Exceptions and rejections of a logger are ignored. */
export interface Logger {
  /** Writes a line about a failure that the caller does not get as an error. */
  error(message: string): void;
  /** Writes a line about a problem that the package works around. */
  warn(message: string): void;
  /** Writes a line about a normal event, such as the start of a server. */
  info(message: string): void;
  /** Writes a line about a single request or event. */
  debug(message: string): void;
}

const order: Readonly<Record<LogLevel, number>> = { off: 0, error: 1, warn: 2, info: 3, debug: 4 };

/** A logger that drops what is below its level and redacts the rest. */
export interface LevelLogger extends Logger {
  /** True when a `debug` line would be written: guards lines that cost something to make. */
  readonly isDebug: boolean;
}

/** Options of everything that logs. */
export interface LoggerOptions {
  /** Receives log lines. @default standard error */
  readonly logger?: Logger | undefined;
  /** Lowest level of log lines. @default the variable `OPENCODE_LOG`, otherwise "warn" */
  readonly logLevel?: LogLevel | undefined;
}

/**
 * Level by option, then by `OPENCODE_LOG`, then `"warn"`; lines to `logger`, otherwise to standard error. Throws
 * `ConfigError` for an option that is no level; an `OPENCODE_LOG` that is none counts as not set.
 */
export function createLogger({ logger, logLevel }: LoggerOptions = {}): LevelLogger {
  const level = order[checkedLevel(logLevel) ?? levelFromEnvironment() ?? "warn"];
  const target = logger ?? standardError;
  const at = (name: "error" | "warn" | "info" | "debug") => (message: string) => {
    if (order[name] > level) return;
    // A log that cannot be written must not end the work it tells of, and there is no other place to say so.
    detachedCallback(
      () => target[name](redact(message)),
      () => {},
    );
  };
  return { error: at("error"), warn: at("warn"), info: at("info"), debug: at("debug"), isDebug: level >= order.debug };
}

function checkedLevel(level: LogLevel | undefined): LogLevel | undefined {
  if (level === undefined || isLevel(level)) return level;
  const levels = Object.keys(order).join(", ");
  throw invalidOption("logLevel", `one of ${levels}`, level);
}

function levelFromEnvironment(): LogLevel | undefined {
  const value = environment("OPENCODE_LOG")?.toLowerCase();
  return isLevel(value) ? value : undefined;
}

function isLevel(value: unknown): value is LogLevel {
  return typeof value === "string" && Object.hasOwn(order, value);
}

/** An environment variable, also where there is no `process` (a browser has none). */
export function environment(name: string): string | undefined {
  return typeof process === "undefined" ? undefined : process.env?.[name];
}

// `console.error` is standard error on every runtime, and the developer tools in a browser.
const write = (level: string) => (message: string) => {
  // biome-ignore lint/suspicious/noConsole: the default sink of the log
  console.error(`[opencode-ts] ${level} ${message}`);
};
const standardError: Logger = {
  error: write("error"),
  warn: write("warn"),
  info: write("info"),
  debug: write("debug"),
};
