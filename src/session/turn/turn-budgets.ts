/** The budgets that bind one turn beside its own limits: that of its session and that of its client. */
import { type ReadOptions, retryTransient } from "../../client/retry-transient.js";
import type { BudgetExceededError } from "../../errors/index.js";
import type { AssistantMessage } from "../../types/answer.js";
import type { Spending } from "../../types/budget.js";
import type { ClientBudget } from "../budget/client-budget.js";
import { knownRecord, noteSpending, type SpendingLook } from "../budget/session-spending.js";
import { type Account, nothing, plus, spendingOf, usedUp } from "../budget/spending.js";
import type { DirectoryContext } from "../context.js";
import type { TurnContext } from "./turn-context.js";
import type { TurnRequest } from "./turn-request.js";

/** A turn during one of its runs. */
export interface RunContext extends TurnContext {
  readonly budgets: TurnBudgets;
}

/** What the budgets of one run are made from. */
interface TurnBudgetParts {
  readonly sessionId: string;
  /** Id of the run's prompt. */
  readonly prompt: string;
  readonly client: ClientBudget | undefined;
  readonly look: SpendingLook | undefined;
  /** The use of the prompt that the client knew before the look. */
  readonly before: Spending;
  readonly note: (signal: AbortSignal) => Promise<unknown>;
}

/** What was used before a run, and what the run may use. */
export class TurnBudgets {
  readonly #sessionId: string;
  readonly #prompt: string;
  readonly #client: ClientBudget | undefined;
  /** `undefined` where only the client has a budget, and nothing of the run was stored before. */
  readonly #look: SpendingLook | undefined;
  readonly #before: Spending;
  readonly #note: (signal: AbortSignal) => Promise<unknown>;

  constructor({ sessionId, prompt, client, look, before, note }: TurnBudgetParts) {
    this.#sessionId = sessionId;
    this.#prompt = prompt;
    this.#client = client;
    this.#look = look;
    this.#before = before;
    this.#note = note;
  }

  /** Notes in the session what was used: messages of the run are going to be removed. */
  async note(signal: AbortSignal): Promise<void> {
    if (this.#look?.record !== undefined) await this.#note(signal);
  }

  /** There is a budget. */
  get isAny(): boolean {
    return this.#client !== undefined || this.#look?.record !== undefined;
  }

  /** The error for a run that is to begin, when nothing is left for it. */
  refusal(): BudgetExceededError | undefined {
    return this.#usedUp([], false);
  }

  /** The error for a run that goes on with nothing left. */
  exceeded(steps: readonly AssistantMessage[]): BudgetExceededError | undefined {
    return this.#usedUp(this.#uncounted(steps), true);
  }

  /** Tells the client of the run's steps until now. */
  report(steps: readonly AssistantMessage[]): void {
    this.#client?.report(this.#prompt, plus(this.#before, spendingOf(this.#uncounted(steps))));
  }

  /** Calls the listener when another turn has used something of the client's budget, until the result is called. */
  watch(listener: () => void): () => void {
    return this.#client?.watch(listener) ?? (() => {});
  }

  /** Steps that were stored before the run was followed are in what was spent before. */
  #uncounted(steps: readonly AssistantMessage[]): readonly AssistantMessage[] {
    const counted = this.#look?.counted;
    return counted === undefined ? steps : steps.filter(({ id }) => !counted.has(id));
  }

  #usedUp(steps: readonly AssistantMessage[], during: boolean): BudgetExceededError | undefined {
    const record = this.#look?.record;
    const accounts: Account[] = [];
    if (this.#look !== undefined && record !== undefined) {
      const spent = plus(this.#look.spent, spendingOf(steps));
      accounts.push({ scope: "session", limits: record.limits, spent });
    }
    if (this.#client !== undefined) accounts.push(this.#client.account);
    for (const account of accounts) {
      const error = usedUp(account, during, this.#sessionId);
      if (error !== undefined) return error;
    }
    return undefined;
  }
}

/**
 * Reads what is left for a run. A prompt that is stored already is followed in any case: its answer may be there.
 * @throws BudgetExceededError when nothing is left for a new one.
 */
export async function turnBudgets(
  {
    session,
    scope,
    retryOptions,
  }: Pick<TurnContext, "session" | "retryOptions"> & { readonly scope: Pick<DirectoryContext, "api"> },
  { messageId, isFree }: Pick<TurnRequest, "messageId" | "isFree">,
  isStored: boolean,
): Promise<TurnBudgets> {
  const { connection, sessionId, isFresh } = session;
  const { client: clientBudget } = connection.budgets;
  const noted = (call: ReadOptions) => noteSpending(session, scope.api, call);
  const note = (signal: AbortSignal) => retryTransient(noted, { ...retryOptions, signal });
  const own = { sessionId, prompt: messageId, note };
  if (isFree === true) return new TurnBudgets({ ...own, client: undefined, look: undefined, before: nothing });
  const known = (call: ReadOptions) => knownRecord(session, scope.api, call);
  const record = isFresh ? undefined : await retryTransient(known, retryOptions);
  const isLooked = record !== undefined || (isStored && clientBudget !== undefined);
  const before = (isLooked ? clientBudget?.spentBy(messageId) : undefined) ?? nothing; // what the look finds is not added to it
  const look = isLooked ? await retryTransient(noted, retryOptions) : undefined;
  const budgets = new TurnBudgets({ ...own, client: clientBudget, look, before });
  const refusal = isStored ? undefined : budgets.refusal();
  if (refusal !== undefined) throw refusal;
  return budgets;
}
