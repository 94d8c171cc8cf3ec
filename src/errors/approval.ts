/** A turn that waits for a decision of a person. */
import type { ApprovalRequest } from "../types/approval.js";
import { type ErrorFacts, OpencodeError } from "./base.js";

/** The agent asks for a permission, and nobody has decided within `parkAfter` ms. The run waits on its server. */
export class ApprovalPendingError extends OpencodeError {
  override readonly name = "ApprovalPendingError";
  override readonly code = "approval_pending";
  static override readonly hint: string | undefined =
    "Decide with opencode.approvals, then ask the same again on this session with { messageId: error.request.messageId }.";
  /** Id of the entry, for `opencode.approvals`. */
  declare readonly approvalId: string;
  /** The permission request. */
  declare readonly request: ApprovalRequest;
  constructor(message: string, facts: ErrorFacts & Pick<ApprovalPendingError, "approvalId" | "request">) {
    super(message, facts);
  }
}
