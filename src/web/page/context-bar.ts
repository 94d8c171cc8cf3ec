/** How full the model's context is, as a bar. The figures are those of the last step that is loaded; no further request is needed. */
import type { AssistantMessage, Opencode } from "../../client.js";
import { h } from "./dom.js";
import { shortNumber } from "./format.js";
import type { Entry } from "./timeline.js";

/** Tokens that a model takes, by `"provider/model"`. */
export type ModelLimits = ReadonlyMap<string, number>;

/** Tokens of a context, and what its model takes. */
export interface ContextFill {
  readonly used: number;
  readonly limit: number;
}

/** Reads the limits of all models. A model that does not tell its limit is left out. */
export async function readLimits(opencode: Opencode): Promise<ModelLimits> {
  const models = await opencode.models();
  const limits = models.map(({ fullName, limit }) => [fullName, limit.input ?? limit.context] as const);
  return new Map(limits.filter(([, limit]) => limit > 0));
}

/** The context after the last step; `undefined` before the first one, after a compaction, and for a model without a limit. */
export function contextFill(entries: readonly Entry[], limits: ModelLimits): ContextFill | undefined {
  const last = entries.findLast(({ info }) => info.role === "assistant" && tokensOf(info) > 0)?.info;
  if (last?.role !== "assistant" || last.summary === true) return undefined;
  const limit = limits.get(`${last.providerID}/${last.modelID}`);
  return limit === undefined ? undefined : { used: tokensOf(last), limit };
}

function tokensOf({ tokens }: AssistantMessage): number {
  return tokens.input + tokens.output + tokens.reasoning + tokens.cache.read + tokens.cache.write;
}

/** Draws the bar, with its figures. */
export function contextBar({ used, limit }: ContextFill): HTMLElement {
  const share = used / limit;
  const text = `${shortNumber(used)} of ${shortNumber(limit)} tokens`;
  return h(
    "div",
    { class: share > 0.8 ? "context full" : "context" },
    h("span", {}, "Context"),
    h("span", {}, `${Math.round(share * 100)} %`),
    h("progress", { max: limit, value: Math.min(used, limit), "aria-label": `Context: ${text}`, title: text }),
  );
}
