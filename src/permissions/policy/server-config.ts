/** The permissions in the configuration of a server that we start. */
import { ConfigError } from "../../errors/index.js";
import type { PermissionRule } from "../../types/answer.js";
import type { AnyConfig, Config } from "../../types/config.js";
import type { PermissionConfig } from "../../types/options.js";
import type { PermissionMode } from "../../types/policy.js";
import { checkServerPermission, toRules } from "./config-rules.js";
import { modeNamed } from "./modes.js";
import { editingTools } from "./names.js";
import { toldConfig } from "./sent-config.js";
import { rulesFor } from "./server-rules.js";
import type { ToldRule } from "./standing-rules.js";

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
  readonly config: AnyConfig | undefined;
  /** What was added to its permissions, as rules. */
  readonly rules: readonly PermissionRule[];
  /** These rules, and the configuration's own, as they were given. */
  readonly told: readonly ToldRule[];
  /** Agents of the configuration that they are not to hold for. */
  readonly freeAgents: readonly string[];
}

/**
 * The configuration with these permissions in it: they hold for sub-agents too, which a session's rules do not (1.18.33).
 * Throws `ConfigError` for what a configuration cannot hold.
 */
export function withPermissions(config: AnyConfig | undefined, given: ServerPermissions): Started {
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
  const parts: Parts = { base: asObject(config?.permission), mode, stated: stated ?? {}, isGuarded };
  const held = inOrder(withDenials(mode, toRules(parts.base)), parts.stated);
  const whole = toldConfig(inOrder(parts.base, held), isGuarded);
  const agents = agentsWith(config, parts);
  const isTold = !isEmpty(held) || whole.names.size > 0;
  if (!isTold && agents === undefined) return { config, rules: [], told: [], freeAgents: [] };
  const isForAgents = !isEmpty(mode) || isGuarded;
  const reason = permissionMode === undefined ? undefined : `the permission mode is "${permissionMode}"`;
  const told: ToldRule[] = [
    ...toRules(parts.stated).map((rule) => ({ rule, isOurs: true })),
    ...ofConfiguration(config).map((rule) => ({ rule, isOurs: false })),
    ...toRules(mode).map((rule) => ({ rule, isOurs: true, reason })),
  ];
  return {
    // With names that the type does not list.
    config: { ...config, ...(isTold ? { permission: whole.permission as Permission } : {}), ...agents },
    rules: toRules(whole.permission).filter(
      ({ permission: name }) => Object.hasOwn(held, name) || whole.names.has(name),
    ),
    told,
    freeAgents: isForAgents ? [] : Object.keys({ ...config?.mode, ...config?.agent }),
  };
}

/** What it says itself, of all agents and of single ones. */
function ofConfiguration(config: Config | undefined): PermissionRule[] {
  const agents = Object.values({ ...config?.mode, ...config?.agent });
  return [config, ...agents].flatMap((part) => toRules(asObject(part?.permission)));
}

type Permission = NonNullable<Config["permission"]>;
type Agents = NonNullable<Config["agent"]>;

interface Parts {
  readonly base: PermissionConfig;
  readonly mode: PermissionConfig;
  readonly stated: PermissionConfig;
  readonly isGuarded: boolean;
}

/** An agent's own permissions stand behind all others: what is to hold in each case has to stand there as well. */
function agentsWith(config: Config | undefined, { base, mode, stated, isGuarded }: Parts): Partial<Config> | undefined {
  let isChanged = false;
  const ofAgents = (agents: Agents): Agents => {
    const entries = Object.entries(agents).map(([name, agent]) => {
      if (agent?.permission === undefined && agent?.tools === undefined) return [name, agent];
      const own = asObject(agent.permission);
      // `tools` is the old form of the same.
      const before = [...toRules(base), ...toolRules(agent.tools)];
      const held = inOrder(withDenials(mode, [...before, ...toRules(own)]), isEmpty(mode) ? {} : stated);
      // Where the server is to ask about everything, what is denied to all agents has to stand behind that.
      const { permission, names } = toldConfig(
        inOrder(isGuarded ? inOrder(asConfig(before), own) : own, held),
        isGuarded,
      );
      if (isEmpty(held) && names.size === 0) return [name, agent];
      isChanged = true;
      return [name, { ...agent, permission }];
    });
    return Object.fromEntries(entries);
  };
  const changed = {
    ...(config?.agent === undefined ? {} : { agent: ofAgents(config.agent) }),
    ...(config?.mode === undefined ? {} : { mode: ofAgents(config.mode) }),
  };
  return isChanged ? changed : undefined;
}

/** What is about everything comes as one action: for some permissions the server takes nothing else. */
function asConfig(rules: readonly PermissionRule[]): PermissionConfig {
  const config = new Map<string, PermissionConfig[string]>();
  for (const { permission, pattern, action } of rules) {
    const known = config.get(permission);
    if (pattern === "*") {
      config.delete(permission); // an entry that is set again would keep its old place
      config.set(permission, action);
    } else {
      const { [pattern]: _before, ...others } = typeof known === "string" ? { "*": known } : (known ?? {});
      config.set(permission, { ...others, [pattern]: action });
    }
  }
  return Object.fromEntries(config);
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
