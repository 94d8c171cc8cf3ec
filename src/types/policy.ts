/** Rules that answer permission requests, and the modes that consist of them. */
import type { CallbackContext, PermissionHandler, PermissionReply, PermissionRequest } from "./request.js";

/** Effect of a rule. `"ask"` leaves the request to {@link PolicyOptions.onAsk}. */
export type PolicyAction = "allow" | "deny" | "ask";

/** One rule of a policy. As on the server, the last rule that matches wins. */
export interface PolicyRule {
  /** Name of the permission; `*` and `?` are wildcards: `"bash"`, `"edit"`, `"github_*"` … */
  readonly permission: string;
  /**
   * Subjects of the rule: commands of the shell, paths, URLs … In a text `*` stands for any characters (including `/`) and `?`
   * for one. A RegExp is searched in the subject; a RegExp that allows a command must match from the beginning of the command.
   * @default "*"
   */
  readonly pattern?: string | RegExp | undefined;
  /** Effect of the rule. */
  readonly action: PolicyAction;
  /** Limits the rule to sessions in this directory or below it. @default every directory */
  readonly directory?: string | undefined;
  /** Limits the rule to this agent, for example `"build"`. @default every agent */
  readonly agent?: string | undefined;
  /** Reason that the agent receives with a refusal. @default a sentence that names the rule */
  readonly reason?: string | undefined;
}

/**
 * A request that a policy decides. If the request names no directory or agent, a rule with `directory` or `agent` cannot allow
 * it, but can deny it.
 */
export type PolicyRequest = PermissionRequest;

/** Options of `policy()`. */
export interface PolicyOptions {
  /** Action for a request that no rule matches. Required. */
  readonly default: PolicyAction;
  /** Decides requests with the action `"ask"`. @default every such request is refused */
  readonly onAsk?: PermissionHandler | undefined;
  /**
   * Resolves the symbolic links of a path, also of a path whose end does not exist. If it rejects, no rule with a pattern allows
   * the path.
   * @default links are resolved in Node, and left unresolved elsewhere
   */
  readonly realpath?: ((path: string) => string | Promise<string>) | undefined;
  /**
   * Home directory for `~` and `$HOME` at the beginning of path patterns. Without it such patterns allow nothing.
   * @default the user's home directory in Node, and none elsewhere
   */
  readonly home?: string | undefined;
}

/** Decision of a policy about a request. */
export interface PolicyDecision {
  /** Effect of the deciding rule, or the default. */
  readonly action: PolicyAction;
  /** The deciding rule; `undefined` if the default decided. */
  readonly rule: PolicyRule | undefined;
  /** Index of the rule in the list, from 0. */
  readonly index: number | undefined;
  /** The deciding subject: a command of the line, a path … */
  readonly subject: string;
  /** One sentence, without credentials. */
  readonly reason: string;
}

/** A policy, for the option `onPermission`. */
export interface PermissionPolicy {
  /** Allows (`"once"`) or refuses with a reason. Rejects only if `onAsk` rejects. */
  (request: PolicyRequest, context?: CallbackContext): Promise<PermissionReply | string>;
  /** Decides without a call of `onAsk`. Asynchronous, because the parser of shell lines loads on first use. */
  explain(request: PolicyRequest): Promise<PolicyDecision>;
}

/** How much the agent may do. `docs/permissions.md` has the table. */
export type PermissionMode = "default" | "plan" | "readOnly" | "acceptEdits" | "autoTools" | "bypass";
