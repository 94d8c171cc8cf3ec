/** Options of the methods of a session, and of lists. */
import type { BudgetLimits } from "./budget.js";
import type { SessionTurnOptions } from "./options.js";

export type * from "./document.js";

/** Options of a stream of a session. */
export type StreamOptions<T> = SessionTurnOptions<T> & {
  /**
   * Does not abort the run when the iteration ends early, or when the client closes its connection to a server that it did not
   * start.
   * @default false
   */
  readonly detach?: boolean | undefined;
};

/** Options of a shell line: the options of a turn that need no prompt. */
export type ShellOptions = Omit<
  SessionTurnOptions,
  "schema" | "structured" | "maxRepairs" | "system" | "files" | "fallbackModels"
>;

/** Options of a command. */
export type CommandOptions = ShellOptions & {
  /**
   * Lets opencode expand the arguments with the template: `` !`line` `` runs in a shell without a permission request, `@name` reads
   * a file or calls an agent. Never set it for untrusted text.
   * @default false
   */
  readonly expandArguments?: boolean | undefined;
};

/** Options of `revert()` and `unrevert()`. */
export interface RevertOptions {
  /**
   * Restores files that somebody else has changed, too: with `revert()` every file that changed while the prompt ran, with
   * `unrevert()` **every** file of the repository.
   * @default false
   */
  readonly force?: boolean | undefined;
}

/** Options of `messages()`. */
export interface MessagesOptions {
  /** Limit of messages: the newest ones. @default all */
  readonly limit?: number | undefined;
  /** Only messages before the message with this id. @default up to the newest */
  readonly before?: string | undefined;
}

/** Options of `history()`. */
export interface HistoryOptions {
  /** The message that comes first. `"oldest"` reads the pages twice. @default "newest" */
  readonly order?: "newest" | "oldest" | undefined;
}

/** Options of `diff()`. */
export interface DiffOptions {
  /** Only the changes of this prompt. @default the changes of all prompts */
  readonly messageId?: string | undefined;
}

/** Options of `compact()`. */
export interface CompactOptions {
  /** `"provider/model"` that writes the summary. @default the session's model */
  readonly model?: string | undefined;
}

/** Options of `fork()`. */
export interface ForkOptions {
  /** The copy ends before this message. @default the copy has all messages */
  readonly messageId?: string | undefined;
  /**
   * Limits of the copy, from its creation on. @default those of the session, with what is left of them: from then on each counts for
   * itself
   */
  readonly budget?: BudgetLimits | undefined;
}

/** Options of `waitUntilIdle()`. */
export interface WaitOptions {
  /** Ends the wait, which rejects with `AbortedError`. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `opencode.reload()`. */
export interface ReloadOptions {
  /** The directory whose configuration is reloaded. @default the client's directory */
  readonly directory?: string | undefined;
  /** Ends the wait for runs, which rejects with `AbortedError`. Nothing is reloaded then. @default no limit */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `opencode.session(id)`. */
export interface SessionOptions {
  /** Directory of the session. @default the server's record of the session */
  readonly directory?: string | undefined;
}

/** Options of `sessions()`. */
export interface SessionsOptions {
  /** Only sessions of this directory. @default the client's directory */
  readonly directory?: string | undefined;
  /** Only sessions with this text in the title. Ignores case; no character is a wildcard. @default all */
  readonly search?: string | undefined;
  /** Includes archived sessions. @default false */
  readonly archived?: boolean | undefined;
  /** Limit of sessions. @default all */
  readonly limit?: number | undefined;
}

/** Options of `opencode.events()`. */
export interface EventsOptions {
  /** Rejects on a server event of unknown type. By default such an event has the type `raw`. @default false */
  readonly strict?: boolean | undefined;
}
