/**
 * Every error that this package throws: one shallow tree under {@link OpencodeError}. `name` is the class name, `code` a stable
 * string, and every known fact is a field. A `TypeError` always means misuse of JavaScript itself.
 */
export * from "./agent.js";
export * from "./any-error.js";
export * from "./approval.js";
export { type ErrorFacts, OpencodeError } from "./base.js";
export * from "./codes.js";
export * from "./http.js";
export * from "./server.js";
export * from "./usage.js";
