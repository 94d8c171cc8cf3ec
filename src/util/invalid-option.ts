/** The one sentence for a wrong option. */
import { ConfigError } from "../errors/index.js";
import { kindOf } from "./kind-of.js";
import { redact } from "./redact.js";

/** UTF-16 units of a text that are shown. */
const longest = 80;

/**
 * "Expected the `timeout` option to be a number of milliseconds above 0, got `-1` (number)". `expected` fits behind "to be". Of
 * an object only the kind is told; `"hidden"` keeps back a value that may be a secret.
 */
export function invalidOption(
  name: string,
  expected: string,
  value: unknown,
  facts: ConstructorParameters<typeof ConfigError>[1] & { readonly hidden?: true } = {},
): ConfigError {
  const { hidden, ...rest } = facts;
  const got = hidden === true ? `a value of type ${kindOf(value)}` : shown(value);
  return new ConfigError(`Expected the \`${name}\` option to be ${expected}, got ${got}`, rest);
}

/** Throws `ConfigError` for what is no signal. By its shape: that of another realm (jsdom, an iframe) is none of ours by `instanceof`. */
export function checkSignal(signal: AbortSignal | undefined): void {
  if (signal === undefined || (typeof signal?.aborted === "boolean" && typeof signal.addEventListener === "function"))
    return;
  throw invalidOption("signal", "an AbortSignal", signal);
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return `\`${value}\``;
  if (typeof value === "object" || typeof value === "function") return kindOf(value);
  const text = typeof value === "string" ? redact(JSON.stringify(value.slice(0, longest))) : String(value);
  return `\`${text}\` (${typeof value})`;
}
