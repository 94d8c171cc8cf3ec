/** The types of the public API in one place, for files that name many of them. */
export type * from "./answer.js";
export type * from "./approval.js";
export type * from "./attachment.js";
export type * from "./budget.js";
export type * from "./decision.js";
export type * from "./event.js";
export type * from "./hook.js";
export type * from "./kept.js";
export type * from "./options.js";
export type * from "./policy.js";
export type * from "./prompt.js";
export type * from "./protocol.js";
export type * from "./request.js";
export type * from "./schema.js";
export type * from "./server.js";
export type * from "./session-options.js";
export type * from "./tool.js";
