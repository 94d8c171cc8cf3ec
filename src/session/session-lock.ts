/** One turn at a time per session, whatever object it is asked through. */
import { SessionBusyError } from "../errors/index.js";
import { raceAbort } from "../util/abort.js";
import type { Connection } from "./context.js";

/** The last in line for each session; a session that nobody waits for is forgotten. */
const tails = new Map<string, Promise<void>>();

export interface LockOptions {
  readonly whenBusy: "queue" | "reject";
  readonly signal?: AbortSignal | undefined;
}

/** The key of a session's line: sessions of two servers are two. */
export function lockKey({ client }: Connection, sessionId: string): string {
  return `${client.baseUrl} ${sessionId}`;
}

/**
 * Resolves when all earlier work for `key` has ended, to the function that lets the next one begin. The place in line is taken synchronously.
 * Rejects with `SessionBusyError` for `"reject"` while there is any, and with the signal's reason when it aborts while waiting.
 */
export async function acquireSessionLock(key: string, options: LockOptions): Promise<() => void> {
  const before = tails.get(key);
  if (before !== undefined && options.whenBusy === "reject") {
    throw new SessionBusyError("another turn of this session is running", {
      status: 409,
      sessionId: key.slice(key.lastIndexOf(" ") + 1),
      hint: 'Wait for it, or leave out whenBusy: "reject".',
    });
  }
  let leave = (): void => {};
  const place = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const tail = (before ?? Promise.resolve()).then(() => place);
  tails.set(key, tail);
  void tail.then(() => {
    if (tails.get(key) === tail) tails.delete(key);
  });
  try {
    if (before !== undefined) await raceAbort(before, options.signal);
    return leave;
  } catch (error) {
    leave();
    throw error;
  }
}

/** The prompts that are being run in this process, and by which client. */
class ActivePrompts {
  readonly #owners = new Map<string, Set<object>>();

  /** Until the result is called. */
  enter(place: string, messageId: string, owner: object): () => void {
    const key = `${place} ${messageId}`;
    const owners = this.#owners.get(key) ?? new Set();
    this.#owners.set(key, owners.add(owner));
    return () => {
      owners.delete(owner);
      if (owners.size === 0) this.#owners.delete(key);
    };
  }

  /** Is this prompt run, and not by this client? */
  isOthers(place: string, messageId: string, client: object): boolean {
    const owners = this.#owners.get(`${place} ${messageId}`);
    return owners !== undefined && !owners.has(client);
  }
}

/** The prompts of this process. */
export const activePrompts: ActivePrompts = new ActivePrompts();
