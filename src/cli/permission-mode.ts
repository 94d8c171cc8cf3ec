/**
 * Permission modes: how much the agent may do. One small file, so that the option `permissionMode` of the package can take
 * its place.
 */
import { approveAll, type CreateSessionOptions, type PermissionHandler, type PolicyRule, policy } from "../index.js";

/** The names of the modes. */
export const modes = ["default", "plan", "readOnly", "acceptEdits", "autoTools", "bypass"] as const;
export type Mode = (typeof modes)[number];

/** True for the name of a mode. */
export function isMode(name: string): name is Mode {
  return modes.some((mode) => mode === name);
}

/** What a mode means for a session that is made for it, and for its turns. */
export interface ModeOptions {
  readonly agent: string | undefined;
  readonly permission: CreateSessionOptions["permission"];
  readonly onPermission: PermissionHandler | undefined;
}

/** Files that hold credentials are asked for. */
const read = { "*": "allow", "*.env": "ask", "*.env.*": "ask", "*.env.example": "allow" } as const;
const reading = { read, glob: "allow", grep: "allow", list: "allow" } as const;
const readOnly = { "*": "deny", ...reading, todowrite: "allow", question: "allow", external_directory: "ask" } as const;

/** `onAsk`: a person, or a policy; what no mode decides is theirs. */
export function modeOptions(mode: Mode, onAsk: PermissionHandler | undefined): ModeOptions {
  switch (mode) {
    case "default":
      return { agent: undefined, permission: undefined, onPermission: onAsk };
    case "plan":
      return { agent: "plan", permission: readOnly, onPermission: onAsk };
    case "readOnly":
      return { agent: undefined, permission: readOnly, onPermission: onAsk };
    case "acceptEdits":
      return { agent: undefined, permission: undefined, onPermission: answering(["edit"], onAsk) };
    case "autoTools":
      // A sub-agent would run commands unasked: starting one is asked for instead.
      return {
        agent: undefined,
        permission: { bash: "ask", task: "ask" },
        onPermission: answering(["edit", "read", "glob", "grep", "list"], onAsk),
      };
    case "bypass":
      return { agent: undefined, permission: undefined, onPermission: approveAll };
  }
}

function answering(allowed: readonly string[], onAsk: PermissionHandler | undefined): PermissionHandler {
  const rules: PolicyRule[] = allowed.map((permission) => ({ permission, action: "allow" }));
  const secrets: PolicyRule[] = ["*.env", "*.env.*"].map((pattern) => ({ permission: "read", pattern, action: "ask" }));
  return policy([...rules, ...secrets], { default: "ask", onAsk });
}
