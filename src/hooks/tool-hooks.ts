/** Hooks that only see: called in order, each with its deadline; what goes wrong in them is told, and changes nothing. */

import type { AgentEvent } from "../types/event.js";
import type { HookList, PostToolUse, ToolUsed } from "../types/hook.js";
import { withTimeout } from "../util/with-timeout.js";
import { hooksFor } from "./hooks.js";

/** Told of a hook that has failed. */
export type HookFailure = (name: string, error: unknown) => void;

export interface SeeingOptions {
  /** ms. */
  readonly timeout: number;
  readonly onFailure: HookFailure;
}

/** Calls one kind of hooks. Never rejects. */
export async function callHooks<A extends readonly unknown[]>(
  name: string,
  hooks: readonly ((...given: [...A, { readonly signal: AbortSignal }]) => unknown)[],
  given: A,
  { timeout, onFailure }: SeeingOptions,
): Promise<void> {
  for (const hook of hooks) {
    try {
      await withTimeout(async (context) => hook(...given, context), { timeout, signal: new AbortController().signal });
    } catch (error) {
      onFailure(name, error);
    }
  }
}

interface Use {
  readonly tool: string;
  readonly input: ToolUsed["input"];
}

/** Tells the `postToolUse` hooks of what a turn's events say, one after the other. */
export class ToolHooks {
  readonly #hooks: HookList<PostToolUse>;
  readonly #options: SeeingOptions;
  readonly #uses = new Map<string, Use>();
  #queue: Promise<void> = Promise.resolve();

  constructor(hooks: HookList<PostToolUse>, options: SeeingOptions) {
    this.#hooks = hooks;
    this.#options = options;
  }

  /** An event of the turn; those of sub-agents come inside. */
  see(event: AgentEvent): void {
    if (event.type === "subagent" && event.event !== undefined) this.see(event.event);
    else if (event.type === "tool-call") this.#uses.set(event.callId, { tool: event.tool, input: event.input });
    else if (event.type === "tool-result") this.#used(event, { output: event.output });
    else if (event.type === "tool-error") this.#used(event, { error: event.error });
  }

  /** Resolves when all that was seen has been told. */
  get settled(): Promise<void> {
    return this.#queue;
  }

  #used(
    { tool, callId, sessionId, durationMs }: Extract<AgentEvent, { type: "tool-result" | "tool-error" }>,
    outcome: Pick<ToolUsed, "output" | "error">,
  ): void {
    const input = this.#uses.get(callId)?.input ?? {};
    this.#uses.delete(callId);
    const used: ToolUsed = { tool, input, callId, sessionId, durationMs, ...outcome };
    this.#queue = this.#queue.then(() =>
      callHooks("postToolUse", hooksFor(this.#hooks, tool), [used] as const, this.#options),
    );
  }
}
