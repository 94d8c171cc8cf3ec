/**
 * The budget of a client, over all its sessions, for the life of the client in its process. Turns report as they go: turns that run at
 * the same time see the use of each other.
 */
import type { BudgetLimits, BudgetStatus, Spending } from "../../types/budget.js";
import { type Account, atLeast, isSame, minus, nothing, plus, statusOf } from "./spending.js";

/** Prompts that are told apart; the use of an older one stays in the sum. */
const mostPrompts = 10_000;

/** The meter of one client. */
export class ClientBudget {
  readonly limits: BudgetLimits;
  /** By the id of the prompt: a prompt that is followed twice counts once. */
  readonly #prompts = new Map<string, Spending>();
  readonly #listeners = new Set<() => void>();
  #spent: Spending = nothing;

  constructor(limits: BudgetLimits) {
    this.limits = limits;
  }

  /** The budget and its use. */
  get account(): Account {
    return { scope: "client", limits: this.limits, spent: this.#spent };
  }

  /** What a caller is told. */
  get status(): BudgetStatus {
    return statusOf(this.limits, this.#spent);
  }

  /** The use of one prompt, as far as it was reported. */
  spentBy(prompt: string): Spending {
    return this.#prompts.get(prompt) ?? nothing;
  }

  /** The use of one prompt until now, its sub-agents included. It never becomes less. */
  report(prompt: string, spending: Spending): void {
    const before = this.spentBy(prompt);
    const now = atLeast(before, spending);
    if (isSame(now, before)) return;
    this.#prompts.set(prompt, now);
    if (this.#prompts.size > mostPrompts) {
      for (const oldest of this.#prompts.keys()) {
        this.#prompts.delete(oldest);
        break;
      }
    }
    this.#spent = plus(this.#spent, minus(now, before));
    for (const listener of this.#listeners) listener();
  }

  /** Calls the listener after each change, until the result is called. */
  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
