/** The permissions in the configuration of a server that we start. */
import { ConfigError } from "../errors.js";
import type { PermissionRule } from "../types/answer.js";
import type { Config, PermissionConfig } from "../types/options.js";
import type { PermissionMode } from "../types/policy.js";
import { modeNamed } from "./modes.js";
import { checkServerPermission } from "./rules.js";
import { everyPermission } from "./server-rules.js";

type Given = Config["permission"] | PermissionConfig;

/** What is asked for at the start of a server. */
export interface ServerPermissions {
  readonly permission?: PermissionConfig | readonly PermissionRule[] | undefined;
  readonly permissionMode?: PermissionMode | undefined;
  /** The server is to ask about everything. */
  readonly isGuarded: boolean;
}

/**
 * The configuration with these permissions in it: they hold for sub-agents too, which a session's rules do not (1.18.33).
 * Throws `ConfigError` for what a configuration cannot hold.
 */
export function withPermissions(config: Config | undefined, given: ServerPermissions): Config | undefined {
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
  const parts: PermissionConfig[] = [mode, stated ?? {}, isGuarded ? { [everyPermission]: "ask" } : {}];
  if (parts.every((part) => Object.keys(part).length === 0)) return config;
  const merged = [asObject(config?.permission), ...parts].reduce(inOrder);
  return { ...config, permission: merged as NonNullable<Config["permission"]> }; // the same form, with names that the type does not list
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
