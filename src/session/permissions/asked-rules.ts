/**
 * The rules of a turn on a server whose sessions have no rules: they are held by the answers to what the server asks. So the server
 * must ask about everything that they restrict, and nothing is sent where it does not.
 */
import type { AgentApi } from "../../api/agent-api.js";
import type { ReadOptions } from "../../client/retry-transient.js";
import { UnsupportedEndpointError } from "../../errors/index.js";
import { permissionNames } from "../../permissions/policy/names.js";
import { everyPermission, isAskedAbout, rulesFor } from "../../permissions/policy/server-rules.js";
import { filterRules } from "../../permissions/policy/tool-filter.js";
import type { PermissionRule } from "../../types/answer.js";
import type { ResolvedTurnOptions } from "../turn-options.js";
import { agentRules, type EffectivePermissions } from "./effective-rules.js";
import { needsGuard, statedRules } from "./turn-rules.js";

/** Names of a refusal: a server that asks about nothing has twenty. */
const mostNames = 3;

/**
 * @throws {UnsupportedEndpointError} when the server decides by itself about something that the turn restricts. It names the
 * permissions.
 */
export async function requireAsked(
  api: AgentApi,
  options: ResolvedTurnOptions<unknown>,
  inForce: EffectivePermissions,
  call: ReadOptions,
): Promise<void> {
  if (inForce.isGuarded) return; // it was started so
  const { name, rules } = await agentRules(api, options.agent, call);
  const open = restricted(options, inForce, rules).filter((permission) => !isAskedAbout(rules, permission));
  if (open.length === 0) return;
  const names = open.length > mostNames ? [...open.slice(0, mostNames), "…"] : open;
  throw new UnsupportedEndpointError(
    `the server lets the agent "${name}" do without asking what the turn restricts (${names.join(", ")}), and its sessions have no permission rules`,
    {
      hint: 'Start the server with createOpencode(), or with { "permission": { "?*": "ask" } } at the end of its configuration.',
    },
  );
}

/** The filter keeps what is said of a tool that stays. */
const everythingAllowed: PermissionRule = { permission: "*", pattern: "*", action: "allow" };

/** The permissions that the turn denies, asks for, or has judged, in part or altogether. */
function restricted(
  options: ResolvedTurnOptions<unknown>,
  inForce: EffectivePermissions,
  ofAgent: readonly PermissionRule[],
): string[] {
  const guard: PermissionRule[] = needsGuard(options)
    ? [{ permission: everyPermission, pattern: "*", action: "ask" }]
    : [];
  const rules = [...statedRules(options, inForce), ...guard];
  const denied = options.tools === undefined ? [] : filterRules(options.tools, [everythingAllowed, ...rules]);
  const wanted = [...rules, ...denied];
  const isFree = ({ permission }: PermissionRule): boolean => !/[*?]/.test(permission);
  const named = [...wanted, ...ofAgent].filter(isFree).map(({ permission }) => permission);
  const names = [...new Set([...permissionNames, ...named])];
  return names.filter((name) => rulesFor(wanted, name).some(({ action }) => action !== "allow"));
}
