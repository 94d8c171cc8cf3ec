/**
 * Whether what a server was started with holds for its agents. Files of the project have their say too: an agent's own
 * permissions stand behind all others, and a name that a file has already keeps its place before the file's next ones.
 */
import type { AgentApi } from "../../api/agent-api.js";
import type { ReadOptions } from "../../client/retry-transient.js";
import { isClosed, isSameRule } from "../../permissions/policy/server-rules.js";
import { neededTools } from "../../permissions/policy/tool-filter.js";
import type { PermissionRule } from "../../types/answer.js";
import type { EffectivePermissions } from "./effective-rules.js";

/** For whom it does not hold. */
export interface LooserAgents {
  /** The agent of the turn, or one that it may go on as. */
  readonly isTurn: boolean;
  /** Those that it can give work to. */
  readonly subAgents: readonly string[];
}

/** Where nothing was said at the server's start. */
export const noLooserAgents: LooserAgents = { isTurn: false, subAgents: [] };

/** Something was said at the server's start. */
export function hasRules({ rules = [] }: EffectivePermissions): boolean {
  return rules.length > 0;
}

/** One look at the server's agents; none when nothing was said at its start. */
export async function agentsWithLooserRules(
  api: AgentApi,
  agent: string | undefined,
  { rules = [], freeAgents = [] }: EffectivePermissions,
  call: ReadOptions,
): Promise<LooserAgents> {
  if (rules.length === 0) return noLooserAgents;
  const agents = await api.catalog.agents(call);
  const loose = agents.filter(({ name, permission }) => !freeAgents.includes(name) && !isHeld(permission, rules));
  const running = agent ?? agents[0]?.name;
  // A plan that is approved is carried out by `build`.
  const isTurn = loose.some(({ name }) => name === running || (running === "plan" && name === "build"));
  const subAgents = loose.filter(({ mode, hidden }) => mode !== "primary" && hidden !== true);
  return { isTurn, subAgents: subAgents.map(({ name }) => name) };
}

/** The sub-agents that could do by the rules of a turn what their own deny altogether; they are in no other session. */
export async function openedSubAgents(
  api: AgentApi,
  rules: readonly PermissionRule[],
  call: ReadOptions,
): Promise<string[]> {
  const allowed = rules.filter(({ permission, action }) => action === "allow" && !neededTools.includes(permission));
  if (allowed.length === 0) return [];
  const agents = (await api.catalog.agents(call)).filter(({ mode }) => mode !== "primary");
  const isOpened = ({ permission }: (typeof agents)[number]): boolean =>
    allowed.some((rule) => isClosed(permission, rule.permission));
  return agents.filter(isOpened).map(({ name }) => name);
}

/** All of `wanted`, in this order, and behind the first of them nothing else that allows or asks. */
function isHeld(rules: readonly PermissionRule[], wanted: readonly PermissionRule[]): boolean {
  const places = wanted.map((one) => rules.findLastIndex((rule) => isSameRule(rule, one)));
  const isInOrder = places.every((place, index) => place > (places[index - 1] ?? -1));
  const behind = rules.slice(places[0] ?? 0);
  // The server itself adds folders of its own in the end (1.18.33).
  const isHarmless = ({ permission, action }: PermissionRule): boolean =>
    action === "deny" || permission === "external_directory";
  return isInOrder && behind.every((rule) => isHarmless(rule) || wanted.some((one) => isSameRule(rule, one)));
}
