/** Hooks: functions of the application that run at fixed moments of a turn. Each type says whether the hook can stop the turn. */
import type { Answer } from "./answer.js";
import type { Prompt } from "./prompt.js";
import type { CallbackContext } from "./request.js";

/** A value, a promise of one, or nothing: also the result of a function without `return`. */
// biome-ignore lint/suspicious/noConfusingVoidType: such a function gives void, and no other type takes it
export type Maybe<T> = T | undefined | void | Promise<T | undefined | void>;

/** A refusal by a hook. */
export interface HookRefusal {
  /** Reason of the refusal. The agent receives it; a refused prompt ends with it. */
  readonly reject: string;
}

/** A tool call before it runs. */
export interface ToolUse {
  /** Name of the tool: `"bash"`, `"edit"`, `"server_tool"` of an MCP server … */
  readonly tool: string;
  /** Arguments of the call, as the model wrote them. Empty if the server no longer has them. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Id of the tool call. */
  readonly callId: string;
  /** The session that calls the tool: the turn's own, or a sub-agent's. */
  readonly sessionId: string;
  /** Session ids from the root session to that session. */
  readonly chain: readonly string[];
  /** The agent that calls the tool, if known. */
  readonly agent?: string | undefined;
  /** Directory of the session, if known. */
  readonly directory?: string | undefined;
}

/** A tool call that has ended. */
export interface ToolUsed extends Pick<ToolUse, "tool" | "input" | "callId" | "sessionId"> {
  /** Result of the tool, as the model reads it; `undefined` if the tool failed. */
  readonly output?: string | undefined;
  /** Error message of a failed tool. */
  readonly error?: string | undefined;
  /** Duration in ms, if the server reports it. */
  readonly durationMs?: number | undefined;
}

/** One hook: a function, or a function for some tools only. */
export type Hook<F> =
  | F
  | {
      /** Tools of the hook: a name with wildcards, or a RegExp that is searched in the name. @default all tools */
      readonly matcher?: string | RegExp | undefined;
      /** The hook function. */
      readonly run: F;
    };

/** One hook, or several that run in order. */
export type HookList<F> = Hook<F> | readonly Hook<F>[];

/**
 * Runs before a tool, including those of sub-agents and of MCP servers. `{ reject }` refuses the call, and the agent receives
 * the reason. A hook that throws or exceeds `callbackTimeout` refuses too. The first refusal of several hooks decides. Any
 * other result leaves the decision to rules and `onPermission`.
 */
export type PreToolUse = (use: ToolUse, context: CallbackContext) => Maybe<HookRefusal>;

/** Runs after a tool has completed or failed. It cannot stop the turn. */
export type PostToolUse = (use: ToolUsed, context: CallbackContext) => void | Promise<void>;

/** Runs before a prompt is sent. A returned prompt replaces it. `{ reject }` ends the turn with `AbortedError`. */
export type UserPromptSubmit = (
  prompt: Prompt,
  context: CallbackContext & { readonly sessionId: string | undefined },
) => Maybe<Prompt | HookRefusal>;

/** Runs after this client has created a session. It cannot stop the turn. */
export type SessionStart = (
  session: { readonly sessionId: string; readonly directory: string },
  context: CallbackContext,
) => void | Promise<void>;

/** Runs after a turn has been answered, before the caller gets the answer. It cannot change the answer. */
export type StopHook = (answer: Answer<unknown>, context: CallbackContext) => void | Promise<void>;

/** Runs after a turn has failed. The caller gets the same error. */
export type ErrorHook = (error: unknown, context: CallbackContext) => void | Promise<void>;

/** Hooks of a client or of a turn. The hooks of a turn replace all hooks of the client. */
export interface Hooks {
  /** Before a tool runs. Can refuse the call. */
  readonly preToolUse?: HookList<PreToolUse> | undefined;
  /** After a tool has completed or failed. */
  readonly postToolUse?: HookList<PostToolUse> | undefined;
  /** Before a prompt is sent. Can replace or refuse it. */
  readonly userPromptSubmit?: HookList<UserPromptSubmit> | undefined;
  /** After this client has created a session. */
  readonly sessionStart?: HookList<SessionStart> | undefined;
  /** After a turn has been answered. */
  readonly stop?: HookList<StopHook> | undefined;
  /** After a turn has failed. */
  readonly error?: HookList<ErrorHook> | undefined;
}
