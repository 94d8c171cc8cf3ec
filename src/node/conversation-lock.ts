/** The lock of a kept server's conversation: one process at a time uses it. */
import { join } from "node:path";
import type { KeptFound } from "../daemon/find.js";
import { type KeptPlace, markUse } from "../daemon/registry.js";
import { type LockOptions, type Release, takeLock } from "../process/file-lock.js";
import { unref } from "../util/delay.js";

/** A supervisor that hears of a use only at its beginning would end the server in the middle of a long turn; ms. */
const [shortestInterval, longestInterval] = [50, 1_000];

/** Takes the lock. Rejects with the reason of the `signal`. */
export function lockConversation({ folder }: KeptPlace, options: LockOptions = {}): Promise<Release> {
  return takeLock(join(folder, "conversation.lock"), options);
}

/** Takes the lock, and tells the supervisor of the use until it is released. */
export async function useConversation({ place, entry }: KeptFound, options: LockOptions): Promise<Release> {
  const release = await lockConversation(place, options);
  const liveness = setInterval(
    () => markUse(place),
    Math.min(longestInterval, Math.max(shortestInterval, entry.idleTimeout / 20)),
  );
  unref(liveness);
  return () => {
    clearInterval(liveness);
    markUse(place);
    release();
  };
}
