/** Decisions about what the agent asks: who makes them, and what is written down of them. */
import type { CallbackContext, PermissionRequest } from "./request.js";

/**
 * Who decided: a hook, `confineTo`, the server's own rules, the rules of a `permissionMode` or `permission`, an earlier
 * `"always"`, the `reviewer`, `onPermission`, `opencode.reply()`, or nobody (then it is refused).
 */
export type DecidedBy =
  | "hook"
  | "confineTo"
  | "server"
  | "rules"
  | "remembered"
  | "reviewer"
  | "onPermission"
  | "reply"
  | "nobody";

/** One decision, as it is written to an audit file: one JSON object a line. */
export interface AuditEntry {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly sessionId: string;
  /** From the root session to the one that asked. */
  readonly chain: readonly string[];
  readonly requestId: string;
  readonly permission: string;
  /** What it was about, without credentials. */
  readonly patterns: readonly string[];
  /** Name of the tool, where it is known. */
  readonly tool?: string | undefined;
  readonly agent?: string | undefined;
  readonly directory?: string | undefined;
  readonly decision: "allow" | "refuse";
  readonly by: DecidedBy;
  /** Why; what the agent is told when it is refused. Without credentials. */
  readonly reason: string;
}

/** Takes the decisions. One that throws, or is later than `callbackTimeout`, makes the decision a refusal: what must be written down is. */
export type AuditSink = (entry: AuditEntry) => void | Promise<void>;

/** What a reviewer says; `undefined` leaves it to `onPermission`. */
export type ReviewReply = "allow" | { readonly reject: string } | undefined;

/** Decides what rules leave open, before `onPermission`. Throwing, and anything it does not know, refuses. */
export type ReviewFunction = (
  request: PermissionRequest,
  context: CallbackContext,
) => ReviewReply | Promise<ReviewReply | string>;

/**
 * A model as reviewer: asked in a session of its own, without tools, for each request. It sees the request (tool, command,
 * paths, diff), never the conversation. Anything but a clear yes, an error, and running out of `timeout` or `maxReviews`
 * refuses.
 */
export interface ReviewModel {
  /** `"provider/model"`. */
  readonly model: string;
  /** What it is to allow and what not, in words. */
  readonly rubric: string;
  /** For one review, in ms. Default 30,000. */
  readonly timeout?: number | undefined;
  /** Reviews in one turn; more are refused. Default 20. */
  readonly maxReviews?: number | undefined;
  /** USD for all reviews of one turn; what comes after is refused. Default: none. */
  readonly maxCost?: number | undefined;
}

export type Reviewer = ReviewFunction | ReviewModel;
