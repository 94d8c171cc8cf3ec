/** What model steps have used: in total, and for each model. */
import type { AssistantMessage, ModelUsage, TreeUsage, Usage } from "../../types/answer.js";

/** Tokens of a tree of sessions with their cost. */
export interface Expense {
  readonly usage: TreeUsage;
  /** USD. */
  readonly cost: number;
  readonly costKnown: boolean;
}

/** The heads of assistant messages, summed. */
export function expenseOf(infos: readonly AssistantMessage[]): Expense {
  const byModel = new Map<string, AssistantMessage[]>();
  for (const info of infos) {
    const model = `${info.providerID}/${info.modelID}`;
    if (model === "/" && totalTokens(info) === 0) continue; // a shell line, which no model has answered
    const known = byModel.get(model);
    if (known === undefined) byModel.set(model, [info]);
    else known.push(info);
  }
  const models = [...byModel].map(([model, of]): [string, ModelUsage] => {
    return [model, modelUsage(sumUsage(of), costOf(of), of.every(hasEnded))];
  });
  return total(models);
}

/** What several turns have used together. */
export function addExpenses(usages: readonly TreeUsage[]): Expense {
  const byModel = new Map<string, ModelUsage>();
  for (const usage of usages) {
    for (const [model, more] of Object.entries(usage.byModel)) {
      const before = byModel.get(model);
      const isKnown = more.costKnown && before?.costKnown !== false;
      const both = before === undefined ? more : modelUsage(sum([before, more]), before.cost + more.cost, isKnown);
      byModel.set(model, both);
    }
  }
  return total([...byModel]);
}

/** Tokens of several assistant messages. */
export function sumUsage(infos: readonly AssistantMessage[]): Usage {
  return sum(
    infos.map((info) => ({
      input: info.tokens.input,
      output: info.tokens.output,
      reasoning: info.tokens.reasoning ?? 0,
      cacheRead: info.tokens.cache?.read ?? 0,
      cacheWrite: info.tokens.cache?.write ?? 0,
      total: totalTokens(info),
    })),
  );
}

function total(models: readonly (readonly [string, ModelUsage])[]): Expense {
  const all = models.map(([, usage]) => usage);
  return {
    // Names come from the server: none of them must reach a prototype.
    usage: { ...sum(all), byModel: Object.fromEntries(models) },
    cost: all.reduce((cost, usage) => cost + usage.cost, 0),
    costKnown: all.every(({ costKnown }) => costKnown),
  };
}

/** A model without a price, and a free one, cost 0 (1.18.33): then nothing is known. */
function modelUsage(usage: Usage, cost: number, hasAll: boolean): ModelUsage {
  return { ...usage, cost, costKnown: hasAll && (cost > 0 || usage.total === 0) };
}

/** The server notes what a step has used when it ends (1.18.33): of one that its death has cut nothing is known. */
function hasEnded({ time }: AssistantMessage): boolean {
  return time.completed !== undefined;
}

function costOf(infos: readonly AssistantMessage[]): number {
  return infos.reduce((sum, { cost }) => sum + cost, 0);
}

function sum(usages: readonly Usage[]): Usage {
  const all = { input: 0, output: 0, reasoning: 0, cacheRead: 0, cacheWrite: 0, total: 0 };
  for (const usage of usages) {
    all.input += usage.input;
    all.output += usage.output;
    all.reasoning += usage.reasoning;
    all.cacheRead += usage.cacheRead;
    all.cacheWrite += usage.cacheWrite;
    all.total += usage.total;
  }
  return all;
}

function totalTokens({ tokens }: AssistantMessage): number {
  const { input, output, reasoning, cache } = tokens;
  return tokens.total ?? input + output + (reasoning ?? 0) + (cache?.read ?? 0) + (cache?.write ?? 0);
}
