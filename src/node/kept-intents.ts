/** The notices that a kept server tells for processes that have died. Loaded with the first one. */
import type { KeptFound } from "../daemon/find.js";
import type { IntentStore } from "../session/settled/intent.js";

/** Opens the store of a kept server; `undefined` when its supervisor tells none: an intent would stay there for good. */
export function intentsOf({ place, entry }: KeptFound): (() => Promise<IntentStore>) | undefined {
  if (entry.notices !== true) return undefined;
  return async () => (await import("../daemon/intent-files.js")).intentFiles(place);
}
