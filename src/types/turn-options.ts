/** Every option of a turn, with its unit and default. */
import type { PermissionRule } from "./answer.js";
import type { Attachment } from "./attachment.js";
import type { AuditSink, Reviewer } from "./decision.js";
import type { Hooks } from "./hook.js";
import type { PermissionMode } from "./policy.js";
import type { PermissionHandler, PlanExitHandler, QuestionHandler } from "./request.js";
import type { OutputSchema } from "./schema.js";
import type { OnSettled } from "./settled.js";

/** Permission rules in the form of `opencode.json`: `{ bash: { "*": "ask", "git *": "allow" }, edit: "deny" }`. The last match wins. */
export type PermissionConfig = Readonly<
  Record<string, PermissionRule["action"] | Readonly<Record<string, PermissionRule["action"]>>>
>;

/** Tools of a turn, by name. `*` and `?` are wildcards. */
export type ToolFilter =
  | {
      /** The tools that the agent has. It has no others. */
      readonly only: readonly string[];
    }
  | {
      /** The tools that the agent does not have. It has all others. */
      readonly deny: readonly string[];
    };

/** Options of one turn. */
export interface TurnOptions<T = undefined> {
  /** `"provider/model"`, for this turn. @default the session's own model, otherwise the server's */
  readonly model?: string | undefined;
  /** The agent that runs this turn, for example `"plan"`. @default that of `createSession()`, otherwise the server's */
  readonly agent?: string | undefined;
  /** Text that is added at the end of the system prompt, for this turn only. */
  readonly system?: string | undefined;
  /** A configured variant of the model, for example `"high"`. */
  readonly variant?: string | undefined;
  /** Files that go with the prompt. `attach()` makes them. */
  readonly files?: readonly Attachment[] | undefined;
  /** Schema of the answer's `output`, which is validated and has the schema's type. */
  readonly schema?: OutputSchema<T> | undefined;
  /**
   * How the model is asked for the `schema`. `"native"`: by the server's forced tool call. Afterwards the prompt cannot be read
   * and the session cannot be forked (1.18.33). `"prompt"`: by text in the prompt. `"auto"`: native in the session of a single
   * `ask()`; by text in an existing session, and if the provider refuses forced calls.
   * @default "auto"
   */
  readonly structured?: "auto" | "native" | "prompt" | undefined;
  /** How often an invalid output is sent back to the model with its issues, before `StructuredOutputError`. @default 2 */
  readonly maxRepairs?: number | undefined;
  /** Aborts the turn, on the server too. The turn rejects with `AbortedError`. */
  readonly signal?: AbortSignal | undefined;
  /** Limit of the whole turn, in ms. After it the turn is aborted and rejects with `TurnTimeoutError`. @default none */
  readonly timeout?: number | undefined;
  /**
   * Limit of time without progress, in ms. After it the turn is aborted and rejects with `IdleTimeoutError`. Work of the agent
   * and its sub-agents is progress; the server's heartbeat is not. The clock stops while a callback runs.
   * @default none
   */
  readonly idleTimeout?: number | undefined;
  /**
   * The longest wait of the server before it repeats a model call, in ms. If the server announces a longer one (a provider's
   * rate limit may ask for hours), the turn goes on with the next of its `fallbackModels`; without one it is aborted and rejects with
   * `ProviderRateLimitError`. So it is for a sub-agent's wait, for which no other model goes on.
   * @default none: the turn waits; 30_000 with `fallbackModels`, for waits of the turn's own model
   */
  readonly maxRetryWait?: number | undefined;
  /**
   * Models (`"provider/model"`) that the turn goes on with if the one before is limited, out of order, refuses the key, the prompt or the
   * answer, or has too small a context: the same prompt in the same session, and no tool runs again. `docs/errors.md` has the reasons.
   * The turn's limits hold for all models together. A `variant` is given only to models that have it. Commands do not fall back.
   * @default none: the turn rejects
   */
  readonly fallbackModels?: readonly string[] | undefined;
  /**
   * Limit of the turn's cost in USD, including sub-agents. It is checked after each step: a run over the limit that would
   * continue is aborted and rejects with `BudgetExceededError`. @default none
   */
  readonly maxCost?: number | undefined;
  /** Limit of model steps, including those of sub-agents. One step more rejects with `BudgetExceededError`. @default none */
  readonly maxSteps?: number | undefined;
  /** Limit of tokens of all kinds, including those of sub-agents. Checked as `maxCost`. @default none */
  readonly maxTokens?: number | undefined;
  /** A share of the model's context, for example 0.8: a step that passes it gives an event `context`. @default none */
  readonly contextWarning?: number | undefined;
  /**
   * Limit of the sub-agents that the turn calls, at all depths together; 0: none. One more is refused with a reason, and the run continues.
   * @default none
   */
  readonly maxSubagents?: number | undefined;
  /**
   * How deep sub-agents may call each other: 1 lets the turn's agent call some, and they call none; 0: none at all. One that is too deep
   * is refused as with `maxSubagents`.
   * @default none: the server's configuration decides
   */
  readonly maxDepth?: number | undefined;
  /**
   * Limit of repetition: so many rounds of the same one to four tool calls, with the same results and without a break. Then comes an
   * event `loop`, and the next of these calls that asks for a permission is refused with this reason. After twice as many rounds the
   * run is aborted and rejects with `RunawayError`. Each session counts for itself, sub-agents too. `false`: no limit.
   * @default 10
   */
  readonly maxRepeats?: number | false | undefined;
  /**
   * Tools of the agent and its sub-agents in this turn. Names are those of `tools()`, with wildcards for the tools of MCP servers
   * (`"github_*"`). `write`, `edit` and `apply_patch` count as one.
   * @default all tools that the server's rules permit
   */
  readonly tools?: ToolFilter | undefined;
  /**
   * Rules of this turn, on top of the server's and the session's; see `docs/permissions.md`. Rules that allow take effect when the
   * agent asks.
   * @default none
   */
  readonly permission?: PermissionConfig | readonly PermissionRule[] | undefined;
  /** How much the agent may do; `docs/permissions.md` has the table. @default "default": the server's rules decide */
  readonly permissionMode?: PermissionMode | undefined;
  /**
   * If the session runs another turn: wait for its end, reject with `SessionBusyError`, or steer that turn and resolve with its answer.
   * `"steer"` takes no `schema`; other options count if the prompt becomes a turn of its own. @default "queue"
   */
  readonly whenBusy?: "queue" | "reject" | "steer" | undefined;
  /**
   * Answers permission requests, within `callbackTimeout` ms. `"reply"`: requests wait that long for `opencode.reply()`. `"park"`:
   * requests wait in the `approvalStore` for a decision from any process; see `docs/approvals.md`.
   * @default every request is refused with a reason and listed in `answer.denials`, unless a reader of `events` replies before it
   * reads the next event
   */
  readonly onPermission?: PermissionHandler | "reply" | "park" | undefined;
  /**
   * With `onPermission: "park"`: how long the turn waits for a decision before it rejects with `ApprovalPendingError`, in ms. The run
   * waits on the server. `Infinity`: the turn waits.
   * @default 0
   */
  readonly parkAfter?: number | undefined;
  /** With `onPermission: "park"`: a request without a decision counts as refused after this time, in ms. @default none */
  readonly approvalTimeout?: number | undefined;
  /** Answers the agent's questions; `"reply"` as in `onPermission`. @default the agent is informed that nobody answers */
  readonly onQuestion?: QuestionHandler | "reply" | undefined;
  /** Decides whether the agent may leave plan mode; `"reply"` as in `onPermission`. @default it may not */
  readonly onPlanExit?: PlanExitHandler | "reply" | undefined;
  /**
   * Refuses to read, search and edit outside of this directory, after `..` and symbolic links are resolved (links only in Node).
   * The path is absolute or relative to the session's directory. It does not confine shell commands.
   * @default none
   */
  readonly confineTo?: string | undefined;
  /** Decides requests that no rule decides, before `onPermission`: a function, or a model with a rubric. @default none */
  readonly reviewer?: Reviewer | undefined;
  /** Records every permission decision: appends JSON lines to this file (Node only), or calls a function. @default none */
  readonly audit?: string | AuditSink | undefined;
  /**
   * Told once when the turn has settled, with an answer or an error: a function, a web hook or a program; see `docs/options.md`. The turn
   * does not wait for it, and a notice that fails is logged. @default none
   */
  readonly onSettled?: OnSettled | undefined;
  /** Functions that run at fixed moments of the turn; see `docs/hooks.md`. @default none */
  readonly hooks?: Hooks | undefined;
  /** Limit of one callback or hook, in ms. @default 60_000 */
  readonly callbackTimeout?: number | undefined;
}

/** Options of a turn on a session that exists. */
export interface SessionTurnOptions<T = undefined> extends TurnOptions<T> {
  /**
   * Your own id of the prompt (`msg_…`). The same id and text again resolve with the stored answer, or reject with the stored
   * error; another text rejects with `ConflictError`.
   * @default a new id
   */
  readonly messageId?: string | undefined;
}
