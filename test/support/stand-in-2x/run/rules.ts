/** What rules say about an action: the last that matches wins; none means ask. */
import { matchesWildcard } from "../../../../src/util/wildcard.js";
import type { Rule, SessionRecord } from "../types.js";
import type { World } from "../world.js";

type Effect = Rule["effect"];

/** The rules of the session's agent, and behind them the session's own. An unknown agent may do nothing. */
export function rulesOf(world: World, record: SessionRecord): readonly Rule[] {
  const { location, agent = "build", permissions = [] } = record.info;
  const known = world.locations.agent(location.directory, agent);
  return [...(known?.rules ?? [{ action: "*", resource: "*", effect: "deny" }]), ...permissions];
}

export function decide(rules: readonly Rule[], action: string, resource: string): Effect {
  const match = rules.findLast(
    (rule) => matchesWildcard(action, rule.action) && matchesWildcard(resource, rule.resource),
  );
  return match?.effect ?? "ask";
}

/** Of all resources together: one denied is denied, one asked is asked. Saved rules answer an ask, never a denial. */
export function evaluate(world: World, record: SessionRecord, action: string, resources: readonly string[]): Effect {
  const rules = rulesOf(world, record);
  const saved = world.store.saved
    .filter((rule) => rule.projectID === record.info.projectID)
    .map(({ action, resource }): Rule => ({ action, resource, effect: "allow" }));
  const effects = resources.map((resource) => {
    const effect = decide(rules, action, resource);
    return effect === "ask" && saved.length > 0 ? decide(saved, action, resource) : effect;
  });
  if (effects.includes("deny")) return "deny";
  return effects.includes("ask") ? "ask" : "allow";
}

/** Whether a tool is offered: a last rule that denies all of it hides it. */
export function isHidden(world: World, record: SessionRecord, action: string): boolean {
  const match = rulesOf(world, record).findLast((rule) => matchesWildcard(action, rule.action));
  return match?.effect === "deny" && match.resource === "*";
}
