/**
 * What a session has used, with its sub-agents: computed from the stored messages, so that it is right after a crash of anybody. The
 * record in the session's metadata adds what messages that are gone have cost: everything that was there at the last look and is not
 * there now. Two processes that look at once come to the same.
 */
import type { AgentApi } from "../../api/agent-api.js";
import type { ApiCall } from "../../api/inputs.js";
import type { ReadOptions } from "../../client/retry-transient.js";
import { BadRequestError } from "../../errors/index.js";
import type { AssistantMessage, SessionInfo } from "../../types/answer.js";
import type { Spending } from "../../types/budget.js";
import type { SessionContext } from "../context.js";
import { treeMessages } from "../history/tree-messages.js";
import { type BudgetRecord, recordOf, type SeenSpending, withRecord } from "./budget-record.js";
import { atLeast, isSame, minus, nothing, plus, spendingOf } from "./spending.js";

/** The use of a session at one moment. */
export interface SpendingLook {
  /** `undefined` for a session without a budget. */
  readonly record: BudgetRecord | undefined;
  readonly spent: Spending;
  /** Ids of the steps that have ended, and so are in `spent` with all they have used. */
  readonly counted: ReadonlySet<string>;
}

/** The session's record; `undefined` for a session without a budget. No request is made for a session that is known. */
export async function knownRecord(
  { connection, sessionId }: Pick<SessionContext, "connection" | "sessionId">,
  api: AgentApi,
  call?: ApiCall,
): Promise<BudgetRecord | undefined> {
  const known = connection.budgets.records.of(sessionId);
  if (known !== undefined) return known === "none" ? undefined : known;
  return connection.budgets.records.learn(await api.sessions.get(sessionId, call));
}

/** Reads it. Changes nothing. */
export async function readSpending(
  { connection, sessionId }: SessionContext,
  api: AgentApi,
  call: ApiCall = {},
): Promise<SpendingLook> {
  const record = connection.budgets.records.learn(await api.sessions.get(sessionId, call));
  const infos = await treeMessages(api, sessionId, call);
  const ended = infos.filter(({ time }) => time.completed !== undefined);
  const stored = spendingOf(ended);
  const counted = new Set(ended.map(({ id }) => id));
  if (record === undefined) return { record, spent: stored, counted };
  const { seen } = record;
  const still = spendingOf(ended.filter(({ time }) => time.created <= seen.at));
  const gone = plus(record.gone, atLeast(minus(seen, still), nothing));
  const next = { ...record, gone, seen: { ...stored, at: newest(ended, seen.at) } };
  return { record: next, spent: plus(gone, stored), counted };
}

/**
 * Reads it, and notes in the session's metadata how far it has come. Before a prompt, a copy and a deletion: what then goes is known to
 * have been there.
 */
export async function noteSpending(session: SessionContext, api: AgentApi, call?: ReadOptions): Promise<SpendingLook> {
  const look = await readSpending(session, api, call);
  if (look.record !== undefined) await storeRecord(session, api, look.record, call);
  return look;
}

/**
 * The session with all that it has used in its record. For a document, which lacks messages that count: those of sub-agents, and those that a
 * revert hides.
 */
export async function withSpending(session: SessionContext, api: AgentApi, info: SessionInfo): Promise<SessionInfo> {
  if (session.connection.budgets.records.learn(info) === undefined) return info;
  const { record } = await readSpending(session, api);
  return record === undefined ? info : { ...info, metadata: withRecord(info.metadata, record) };
}

/** Writes the record, unless the session has it. The server replaces all metadata (1.18.33): the others are read just before. */
export async function storeRecord(
  { connection, sessionId }: Pick<SessionContext, "connection" | "sessionId">,
  api: AgentApi,
  record: BudgetRecord,
  call?: ApiCall,
): Promise<void> {
  const info = await api.sessions.get(sessionId, call);
  const stored = recordOf(info);
  if (stored === undefined || !isSameRecord(stored, record)) {
    const metadata = withRecord(info.metadata, record);
    await api.sessions.update(sessionId, { metadata }, call).catch((error: unknown) => {
      if (!(error instanceof BadRequestError)) throw error; // a server without metadata
    });
  }
  connection.budgets.records.set(sessionId, record);
}

function isSameRecord(one: BudgetRecord, other: BudgetRecord): boolean {
  const isSameLook = (seen: SeenSpending): boolean => seen.at === other.seen.at && isSame(seen, other.seen);
  return isSame(one.gone, other.gone) && isSameLook(one.seen) && isSameLimits(one, other);
}

function isSameLimits({ limits: one }: BudgetRecord, { limits: other }: BudgetRecord): boolean {
  return one.cost === other.cost && one.tokens === other.tokens && one.steps === other.steps;
}

function newest(infos: readonly AssistantMessage[], since: number): number {
  return infos.reduce((latest, { time }) => Math.max(latest, time.created), since);
}
