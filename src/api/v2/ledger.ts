/** What is remembered of one server by all clients of it in this process. */
import type { OpencodeClient } from "../../client/client.js";
import { LruMap } from "../../util/lru-map.js";
import type { PromptInput } from "../inputs.js";
import { PriceList } from "./price-list.js";

/** A value of a session that turns have replaced. */
export interface Lent {
  /** What the session had. */
  readonly own: string;
  /** What it was given for turns, or may have been: an answer can be lost. */
  readonly lent: readonly string[];
}

/** What was done to a session for one turn. */
export interface SessionEntry {
  agent?: Lent | undefined;
  /** As one text: see `modelText`. */
  model?: Lent | undefined;
  /** The system text that the session has, or may have: an answer can be lost. `undefined` when nothing is known of it. */
  system?: { readonly text: string | undefined; readonly isSure: boolean } | undefined;
  /** The prompt of a turn that was found to be stored: another process has asked it, and may have left its settings. */
  joined?: PromptInput | undefined;
  /** The newest prompt that was handed over. */
  prompt?: string | undefined;
  /** The newest prompt that the server has taken. Sent again, it is to go on. */
  taken?: string | undefined;
  /** The newest steer that the server has taken, likewise. */
  takenSteer?: string | undefined;
  /** The step that has failed, of a prompt that is to go on behind it. */
  failed?: string | undefined;
}

/** Sessions that are remembered; of a forgotten one the next prompt reads what there is to know. */
const mostSessions = 10_000;

/** Open requests at the same time are few. */
const mostRequests = 1_000;

/** One server's. */
export class Ledger {
  readonly #sessions = new LruMap<string, SessionEntry>(mostSessions);
  /** Directories whose lists were seen complete. */
  readonly settled: Set<string> = new Set();
  /** Read with the lists of models. */
  readonly prices: PriceList = new PriceList();
  /** The sessions of open permission requests, by request: the list fails while a search asks (2.0 preview 1.18.18). */
  readonly asking: LruMap<string, string> = new LruMap(mostRequests);
  readonly #working = new Map<string, Promise<unknown>>();

  /** The entry of a session, made when there is none. */
  session(sessionId: string): SessionEntry {
    const entry = this.#sessions.get(sessionId) ?? {};
    this.#sessions.set(sessionId, entry);
    return entry;
  }

  /** Does the work when the work of the same key before it is over. Rejects as it does. */
  async inOrder<T>(key: string, work: () => Promise<T>): Promise<T> {
    const working = (this.#working.get(key) ?? Promise.resolve()).then(work);
    const over = working.catch(() => {}); // told to the caller
    this.#working.set(key, over);
    try {
      return await working;
    } finally {
      if (this.#working.get(key) === over) this.#working.delete(key);
    }
  }
}

const ledgers = new WeakMap<object, Ledger>();

/** The same for a client and its copies. */
export function ledgerOf({ liveness }: Pick<OpencodeClient, "liveness">): Ledger {
  const known = ledgers.get(liveness) ?? new Ledger();
  ledgers.set(liveness, known);
  return known;
}
