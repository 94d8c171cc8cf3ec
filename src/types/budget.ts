/** Budgets: what a session or a client may use over all its turns. */

/** Limits over all turns, with sub-agents, repairs and compactions. At least one. */
export interface BudgetLimits {
  /** USD, by the server's price list. A model without a price costs 0. @default none */
  readonly cost?: number | undefined;
  /** Tokens of all kinds. @default none */
  readonly tokens?: number | undefined;
  /** Model steps. The summary of a compaction is none. @default none */
  readonly steps?: number | undefined;
}

/** Use of models. */
export interface Spending {
  /** USD, by the server's price list. */
  readonly cost: number;
  /** Tokens of all kinds. */
  readonly tokens: number;
  /** Model steps that have ended. The summary of a compaction is none. */
  readonly steps: number;
}

/** State of a budget. */
export interface BudgetStatus {
  /** Use until now. */
  readonly spent: Spending;
  /** The rest of each limit, at least 0. An amount without a limit is left out. A session has the limits of its client, too. */
  readonly left: BudgetLimits;
}
