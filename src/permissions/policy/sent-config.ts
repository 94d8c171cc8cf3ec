/** The permissions of a configuration, so that the server asks where it cannot decide. */
import type { PermissionConfig } from "../../types/options.js";
import { pathGuards } from "../paths/path-guard.js";
import { toRules } from "./config-rules.js";
import { guardAll, isGuard } from "./server-rules.js";

/** What the server is told. */
export interface ToldConfig {
  readonly permission: PermissionConfig;
  /** Names in it that are there, or in their place, because of us. */
  readonly names: ReadonlySet<string>;
}

/** With `isGuarded` it asks about everything that is not denied altogether. */
export function toldConfig(meant: PermissionConfig, isGuarded: boolean): ToldConfig {
  const rules = toRules(meant);
  const added = isGuarded ? guardAll(rules).slice(rules.length) : pathGuards(rules);
  const told = new Map(Object.entries(meant));
  for (const rule of added) {
    const known = told.get(rule.permission);
    const isOther = isGuard(rule) && known !== undefined;
    told.delete(rule.permission); // an entry that is set again would keep its old place
    told.set(rule.permission, isOther ? { ...asPatterns(known), [rule.pattern]: rule.action } : (known ?? rule.action));
  }
  return { permission: Object.fromEntries(told), names: new Set(added.map(({ permission }) => permission)) };
}

function asPatterns(value: PermissionConfig[string]): Exclude<PermissionConfig[string], string> {
  return typeof value === "string" ? { "*": value } : value;
}
