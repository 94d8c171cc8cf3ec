/** The check of the option `budget`. */
import { ConfigError } from "../../errors/index.js";
import type { BudgetLimits } from "../../types/budget.js";
import { checkOptions } from "../../util/check-options.js";
import { invalidOption } from "../../util/invalid-option.js";
import { isRecord } from "../../util/json.js";

const amountNames = { cost: true, tokens: true, steps: true } satisfies Record<keyof BudgetLimits, true>;

/** Throws `ConfigError` for a budget without a limit, and for a limit that is no number above 0. `undefined` is no budget. */
export function checkBudget(budget: unknown): void {
  if (budget === undefined) return;
  if (!isRecord(budget)) throw invalidOption("budget", "{ cost, tokens, steps }", budget);
  checkOptions(budget, amountNames, "`budget`");
  for (const name of Object.keys(amountNames)) {
    const limit = budget[name];
    if (limit === undefined || (typeof limit === "number" && limit > 0 && Number.isFinite(limit))) continue;
    throw invalidOption(`budget.${name}`, "a number above 0", limit);
  }
  if (Object.keys(amountNames).every((name) => budget[name] === undefined)) {
    throw new ConfigError("`budget` has no limit", { hint: "Give at least one of cost (USD), tokens and steps." });
  }
}
