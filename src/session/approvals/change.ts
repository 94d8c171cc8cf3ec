/** Changes of stored approvals: by compare-and-set, so that of several processes one wins. */
import { InternalServerError } from "../../errors/index.js";
import type { Approval, ApprovalStore } from "../../types/approval.js";

/** Each time that it fails somebody else has succeeded: more are a store that compares nothing. */
const mostTries = 100;

/**
 * Changes an entry by `change`, which is given the stored one and may be called again; `undefined` leaves it. Resolves to the entry
 * afterwards; `undefined` for one that is not there.
 */
export async function changeApproval(
  store: ApprovalStore,
  id: string,
  change: (approval: Approval) => Approval | undefined,
): Promise<Approval | undefined> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const stored = await store.get(id);
    const next = stored === undefined ? undefined : change(stored);
    if (stored === undefined || next === undefined) return stored;
    const changed = { ...next, version: stored.version + 1 };
    if (await store.replace(changed, stored.version)) return changed;
  }
  throw new InternalServerError(`the store of approvals has refused ${mostTries} changes of ${id}`, {
    hint: "Does its replace() compare the version with the stored one?",
  });
}
