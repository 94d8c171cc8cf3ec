/** What permissions can use where there is a file system, and what a server is told of them at its start. */
import { homedir } from "node:os";
import { type Started, withPermissions } from "../permissions/policy/server-config.js";
import type { PermissionContext } from "../session/context.js";
import { needsGuard } from "../session/permissions/turn-rules.js";
import type { TurnDefaults } from "../session/turn-options.js";
import { auditFile } from "./audit.js";
import { realpath } from "./policy.js";

/** For every connection that is made in Node: links are resolved, `~` is known, and an audit can go to a file. */
export const localPermissionContext: Pick<
  PermissionContext,
  "realpath" | "home" | "openAudit" | "openApprovalStore" | "runProgram"
> = {
  realpath,
  home: homedir(),
  openAudit: auditFile,
  openApprovalStore: async () => (await import("./approval-files.js")).approvalFiles(),
  runProgram: async (...given) => (await import("./run-program.js")).runProgram(...given),
};

/**
 * The configuration with the permissions of `defaults` in it, and what holds on a server that is started with it. `isOnlyChance`: no
 * session of it can be given rules later, so it is to ask about everything.
 */
export function permissionsFromStart(
  given: Started["config"],
  defaults: TurnDefaults,
  isOnlyChance = false,
): { config: Started["config"]; inForce: PermissionContext["inForce"] } {
  const { permission, permissionMode } = defaults;
  const stated = { permission, permissionMode, isGuarded: isOnlyChance || needsGuard(defaults) };
  const { config, ...told } = withPermissions(given, stated);
  return { config, inForce: { ...stated, ...told } };
}
