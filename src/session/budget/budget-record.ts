/**
 * The budget of a session as its metadata has it, so that it holds for every process. Beside the limits it has what messages that are
 * gone have cost: a revert or a deletion gives nothing back.
 */
import type { SessionInfo } from "../../types/answer.js";
import type { BudgetLimits, Spending } from "../../types/budget.js";
import type { SessionDescription } from "../../types/document.js";
import { type JsonRecord, numberProperty, recordProperty } from "../../util/json.js";
import { LruMap } from "../../util/lru-map.js";
import { amounts, nothing } from "./spending.js";

/** Under this name the record stands in `metadata`. */
export const recordName = "opencode-ts:budget";
/** Sessions that are remembered; a forgotten one is read again. */
const mostSessions = 10_000;
/** A session that is older (ms) and has no record gets none: that of a copy is written right after the copy is made. */
const longestBirth = 60_000;

/** What was stored when the session was last looked at. */
export interface SeenSpending extends Spending {
  /** When the newest message of them was made, in ms since 1970. */
  readonly at: number;
}

/** One session's budget. */
export interface BudgetRecord {
  readonly limits: BudgetLimits;
  /** The use that no stored message tells any more. Below 0 for a copy, whose messages came with it. */
  readonly gone: Spending;
  readonly seen: SeenSpending;
}

/** A session that has used nothing. */
export function newRecord(limits: BudgetLimits): BudgetRecord {
  return { limits, gone: nothing, seen: { at: 0, ...nothing } };
}

/** `undefined` for a session without a budget. */
export function recordOf({ metadata }: Pick<SessionDescription, "metadata">): BudgetRecord | undefined {
  const record = recordProperty(metadata, recordName);
  if (record === undefined) return undefined;
  const stored = recordProperty(record, "limits");
  const limits: Partial<Record<keyof Spending, number>> = {};
  for (const name of amounts) {
    const limit = numberProperty(stored, name);
    if (limit !== undefined) limits[name] = limit;
  }
  const seen = recordProperty(record, "seen");
  return {
    limits,
    gone: spending(recordProperty(record, "gone")),
    seen: { at: numberProperty(seen, "at") ?? 0, ...spending(seen) },
  };
}

/** The metadata with the record in it. */
export function withRecord(metadata: SessionInfo["metadata"], record: BudgetRecord): Readonly<Record<string, unknown>> {
  return { ...metadata, [recordName]: record };
}

function spending(record: JsonRecord | undefined): Spending {
  const amount = (name: keyof Spending): number => numberProperty(record, name) ?? 0;
  return { cost: amount("cost"), tokens: amount("tokens"), steps: amount("steps") };
}

/** The records that one connection has read. A session is born with its budget, or never has one. */
export class BudgetRecords {
  readonly #known = new LruMap<string, BudgetRecord | "none">(mostSessions);

  /** Takes in what the server says of a session. What a session has lost since, for example to another program, is still known here. */
  learn(info: SessionInfo): BudgetRecord | undefined {
    const known = this.of(info.id);
    const record = recordOf(info) ?? (known === "none" ? undefined : known);
    const created = numberProperty(info.time, "created") ?? Date.now(); // one of no known age is read again
    if (record !== undefined || Date.now() - created > longestBirth) this.set(info.id, record);
    return record;
  }

  /** Takes in a session that was made here. */
  made(info: SessionInfo): void {
    this.set(info.id, recordOf(info));
  }

  /** Notes what was written. */
  set(sessionId: string, record: BudgetRecord | undefined): void {
    this.#known.set(sessionId, record ?? "none");
  }

  /** `"none"` for a session without a budget; `undefined` for one that was not read. */
  of(sessionId: string): BudgetRecord | "none" | undefined {
    return this.#known.get(sessionId);
  }
}
