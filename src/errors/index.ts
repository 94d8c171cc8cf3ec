/**
 * Every error this package throws. One shallow tree under {@link OpencodeError}: `name` is the class name, `code` a
 * stable string, and everything known about the failure is a field. `TypeError` is thrown for nothing but wrong use of
 * JavaScript itself.
 */
export * from "./agent.js";
export * from "./any-error.js";
export { type ErrorFacts, OpencodeError } from "./base.js";
export * from "./codes.js";
export * from "./http.js";
export * from "./server.js";
export * from "./usage.js";
