/** Hooks: functions of yours at fixed moments of a turn. Which of them can stop something is said at each. */
import type { Answer } from "./answer.js";
import type { Prompt } from "./prompt.js";
import type { CallbackContext } from "./request.js";

/** A value now or later, or nothing: also that of a function without `return`. */
// biome-ignore lint/suspicious/noConfusingVoidType: such a function gives void, and no other type takes it
export type Maybe<T> = T | undefined | void | Promise<T | undefined | void>;

/** A refusal, with the reason that is told. */
export interface HookRefusal {
  readonly reject: string;
}

/** A tool that the agent wants to use. */
export interface ToolUse {
  /** Name of the tool: `"bash"`, `"edit"`, `"server_tool"` of an MCP server … */
  readonly tool: string;
  /** As the model gave it. Empty when the server no longer tells. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly callId: string;
  /** The session that uses it: the turn's own, or a sub-agent's. */
  readonly sessionId: string;
  /** From the root session to that one. */
  readonly chain: readonly string[];
  readonly agent?: string | undefined;
  readonly directory?: string | undefined;
}

/** A tool that was used. */
export interface ToolUsed extends Pick<ToolUse, "tool" | "input" | "callId" | "sessionId"> {
  /** What the model was given; `undefined` when the tool failed. */
  readonly output?: string | undefined;
  /** Why it failed. */
  readonly error?: string | undefined;
  /** Milliseconds from start to end, where the server tells. */
  readonly durationMs?: number | undefined;
}

/** One hook: a function, or a function for some tools only. */
export type Hook<F> =
  | F
  | {
      /** Tools that it is for: a name with wildcards, or a RegExp that is searched in the name. Default: all. */
      readonly matcher?: string | RegExp | undefined;
      readonly run: F;
    };

/** One hook, or several that run in order. */
export type HookList<F> = Hook<F> | readonly Hook<F>[];

/**
 * Before a tool runs, also a sub-agent's and one of an MCP server. `{ reject }` refuses it with the reason, which the agent
 * is told; so does a hook that throws or is late. Of several the first that refuses decides. Whatever it returns else
 * leaves the decision to rules and `onPermission`.
 */
export type PreToolUse = (use: ToolUse, context: CallbackContext) => Maybe<HookRefusal>;

/** After a tool has run or failed. It only sees. */
export type PostToolUse = (use: ToolUsed, context: CallbackContext) => void | Promise<void>;

/** Before a prompt is sent. A prompt that is returned is sent instead; `{ reject }` refuses it: the turn ends with `AbortedError`. */
export type UserPromptSubmit = (
  prompt: Prompt,
  context: CallbackContext & { readonly sessionId: string | undefined },
) => Maybe<Prompt | HookRefusal>;

/** When a session has been created by this client. It only sees. */
export type SessionStart = (
  session: { readonly sessionId: string; readonly directory: string },
  context: CallbackContext,
) => void | Promise<void>;

/** When a turn has been answered. It only sees. */
export type StopHook = (answer: Answer<unknown>, context: CallbackContext) => void | Promise<void>;

/** When a turn has failed. It only sees; the caller gets the same error. */
export type ErrorHook = (error: unknown, context: CallbackContext) => void | Promise<void>;

/** Hooks of a client, a session or a turn. Those of a turn replace the client's, name by name. */
export interface Hooks {
  readonly preToolUse?: HookList<PreToolUse> | undefined;
  readonly postToolUse?: HookList<PostToolUse> | undefined;
  readonly userPromptSubmit?: HookList<UserPromptSubmit> | undefined;
  readonly sessionStart?: HookList<SessionStart> | undefined;
  readonly stop?: HookList<StopHook> | undefined;
  readonly error?: HookList<ErrorHook> | undefined;
}
