/** Amounts of a budget: sums of model steps, and their comparison with limits. */
import { BudgetExceededError } from "../../errors/index.js";
import type { AssistantMessage } from "../../types/answer.js";
import type { BudgetLimits, BudgetStatus, Spending } from "../../types/budget.js";
import { sumUsage } from "../history/usage.js";

/** The amounts of a budget, in the order in which they are compared. */
export const amounts: readonly (keyof Spending)[] = ["cost", "tokens", "steps"];

const units: Readonly<Record<keyof Spending, string>> = { cost: "USD", tokens: "tokens", steps: "model steps" };

/** Nothing. */
export const nothing: Spending = { cost: 0, tokens: 0, steps: 0 };

/** What assistant messages amount to. A shell line and a refused call of a provider are no steps. */
export function spendingOf(infos: readonly AssistantMessage[]): Spending {
  return {
    cost: infos.reduce((sum, { cost }) => sum + cost, 0),
    tokens: sumUsage(infos).total,
    steps: infos.filter(isStep).length,
  };
}

function isStep(info: AssistantMessage): boolean {
  if (info.summary === true || info.time.completed === undefined) return false;
  return info.finish !== undefined || sumUsage([info]).total > 0;
}

/** The sum. */
export function plus(one: Spending, other: Spending): Spending {
  return each((name) => one[name] + other[name]);
}

/** The difference. */
export function minus(one: Spending, other: Spending): Spending {
  return each((name) => one[name] - other[name]);
}

/** The larger one of each amount. */
export function atLeast(one: Spending, other: Spending): Spending {
  return each((name) => Math.max(one[name], other[name]));
}

/** Whether all amounts are the same. */
export function isSame(one: Spending, other: Spending): boolean {
  return amounts.every((name) => one[name] === other[name]);
}

function each(of: (name: keyof Spending) => number): Spending {
  return { cost: of("cost"), tokens: of("tokens"), steps: of("steps") };
}

/** What a caller is told. */
export function statusOf(limits: BudgetLimits, spent: Spending): BudgetStatus {
  const left = amounts.flatMap((name) => {
    const limit = limits[name];
    return limit === undefined ? [] : [[name, Math.max(0, limit - spent[name])]];
  });
  return { spent, left: Object.fromEntries(left) };
}

/** The lesser of each amount; that of one side where the other has no limit. */
export function lesser(one: BudgetLimits, other: BudgetLimits): BudgetLimits {
  const both = amounts.filter((name) => one[name] !== undefined && other[name] !== undefined);
  const least = both.map((name) => [name, Math.min(one[name] ?? 0, other[name] ?? 0)]);
  return { ...one, ...other, ...Object.fromEntries(least) };
}

/** A budget and its use. */
export interface Account {
  readonly scope: "session" | "client";
  readonly limits: BudgetLimits;
  readonly spent: Spending;
}

/**
 * The error for the first limit of which nothing is left. `during`: a run is under way and goes on; otherwise one was to begin.
 * `undefined` when something is left of each.
 */
export function usedUp(
  { scope, limits, spent }: Account,
  during: boolean,
  sessionId: string,
): BudgetExceededError | undefined {
  for (const name of amounts) {
    const max = limits[name];
    const used = spent[name];
    if (max === undefined || used < max) continue;
    const state = `the ${scope} has used ${used} ${units[name]} of its budget of ${max}`;
    const text = during ? `the run was aborted: ${state}, and was going on` : `nothing was asked: ${state}`;
    return new BudgetExceededError(text, { limit: `budget.${name}`, scope, used, max, sessionId, hint: hints[scope] });
  }
  return undefined;
}

const hints = {
  session: "Go on in a copy with a budget of its own: session.fork({ budget }).",
  client: "The budget is that of this client: createOpencode({ budget }) makes another one.",
} as const;
