/** The budgets of one connection. */
import type { BudgetLimits } from "../../types/budget.js";
import { BudgetRecords } from "./budget-record.js";
import { ClientBudget } from "./client-budget.js";

/** Those of its sessions, and its own. */
export class ConnectionBudgets {
  /** The budgets of its sessions, as far as they were read. */
  readonly records: BudgetRecords = new BudgetRecords();
  /** The budget of all its sessions together; `undefined` without one. */
  readonly client: ClientBudget | undefined;

  constructor(limits: BudgetLimits | undefined) {
    this.client = limits && new ClientBudget(limits);
  }
}
