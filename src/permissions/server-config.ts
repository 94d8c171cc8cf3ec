/** The permissions in the configuration of a server that we start. */
import { ConfigError } from "../errors.js";
import type { PermissionRule } from "../types/answer.js";
import type { Config, PermissionConfig } from "../types/options.js";
import type { PermissionMode } from "../types/policy.js";
import { modeNamed } from "./modes.js";
import { editingTools } from "./names.js";
import { checkServerPermission, toRules } from "./rules.js";
import { everyPermission, rulesFor } from "./server-rules.js";

type Given = Config["permission"] | PermissionConfig;

/** What is asked for at the start of a server. */
export interface ServerPermissions {
  readonly permission?: PermissionConfig | readonly PermissionRule[] | undefined;
  readonly permissionMode?: PermissionMode | undefined;
  /** The server is to ask about everything. */
  readonly isGuarded: boolean;
}

/** What a server is started with. */
export interface Started {
  readonly config: Config | undefined;
  /** What was added to its permissions, as rules. */
  readonly rules: readonly PermissionRule[];
  /** Agents of the configuration that they are not to hold for. */
  readonly freeAgents: readonly string[];
}

/**
 * The configuration with these permissions in it: they hold for sub-agents too, which a session's rules do not (1.18.33).
 * Throws `ConfigError` for what a configuration cannot hold.
 */
export function withPermissions(config: Config | undefined, given: ServerPermissions): Started {
  const { permission, permissionMode, isGuarded } = given;
  if (config?.permission !== undefined) checkServerPermission(asObject(config.permission));
  if (Array.isArray(permission)) {
    throw new ConfigError("permission: a list of rules is for sessions and turns; a server takes opencode's own form", {
      hint: 'For example { bash: { "*": "ask", "git *": "allow" }, edit: "deny" }.',
    });
  }
  const stated = permission as PermissionConfig | undefined; // the list is out
  if (stated !== undefined) checkServerPermission(stated);
  const mode = permissionMode === undefined ? {} : modeNamed(permissionMode).config;
  const guard: PermissionConfig = isGuarded ? { [everyPermission]: "ask" } : {};
  if ([mode, stated ?? {}, guard].every(isEmpty)) return { config, rules: [], freeAgents: [] };
  const base = asObject(config?.permission);
  const held = [withDenials(mode, toRules(base)), stated ?? {}, guard].reduce(inOrder);
  const isForAgents = !isEmpty(mode) || !isEmpty(guard);
  const agents = isForAgents ? agentsWith(config, { base, mode, stated: stated ?? {}, guard }) : {};
  const permissions = inOrder(base, held) as Permission; // the same form, with names that the type does not list
  const freeAgents = isForAgents ? [] : Object.keys({ ...config?.mode, ...config?.agent });
  return { config: { ...config, permission: permissions, ...agents }, rules: toRules(held), freeAgents };
}

type Permission = NonNullable<Config["permission"]>;
type Agents = NonNullable<Config["agent"]>;

interface Parts {
  readonly base: PermissionConfig;
  readonly mode: PermissionConfig;
  readonly stated: PermissionConfig;
  readonly guard: PermissionConfig;
}

/** An agent's own permissions stand behind all others: what is to hold in each case has to stand there as well. */
function agentsWith(config: Config | undefined, { base, mode, stated, guard }: Parts): Partial<Config> {
  const ofAgents = (agents: Agents): Agents => {
    const entries = Object.entries(agents).map(([name, agent]) => {
      if (agent?.permission === undefined && agent?.tools === undefined) return [name, agent];
      const own = asObject(agent.permission);
      // `tools` is the old form of the same.
      const held = withDenials(mode, [...toRules(base), ...toolRules(agent.tools), ...toRules(own)]);
      return [name, { ...agent, permission: [own, held, isEmpty(mode) ? {} : stated, guard].reduce(inOrder) }];
    });
    return Object.fromEntries(entries);
  };
  return {
    ...(config?.agent === undefined ? {} : { agent: ofAgents(config.agent) }),
    ...(config?.mode === undefined ? {} : { mode: ofAgents(config.mode) }),
  };
}

function toolRules(tools: Readonly<Record<string, boolean>> | undefined): PermissionRule[] {
  return Object.entries(tools ?? {}).map(([name, isOn]) => {
    const permission = editingTools.has(name) ? "edit" : name;
    return { permission, pattern: "*", action: isOn ? "allow" : "deny" };
  });
}

/** The permissions of a mode, less what `rules` deny: a value of its own would take the place of theirs. */
function withDenials(mode: PermissionConfig, rules: readonly PermissionRule[]): PermissionConfig {
  const entries = Object.entries(mode).map(([name, value]) => {
    const own = rulesFor(rules, name);
    const first = own.findIndex(({ action }) => action === "deny");
    if (name === "*" || first < 0) return [name, value];
    const patterns = new Map(Object.entries(typeof value === "string" ? { "*": value } : (value ?? {})));
    const otherwise = [...patterns.values()].includes("ask") ? "ask" : (patterns.get("*") ?? "ask");
    for (const { pattern, action } of own.slice(first)) {
      patterns.delete(pattern); // an entry that is set again would keep its old place
      patterns.set(pattern, action === "deny" ? "deny" : otherwise);
    }
    // Where the server takes no patterns the first of them is `"*"`, and the only one.
    return [name, typeof value === "string" && patterns.size === 1 ? patterns.get("*") : Object.fromEntries(patterns)];
  });
  return Object.fromEntries(entries);
}

function isEmpty(part: PermissionConfig): boolean {
  return Object.keys(part).length === 0;
}

function asObject(permission: Given | undefined): PermissionConfig {
  if (permission === undefined) return {};
  return typeof permission === "string" ? { "*": permission } : (permission as PermissionConfig); // it is checked where it counts
}

/** The last rule that matches wins, and rules are in the order of the keys: what is said later has to stand later. */
function inOrder(earlier: PermissionConfig, later: PermissionConfig): PermissionConfig {
  const kept = Object.entries(earlier).filter(([name]) => !Object.hasOwn(later, name));
  return Object.fromEntries([...kept, ...Object.entries(later)]);
}
