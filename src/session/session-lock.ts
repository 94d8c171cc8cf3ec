/** One turn at a time per session, whatever object it is asked through. */
import { SessionBusyError } from "../errors/index.js";
import { processWide } from "../util/process-wide.js";
import type { Connection } from "./context.js";

export { enterTurn } from "./reload-gate.js";

/** The last in line for each session, of all copies of this package; a session that nobody waits for is forgotten. */
const tails = processWide("session-lock", 1, () => new Map<string, Promise<void>>());

/** The key of a session's line: sessions of two servers are two. */
export function lockKey({ client }: Connection, sessionId: string): string {
  return `${client.baseUrl} ${sessionId}`;
}

/** A place in line. */
export interface LockPlace {
  /** Resolves when all earlier work has ended; `undefined` when there is none. */
  readonly before: Promise<void> | undefined;
  /** Lets the next one begin. */
  readonly leave: () => void;
}

/** Takes the next place in the line of `key`, at once. Throws `SessionBusyError` for `"reject"` while there is any earlier work. */
export function takePlace(key: string, whenBusy: "queue" | "reject"): LockPlace {
  const before = tails.get(key);
  if (before !== undefined && whenBusy === "reject") {
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
  return { before, leave };
}

/** The prompts that are being run in this process, by whichever copy of this package, and by which client. */
class ActivePrompts {
  readonly #owners = processWide("active-prompts", 1, () => new Map<string, Set<object>>());

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
