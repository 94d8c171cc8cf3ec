/** `opencode.approvals`: what waits for a decision, and the decisions. */
import { ConfigError, ConflictError, NotFoundError } from "../../errors/index.js";
import type { Approval, ApprovalStore, ApprovalsOptions } from "../../types/approval.js";
import { checkOptions } from "../../util/check-options.js";
import { invalidOption } from "../../util/invalid-option.js";
import { redact } from "../../util/redact.js";
import { changeApproval } from "./change.js";
import { expired, isForgotten, isOverdue } from "./entry.js";

const listNames = { all: true } satisfies Record<keyof ApprovalsOptions, true>;

/** The entries without a decision, or all, oldest first. Removes those that were decided or over long ago. */
export async function listApprovals(store: ApprovalStore, options: ApprovalsOptions = {}): Promise<Approval[]> {
  checkOptions(options, listNames, "approvals.list()");
  const { all = false } = options;
  if (typeof all !== "boolean") throw invalidOption("all", "true or false", all);
  const now = Date.now();
  const kept: Approval[] = [];
  for (const stored of await store.list({})) {
    const approval = isOverdue(stored, now) ? expired(stored) : stored;
    if (isForgotten(approval, now)) await store.delete(approval.id);
    else if (all || approval.state === "pending") kept.push(approval);
  }
  return kept.sort((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : a.id < b.id ? -1 : 1));
}

/** A decision, and who makes it. */
export type ApprovalDecision =
  | { readonly state: "approved"; readonly by: unknown }
  | { readonly state: "denied"; readonly reason: unknown; readonly by: unknown };

/** Decides. Rejects with `ConfigError`, `NotFoundError` and `ConflictError`. */
export async function decideApproval(store: ApprovalStore, id: string, decision: ApprovalDecision): Promise<Approval> {
  const { by, state } = decision;
  if (typeof id !== "string" || !id.startsWith("apr_")) {
    throw new ConfigError(`the id of an approval begins with "apr_"; got ${JSON.stringify(id)}`, {
      hint: "It is in ApprovalPendingError.approvalId; approvals.list() lists them.",
    });
  }
  if (by !== undefined && (typeof by !== "string" || by.trim() === "")) {
    throw new ConfigError(`who decides is a text that is not empty; got ${JSON.stringify(by)}`);
  }
  const reason = decision.state === "denied" ? decision.reason : undefined;
  if (state === "denied" && (typeof reason !== "string" || reason.trim() === "")) {
    throw new ConfigError(`the reason of a refusal is a text that is not empty; got ${JSON.stringify(reason)}`, {
      hint: "The agent receives it, and goes on.",
    });
  }
  let isOurs = false;
  const approval = await changeApproval(store, id, (stored) => {
    isOurs = stored.state === "pending" && !isOverdue(stored);
    if (isOverdue(stored)) return expired(stored);
    if (!isOurs) return undefined;
    return {
      ...stored,
      state,
      decidedAt: new Date().toISOString(),
      ...(typeof by === "string" ? { decidedBy: by } : {}),
      ...(typeof reason === "string" ? { reason } : {}),
    };
  });
  if (approval === undefined) {
    throw new NotFoundError(`there is no approval ${id}`, {
      status: 404,
      hint: "approvals.list({ all: true }) lists those that are there. Is it another store?",
    });
  }
  if (!isOurs) throw conflict(approval);
  return approval;
}

function conflict(approval: Approval): ConflictError {
  const { id, state, decidedAt, decidedBy, request } = approval;
  const who = decidedBy === undefined ? "" : ` by ${redact(decidedBy)}`;
  const when = decidedAt === undefined ? "" : ` at ${decidedAt}`;
  return new ConflictError(`the approval ${id} is ${state}${who}${when}`, {
    status: 409,
    sessionId: request.sessionId,
    hint: "An approval is decided once.",
  });
}
