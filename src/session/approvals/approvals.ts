/** The approvals of a store, for applications. The code that decides loads with the first call. */
import type { Approval, ApprovalStore, Approvals } from "../../types/approval.js";
import { invalidOption } from "../../util/invalid-option.js";
import type { ApprovalDecision } from "./decide.js";

/** The approvals of the store that `open` gives. */
export function approvalsOf(open: () => Promise<ApprovalStore>): Approvals {
  const load = () => import("./decide.js");
  const decide = async (id: string, decision: ApprovalDecision): Promise<Approval> =>
    (await load()).decideApproval(await open(), id, decision);
  return {
    list: async (options) => (await load()).listApprovals(await open(), options),
    approve: (id, by) => decide(id, { state: "approved", by }),
    deny: (id, reason, by) => decide(id, { state: "denied", reason, by }),
  };
}

const methods = ["add", "get", "list", "replace", "delete"] satisfies (keyof ApprovalStore)[];

/** Throws `ConfigError` for a value that is no store. */
export function checkApprovalStore(store: unknown): void {
  if (store === undefined) return;
  const isStore =
    typeof store === "object" &&
    store !== null &&
    methods.every((method) => typeof Reflect.get(store, method) === "function");
  if (!isStore) throw invalidOption("approvalStore", `an object with the methods ${methods.join(", ")}`, store);
}
