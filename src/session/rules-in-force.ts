/** The rules that decide in a session: its agent's, then its own. */
import type { OpencodeClient } from "../client/client.js";
import { everyPermission } from "../permissions/server-rules.js";
import type { PermissionRule } from "../types/answer.js";
import type { PermissionConfig } from "../types/options.js";
import type { PermissionMode } from "../types/policy.js";
import type { ReadOptions } from "./patience.js";

/** What holds already, on the server or in the session, so that a turn need not bring it about. */
export interface InForce {
  readonly permission?: PermissionConfig | readonly PermissionRule[] | undefined;
  readonly permissionMode?: PermissionMode | undefined;
  /** The server asks about everything. */
  readonly isGuarded: boolean;
  /** The session was made with just what is named here: it has no other rules of its own. */
  readonly isOwn?: boolean | undefined;
  /** The filter of tools that the session was made with. */
  readonly tools?: unknown;
}

/** The agent that runs turns which name none (1.18.33). */
export const defaultAgent = "build";

/** The rules of an agent, the server's configuration included; none for an agent that the server does not know. */
export async function agentRules(
  client: OpencodeClient,
  agent: string | undefined,
  call: ReadOptions,
): Promise<readonly PermissionRule[]> {
  const { data } = await client.GET("/agent", call);
  return data.find(({ name }) => name === (agent ?? defaultAgent))?.permission ?? [];
}

/** A session's own rules. */
export async function sessionRules(
  client: OpencodeClient,
  sessionId: string,
  call: ReadOptions,
): Promise<readonly PermissionRule[]> {
  const params = { path: { sessionID: sessionId } };
  const { data } = await client.GET("/session/{sessionID}", { ...call, params });
  return data.permission ?? [];
}

/** Without the rule that makes the server ask about everything. */
export function unguarded(rules: readonly PermissionRule[]): PermissionRule[] {
  return rules.filter(({ permission }) => permission !== everyPermission);
}
