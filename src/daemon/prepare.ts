/** Prepares the start of a kept server: its clients come later, and each has rules of its own. */
import { withPermissions } from "../permissions/policy/server-config.js";
import type { ResolvedServerOptions } from "../server/options.js";
import { type PreparedStart, prepareStart, type StartPlace } from "../server/start-environment.js";
import type { AnyConfig } from "../types/config.js";

/**
 * Where sessions have no rules, the server is told to ask about everything. It gets no mark of another server, if we are a tool of
 * one. Throws as {@link prepareStart}.
 */
export async function prepareKept(
  plan: ResolvedServerOptions,
  config: AnyConfig | undefined,
  place: StartPlace,
): Promise<PreparedStart> {
  const prepared = await prepareStart(plan, {
    ...place,
    configFor: ({ hasSessionRules }) =>
      hasSessionRules ? config : withPermissions(config, { isGuarded: true }).config,
  });
  const { OPENCODE_TS_SERVER: _other, ...env } = prepared.env;
  return { ...prepared, env };
}
