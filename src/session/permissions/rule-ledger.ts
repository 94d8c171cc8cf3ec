/**
 * Sessions that have rules of an agent among their own. A session's list can only grow (1.18.33): to take back the rules of
 * one turn, what its agent has is said to the session, where it would overrule the rules of another agent.
 */
import type { PermissionRule } from "../../types/answer.js";
import { LruMap } from "../../util/lru-map.js";

/** What is known of such a session. */
export interface LedgerEntry {
  /** Whose rules they are. */
  readonly agent: string;
  /** The session's own rules, without any agent's. */
  readonly own: readonly PermissionRule[];
  /** Rules of every agent that do not count in this session. */
  readonly lifted: readonly PermissionRule[];
  /** How long the session's list was then: what stands behind was said later, and is its own too. */
  readonly length: number;
}

/** A forgotten session may be looser for other agents, so many are kept; each has some dozen rules. */
const mostSessions = 10_000;

/** By session id; in memory, as long as the connection lives. */
export class SessionRuleLedger {
  readonly #sessions = new LruMap<string, LedgerEntry>(mostSessions);
  /** Rules of turns that are over and could not be taken back yet, by the session of the turn. */
  readonly left: Map<string, (readonly PermissionRule[])[]> = new Map();

  get(sessionId: string): LedgerEntry | undefined {
    return this.#sessions.get(sessionId);
  }

  set(sessionId: string, borrowed: LedgerEntry): void {
    this.#sessions.set(sessionId, borrowed);
  }

  /** The copy has the same rules. */
  share(sessionId: string, copyId: string): void {
    const known = this.get(sessionId);
    if (known !== undefined) this.set(copyId, known);
  }

  forget(sessionId: string): void {
    this.#sessions.delete(sessionId);
    this.left.delete(sessionId);
  }

  /** The session's own rules, given all that it has. */
  ownOf(sessionId: string, all: readonly PermissionRule[]): readonly PermissionRule[] {
    const known = this.get(sessionId);
    return known === undefined ? all : [...known.own, ...all.slice(known.length)];
  }
}
