/** A budget in one line. */
import type { BudgetStatus } from "../index.js";

/** What is used, and what is left of it. */
export function budgetText({ spent, left }: BudgetStatus): string {
  const rest = <A>(amount: A | undefined, text: (amount: A) => string = String): string =>
    amount === undefined ? "" : ` (${text(amount)} left)`;
  return [
    `${usd(spent.cost)}${rest(left.cost, usd)}`,
    `${spent.tokens} tokens${rest(left.tokens)}`,
    `${spent.steps} ${spent.steps === 1 ? "step" : "steps"}${rest(left.steps)}`,
  ].join(", ");
}

function usd(amount: number): string {
  return amount === 0 ? "$0" : `$${amount.toFixed(4)}`;
}
