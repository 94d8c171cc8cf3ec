/**
 * What "always" was said to, for each tree of sessions. The server's own memory of it is for all sessions of the directory
 * (1.18.33), so it is told `once`, and we remember.
 */
import type { PolicyOptions, PolicyRequest } from "../../types/policy.js";
import { LruMap } from "../../util/lru-map.js";
import { approvedRule, type CompiledRule } from "./compile.js";

export interface ApprovalOptions {
  /** As in `policy`. */
  readonly realpath?: PolicyOptions["realpath"];
  /** Trees of sessions; beyond it the one that was used longest ago is forgotten, and asks again. Default 1,000. */
  readonly maxSessions?: number | undefined;
  /** Approvals of one tree; beyond it the oldest is forgotten. Default 200. */
  readonly maxApprovals?: number | undefined;
}

interface Approval {
  readonly key: string;
  readonly rule: CompiledRule;
}

/** Approvals by the id of the root session. Held in memory: after a restart it is asked again. */
export class ApprovalCache {
  readonly #options: ApprovalOptions;
  readonly #sessions: LruMap<string, readonly Approval[]>;

  constructor(options: ApprovalOptions = {}) {
    this.#options = options;
    this.#sessions = new LruMap(options.maxSessions ?? 1_000);
  }

  /** How many trees of sessions have approvals. */
  get size(): number {
    return this.#sessions.size;
  }

  /**
   * To be called when `"always"` was said: later requests like it are covered. Like it are the very same ones, and what the
   * server's patterns for it (`request.always`, for example `git status *`) cover; for commands by the rules of a policy, so
   * that `ls *` does not cover `ls; rm x`.
   */
  remember(request: PolicyRequest): void {
    const root = rootOf(request);
    const known = this.#sessions.get(root) ?? [];
    const added = approvalsOf(request).filter(({ key }) => known.every((one) => one.key !== key));
    this.#sessions.set(root, [...known, ...added].slice(-(this.#options.maxApprovals ?? 200)));
  }

  /** Whether an earlier "always" of the same tree of sessions covers it. Never rejects. */
  async covers(request: PolicyRequest): Promise<boolean> {
    const root = rootOf(request);
    const known = this.#sessions.get(root);
    if (known === undefined) return false;
    this.#sessions.set(root, known);
    const { evaluate } = await import("./evaluate.js"); // it loads with the first question
    const { action } = await evaluate(
      known.map(({ rule }) => rule),
      "ask",
      request,
      { realpath: this.#options.realpath },
    );
    return action === "allow";
  }

  /** Forgets what was said to the tree of this root session. */
  forget(rootSessionId: string): void {
    this.#sessions.delete(rootSessionId);
  }
}

function rootOf({ chain, sessionId }: PolicyRequest): string {
  return chain[0] ?? sessionId;
}

function approvalsOf({ permission, patterns, metadata, always = [] }: PolicyRequest): Approval[] {
  if (/[*?]/.test(permission)) return []; // would be a wildcard in a rule
  const line = metadata["command"];
  const exact = permission === "bash" ? (typeof line === "string" ? [line.trim()] : []) : patterns;
  const wider = always.filter((pattern) => pattern !== "" && !isTooWide(permission, pattern));
  return [
    ...wider.map((pattern) => approval(permission, pattern, false)),
    ...exact.map((pattern) => approval(permission, pattern, true)),
  ];
}

/** Of a command "everything" is not what somebody has seen and said "always" to. */
function isTooWide(permission: string, pattern: string): boolean {
  return permission === "bash" && /^[*? ]+$/.test(pattern);
}

function approval(permission: string, pattern: string, isLiteral: boolean): Approval {
  const key = JSON.stringify([permission, pattern, isLiteral]);
  return { key, rule: approvedRule(permission, pattern, isLiteral) };
}
