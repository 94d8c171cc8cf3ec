/** Decisions about permission requests: who makes them, and how they are recorded. */
import type { CallbackContext, PermissionRequest } from "./request.js";

/**
 * The decider of a permission request: the limit of repetition (`maxRepeats`), a hook, `confineTo`, the server's own rules, the rules of a `permissionMode` or
 * `permission`, an earlier `"always"`, the `reviewer`, `onPermission`, `opencode.reply()`, a stored approval, a limit of
 * sub-agents (`maxSubagents`, `maxDepth`), or nobody (which refuses).
 */
export type DecidedBy =
  | "loop"
  | "hook"
  | "confineTo"
  | "server"
  | "rules"
  | "remembered"
  | "reviewer"
  | "onPermission"
  | "reply"
  | "maxSubagents"
  | "maxDepth"
  | "approval"
  | "nobody";

/** One decision. An audit file has one JSON object a line. */
export interface AuditEntry {
  /** Time of the decision: ISO 8601, UTC. */
  readonly time: string;
  /** The session that asked. */
  readonly sessionId: string;
  /** Session ids from the root session to the session that asked. */
  readonly chain: readonly string[];
  /** Id of the permission request. */
  readonly requestId: string;
  /** Name of the permission, for example `"bash"`. */
  readonly permission: string;
  /** Subjects of the request (command lines, paths …), without credentials. */
  readonly patterns: readonly string[];
  /** Name of the tool, if known. */
  readonly tool?: string | undefined;
  /** The agent that asked, if known. */
  readonly agent?: string | undefined;
  /** Directory of the session, if known. */
  readonly directory?: string | undefined;
  /** The decision. */
  readonly decision: "allow" | "refuse";
  /** The decider. */
  readonly by: DecidedBy;
  /** Reason of the decision, without credentials. The agent receives it with a refusal. */
  readonly reason: string;
  /** Id of the stored approval, with `by: "approval"`. */
  readonly approvalId?: string | undefined;
  /** Who has decided about the stored approval, if `approve()` or `deny()` was told. */
  readonly decidedBy?: string | undefined;
}

/**
 * Records decisions. A sink that throws, or that takes longer than `callbackTimeout`, turns the decision into a refusal: no
 * permission is granted without its record.
 */
export type AuditSink = (entry: AuditEntry) => void | Promise<void>;

/** Decision of a reviewer. `undefined` leaves the request to `onPermission`. */
export type ReviewReply =
  | "allow"
  | {
      /** Refuses, with this reason for the agent. */
      readonly reject: string;
    }
  | undefined;

/** Decides requests that no rule decides, before `onPermission`. An exception or any unknown reply refuses. */
export type ReviewFunction = (
  request: PermissionRequest,
  context: CallbackContext,
) => ReviewReply | Promise<ReviewReply | string>;

/**
 * A model as reviewer. Each review runs in a session of its own, without tools. The model sees the request (tool, command,
 * paths, diff), never the conversation. Any reply but a clear yes refuses; so does an error, a review over `timeout`, and a
 * review beyond `maxReviews`.
 */
export interface ReviewModel {
  /** `"provider/model"`. */
  readonly model: string;
  /** Instructions for the model: requests to allow, and requests to refuse. */
  readonly rubric: string;
  /** Limit of one review, in ms. @default 30_000 */
  readonly timeout?: number | undefined;
  /** Limit of reviews in one turn. Further requests are refused. @default 20 */
  readonly maxReviews?: number | undefined;
  /** Limit of all reviews of one turn, in USD. Further requests are refused. @default none */
  readonly maxCost?: number | undefined;
}

/** Decides requests that no rule decides: a function, or a model with a rubric. */
export type Reviewer = ReviewFunction | ReviewModel;
