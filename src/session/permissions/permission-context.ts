/** The permission context of one connection. */
import { ConfigError } from "../../errors/index.js";
import { ApprovalCache } from "../../permissions/policy/approvals.js";
import type { ApprovalStore } from "../../types/approval.js";
import type { ReviewFunction } from "../../types/decision.js";
import { approvalsOf } from "../approvals/approvals.js";
import type { Connection, PermissionContext } from "../context.js";
import { SessionRuleLedger } from "./rule-ledger.js";

/** What holds on the server from its start, and what only the Node entry can do. */
export type GivenPermissionContext = Omit<
  Partial<PermissionContext>,
  "approvals" | "borrowed" | "review" | "stored" | "usedApprovalStore"
>;

/**
 * Makes the context of a connection: nothing is approved in it, and its reviewers ask over the connection. `store`: the application's
 * own store of approvals.
 */
export function permissionContext(
  connection: Connection,
  given: GivenPermissionContext = {},
  store?: ApprovalStore | undefined,
): PermissionContext {
  const open = store === undefined ? (given.openApprovalStore ?? noStore) : async () => store;
  let isUsed = store !== undefined;
  const openApprovalStore = (): Promise<ApprovalStore> => {
    isUsed = true;
    return open();
  };
  return {
    ...given,
    inForce: given.inForce ?? { isGuarded: false },
    openApprovalStore,
    usedApprovalStore: () => (isUsed || connection.defaults.onPermission === "park" ? open() : undefined),
    stored: approvalsOf(openApprovalStore),
    approvals: new ApprovalCache({ realpath: given.realpath }),
    borrowed: new SessionRuleLedger(),
    review: (scope, spec) => {
      let review: Promise<ReviewFunction> | undefined;
      return async (request, context) => {
        review ??= import("../model-reviewer.js").then(({ modelReview }) => modelReview(connection, scope, spec));
        return (await review)(request, context);
      };
    },
  };
}

async function noStore(): Promise<ApprovalStore> {
  throw new ConfigError("there is no store of approvals here: there is no file system", {
    hint: "Give createOpencode() an `approvalStore`; docs/approvals.md has the interface.",
  });
}
