/** Log lines with levels, and the one place that takes credentials out of them. */

/** From nothing to everything. */
export type LogLevel = "off" | "error" | "warn" | "info" | "debug";

/** Where log lines go; `console` and pino fit. */
export interface Logger {
  error(message: string): void;
  warn(message: string): void;
  info(message: string): void;
  debug(message: string): void;
}

const order: Readonly<Record<LogLevel, number>> = { off: 0, error: 1, warn: 2, info: 3, debug: 4 };

/** A logger that drops what is below its level and redacts the rest. */
export interface LevelLogger extends Logger {
  /** True when a `debug` line would be written: guards lines that cost something to make. */
  readonly isDebug: boolean;
}

export interface LoggerOptions {
  readonly logger?: Logger | undefined;
  readonly logLevel?: LogLevel | undefined;
}

/** Level by option, then by `OPENCODE_LOG`, then `"warn"`; lines to `logger`, otherwise to standard error. */
export function createLogger({ logger, logLevel }: LoggerOptions = {}): LevelLogger {
  const level = order[logLevel ?? levelFromEnvironment() ?? "warn"];
  const target = logger ?? standardError;
  const at = (name: "error" | "warn" | "info" | "debug") => (message: string) => {
    if (order[name] <= level) target[name](redact(message));
  };
  return { error: at("error"), warn: at("warn"), info: at("info"), debug: at("debug"), isDebug: level >= order.debug };
}

function levelFromEnvironment(): LogLevel | undefined {
  const value = environment("OPENCODE_LOG")?.toLowerCase();
  return value !== undefined && value in order ? (value as LogLevel) : undefined; // checked by `in`
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

const secrets: readonly [RegExp, string][] = [
  [/\b(basic|bearer)\s+[\w+/=.~-]{6,}/gi, "$1 [redacted]"],
  [/(\/\/)[^/\s:@]+:[^/\s@]+@/g, "$1[redacted]@"],
  [
    // Nothing optional before the names: with it, a long word would take time in the square of its length.
    /((?:authorization|password|passwd|secret|api[_-]?key|auth[_-]?token|access[_-]?token|token)["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s,;&}]+)/gi,
    "$1[redacted]",
  ],
  [/\b(sk|ghp|gho|ghs|xox[abp])[-_][\w-]{10,}/g, "[redacted]"],
];

/** The text without anything that looks like a credential. */
export function redact(text: string): string {
  return secrets.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}
