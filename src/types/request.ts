/** Requests of the agent, and the callbacks that answer them. */

/** A permission that the agent asks for. */
export interface PermissionRequest {
  /** Id of the request (`per_…`), for `opencode.reply()`. */
  readonly id: string;
  /** The session that asks: the turn's own, or a sub-agent's. */
  readonly sessionId: string;
  /** Name of the permission: `"bash"`, `"edit"`, `"external_directory"` … or the name of an MCP tool. */
  readonly permission: string;
  /** Subjects of the request: a command line, a path … */
  readonly patterns: readonly string[];
  /** Further data of the tool, as the server sends it, for example the diff of an edit. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The tool call that needs the permission. */
  readonly tool?:
    | {
        /** Id of the assistant message that has the call. */
        readonly messageId: string;
        /** Id of the tool call. */
        readonly callId: string;
        /** Name of the tool, if known. */
        readonly name?: string | undefined;
        /** Arguments of the call, if known. */
        readonly input?: Readonly<Record<string, unknown>> | undefined;
      }
    | undefined;
  /** Session ids from the root session to the session that asks. */
  readonly chain: readonly string[];
  /** Directory of the session: absolute. Absent if the server works in its default directory. */
  readonly directory?: string | undefined;
  /** Base of the server's relative paths: the root of the git repository, or `"/"` without one. */
  readonly worktree?: string | undefined;
  /** The agent that asks, for example `"build"`. */
  readonly agent?: string | undefined;
  /** Patterns that the server itself would allow after `"always"`, for every session of the directory. */
  readonly always?: readonly string[] | undefined;
}

/**
 * Reply to a permission request. `{ reject }` refuses with a reason, and the run continues; a bare `"reject"` sends a general
 * reason.
 */
export type PermissionReply =
  | "once"
  | "always"
  | "reject"
  | {
      /** Reason that the agent receives. */
      readonly reject: string;
    };

/** Second argument of a callback. */
export interface CallbackContext {
  /** Aborts when the result is no longer needed: the turn is over, or `callbackTimeout` has passed. */
  readonly signal: AbortSignal;
}

/**
 * Decides a permission request. An exception, a reply after `callbackTimeout`, and any other text refuse it. (TypeScript widens
 * `async () => "once"` to `Promise<string>`; therefore the type accepts a promise of any text.)
 */
export type PermissionHandler = (
  request: PermissionRequest,
  context: CallbackContext,
) => PermissionReply | Promise<PermissionReply | string>;

/** Questions that the agent asks the user. */
export interface QuestionRequest {
  /** Id of the request (`que_…`), for `opencode.reply()`. */
  readonly id: string;
  /** The session that asks: the turn's own, or a sub-agent's. */
  readonly sessionId: string;
  /** Id of the tool call that asks. */
  readonly callId?: string | undefined;
  /** The questions, in order. */
  readonly questions: readonly {
    /** Text of the question. */
    readonly question: string;
    /** Short title of the question. */
    readonly header: string;
    /** Options to choose from. */
    readonly options: readonly {
      /** Text of the option, and the value of the reply. */
      readonly label: string;
      /** Explanation of the option. */
      readonly description: string;
    }[];
    /** True if the reply may name several options. */
    readonly multiple?: boolean | undefined;
  }[];
}

/** Reply to questions: one array of chosen labels (or free text) per question. `"reject"` ends the run. */
export type QuestionReply = readonly (readonly string[])[] | "reject";

/** A reply for `opencode.reply()`: to a permission request, to questions, or to the question whether to leave plan mode. */
export type RequestReply = PermissionReply | QuestionReply | boolean;

/** Answers questions. After an exception or `callbackTimeout` the agent is informed that they stay unanswered (`[]`). */
export type QuestionHandler = (
  question: QuestionRequest,
  context: CallbackContext,
) => QuestionReply | Promise<QuestionReply | string>;

/** Decides whether the agent may leave plan mode and build. Without a handler it may not. */
export type PlanExitHandler = (question: QuestionRequest, context: CallbackContext) => boolean | Promise<boolean>;
