/** Durable approvals: permission requests that wait in a store for a decision, which may come from any process. */
import type { PermissionRequest } from "./request.js";

/** A permission request as it is stored. Text that looks like a credential is removed. */
export interface ApprovalRequest extends PermissionRequest {
  /** Id of the prompt (`msg_…`). The same prompt under this id continues the turn. */
  readonly messageId: string;
}

/**
 * `"pending"`: nobody has decided. `"approved"`, `"denied"`: somebody has. `"expired"`: nobody has in time, which counts as a refusal.
 * `"withdrawn"`: the turn was aborted, or the request was answered in another way.
 */
export type ApprovalState = "pending" | "approved" | "denied" | "expired" | "withdrawn";

/** An entry of an {@link ApprovalStore}: JSON data. */
export interface Approval {
  /** Id of the entry (`apr_…`). */
  readonly id: string;
  /** State of the entry. */
  readonly state: ApprovalState;
  /** The permission request. */
  readonly request: ApprovalRequest;
  /** Time of the request: ISO 8601, UTC. */
  readonly createdAt: string;
  /** Time after which the entry counts as refused. Absent without an `approvalTimeout`. */
  readonly expiresAt?: string | undefined;
  /** Time of the decision. */
  readonly decidedAt?: string | undefined;
  /** Who has decided, as `approve()` and `deny()` were told. */
  readonly decidedBy?: string | undefined;
  /** Reason of a refusal. The agent receives it. */
  readonly reason?: string | undefined;
  /** Time when the agent was given the decision. A decision is given once. */
  readonly usedAt?: string | undefined;
  /** Number of the entry's change, from 1. {@link ApprovalStore.replace} compares it. */
  readonly version: number;
  /** Hash of permission, subjects, tool and input: a request that is repeated after the death of a server has the same. */
  readonly fingerprint: string;
}

/** Selects entries of a store. */
export interface ApprovalFilter {
  /** Only entries whose `request.chain` begins with this session. @default all sessions */
  readonly rootSessionId?: string | undefined;
}

/**
 * Keeps approvals. The package has one of files; an application can have one of a database. Every method may be called by many
 * processes at the same time. A method that rejects is called again later, or the permission request is refused.
 */
export interface ApprovalStore {
  /** Stores a new entry. Its `id` is new. */
  add(approval: Approval): Promise<void>;
  /** Resolves to the entry; `undefined` for an unknown id. */
  get(id: string): Promise<Approval | undefined>;
  /** Resolves to the entries in any order. May ignore the filter. */
  list(filter: ApprovalFilter): Promise<readonly Approval[]>;
  /**
   * Compare and set: replaces the entry of the same `id` if the stored one has this `version`, in one step. Resolves to false without a
   * change if it has another version, or is not there. Of several processes at most one gets true.
   */
  replace(approval: Approval, version: number): Promise<boolean>;
  /** Removes the entry. An unknown id is fine. */
  delete(id: string): Promise<void>;
}

/** Options of {@link Approvals.list}. */
export interface ApprovalsOptions {
  /** Includes entries that are decided, expired or withdrawn. @default false */
  readonly all?: boolean | undefined;
}

/** The approvals of a store. */
export interface Approvals {
  /** Lists the entries that wait for a decision, oldest first; with `all`, those with another state, too. */
  list(options?: ApprovalsOptions): Promise<Approval[]>;
  /**
   * Allows the tool call, once. `by` names who decides. Resolves to the entry when the decision is stored.
   * @throws {NotFoundError} for an unknown id.
   * @throws {ConflictError} for an entry that is decided, expired or withdrawn.
   * @throws {ConfigError} for a value of the wrong type.
   */
  approve(id: string, by?: string): Promise<Approval>;
  /** Refuses the tool call. The agent receives `reason`. Rejects as `approve()`. */
  deny(id: string, reason: string, by?: string): Promise<Approval>;
}
