/** What the agent asks of us, and the callbacks that answer it. */

/** A permission the agent asks for. */
export interface PermissionRequest {
  readonly id: string;
  /** The session that asks: the turn's own, or a sub-agent's. */
  readonly sessionId: string;
  /** Name of the permission: `"bash"`, `"edit"`, `"external_directory"` … or an MCP tool's name. */
  readonly permission: string;
  /** What it is asked for: a command line, a path … */
  readonly patterns: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The tool call that needs it; name and input where they are known. */
  readonly tool?:
    | {
        readonly messageId: string;
        readonly callId: string;
        readonly name?: string | undefined;
        readonly input?: Readonly<Record<string, unknown>> | undefined;
      }
    | undefined;
  /** From the root session to the one that asks. */
  readonly chain: readonly string[];
  /** Where the session works: absolute. Absent for a server whose default it is. */
  readonly directory?: string | undefined;
  /** What the server's relative paths start from: the root of the git repository, `"/"` without one. */
  readonly worktree?: string | undefined;
  /** The agent that asks, for example `"build"`. */
  readonly agent?: string | undefined;
  /** What the server itself would allow from now on after `"always"`, for every session of the directory. */
  readonly always?: readonly string[] | undefined;
}

/** `{ reject }` gives the agent the reason and lets the run go on; a bare `"reject"` gets a general one. */
export type PermissionReply = "once" | "always" | "reject" | { readonly reject: string };

/** `signal` ends when the answer is no longer wanted: the turn is over or the deadline has passed. */
export interface CallbackContext {
  readonly signal: AbortSignal;
}

/**
 * Decides about a permission. Throwing, being later than `callbackTimeout`, or any other text refuses it. (TypeScript
 * widens `async () => "once"` to `Promise<string>`, which is why a promise of a text is accepted here.)
 */
export type PermissionHandler = (
  request: PermissionRequest,
  context: CallbackContext,
) => PermissionReply | Promise<PermissionReply | string>;

/** Questions the agent asks the user. */
export interface QuestionRequest {
  readonly id: string;
  readonly sessionId: string;
  /** The tool call that asks. */
  readonly callId?: string | undefined;
  readonly questions: readonly {
    readonly question: string;
    readonly header: string;
    readonly options: readonly { readonly label: string; readonly description: string }[];
    /** True when more than one option may be chosen. */
    readonly multiple?: boolean | undefined;
  }[];
}

/** One array of chosen labels (or free text) per question; `"reject"` ends the run. */
export type QuestionReply = readonly (readonly string[])[] | "reject";

/** What `opencode.reply()` takes: for a permission, for questions, and for leaving plan mode. */
export type RequestReply = PermissionReply | QuestionReply | boolean;

/** Answers questions. Throwing, or being late, leaves them unanswered (`[]`), which the agent is told. */
export type QuestionHandler = (
  question: QuestionRequest,
  context: CallbackContext,
) => QuestionReply | Promise<QuestionReply | string>;

/** Says whether the agent may leave plan mode and build. Without it: no. */
export type PlanExitHandler = (question: QuestionRequest, context: CallbackContext) => boolean | Promise<boolean>;
