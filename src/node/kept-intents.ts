/** The notices that a kept server tells for processes that have died. Loaded with the first one. */
import type { KeptPlace } from "../daemon/registry.js";
import type { IntentStore } from "../session/settled/intent.js";

/** Opens the store of a kept server. */
export function intentsOf(place: KeptPlace): () => Promise<IntentStore> {
  return async () => (await import("../daemon/intent-files.js")).intentFiles(place);
}
