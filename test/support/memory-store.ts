/** A store of approvals as an application has one, in memory. */
import type { Approval, ApprovalStore } from "../../src/index.js";

/** A new one, without entries. */
export function memoryStore(): ApprovalStore {
  const entries = new Map<string, Approval>();
  return {
    add: async (approval) => void entries.set(approval.id, approval),
    get: async (id) => entries.get(id),
    list: async () => [...entries.values()],
    replace: async (approval, version) => {
      if (entries.get(approval.id)?.version !== version) return false;
      entries.set(approval.id, approval);
      return true;
    },
    delete: async (id) => void entries.delete(id),
  };
}
