/** Rules that answer permission asks, and the modes that are made of them. */
import type { CallbackContext, PermissionHandler, PermissionReply, PermissionRequest } from "./request.js";

/** What a rule does: `"ask"` leaves it to {@link PolicyOptions.onAsk}. */
export type PolicyAction = "allow" | "deny" | "ask";

/** One rule of a policy. As on the server, the last rule that matches wins. */
export interface PolicyRule {
  /** Name of the permission; `*` and `?` are wildcards: `"bash"`, `"edit"`, `"github_*"` … */
  readonly permission: string;
  /**
   * What it is about: a command of the shell, a path, a URL … In a text `*` stands for any characters (`/` too) and `?` for
   * one. A RegExp is searched in it; one that allows a command must match from the command's beginning. Default `"*"`:
   * everything.
   */
  readonly pattern?: string | RegExp | undefined;
  readonly action: PolicyAction;
  /** Only for sessions in this directory or below it. */
  readonly directory?: string | undefined;
  /** Only when this agent asks, for example `"build"`. */
  readonly agent?: string | undefined;
  /** Told to the agent with a refusal. */
  readonly reason?: string | undefined;
}

/** What a policy looks at. A rule with a `directory` or an `agent` that the request does not name allows nothing, and denies. */
export type PolicyRequest = PermissionRequest;

/** Options of `policy`. */
export interface PolicyOptions {
  /** What happens when no rule matches. There is no default for it: say it. */
  readonly default: PolicyAction;
  /** Asked where the policy says `"ask"`. Default: nobody, the request is refused with that reason. */
  readonly onAsk?: PermissionHandler | undefined;
  /**
   * The path without symbolic links, also when its end does not exist; rejects when that cannot be known, and then no rule
   * with a pattern allows the path. Default: links are not resolved (in Node the package resolves them).
   */
  readonly realpath?: ((path: string) => string | Promise<string>) | undefined;
  /** What `~` and `$HOME` stand for at the beginning of patterns of paths. Default: unknown, so that they allow nothing. */
  readonly home?: string | undefined;
}

/** What a policy decides about a request, and why. */
export interface PolicyDecision {
  readonly action: PolicyAction;
  /** The rule that decided; `undefined` when it was the default. */
  readonly rule: PolicyRule | undefined;
  /** Its place in the list, from 0. */
  readonly index: number | undefined;
  /** The command of the line, the path … that it decided about. */
  readonly subject: string;
  /** One sentence, without credentials. */
  readonly reason: string;
}

/** A policy: give it as `onPermission`. */
export interface PermissionPolicy {
  /** Allows (`"once"`), or refuses with the reason. Never rejects, unless `onAsk` does. */
  (request: PolicyRequest, context?: CallbackContext): Promise<PermissionReply | string>;
  /** What it decides, without asking anybody. (Asynchronous: the parser of shell lines is loaded when it is needed.) */
  explain(request: PolicyRequest): Promise<PolicyDecision>;
}

/** How much the agent may do; see the table in `docs/permissions.md`. */
export type PermissionMode = "default" | "plan" | "readOnly" | "acceptEdits" | "autoTools" | "bypass";
