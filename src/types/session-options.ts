/** Options of the calls of a session and of lists. */
import type { SessionTurnOptions } from "./options.js";

/** Options of a stream of a session. */
export type StreamOptions<T> = SessionTurnOptions<T> & {
  /** Leave the run going when the iteration ends early, and when a connection to somebody else's server is closed. Default false. */
  readonly detach?: boolean | undefined;
};

/** Options of a shell line: those of a turn that make sense without a prompt. */
export type ShellOptions = Omit<SessionTurnOptions, "schema" | "structured" | "maxRepairs" | "system" | "files">;

/** Options of a command. */
export type CommandOptions = ShellOptions & {
  /**
   * The arguments are yours, and opencode may expand them with the template: `` !`line` `` runs in a shell without being asked
   * about, `@name` is read as a file or calls an agent. Never for text from outside.
   * @default false
   */
  readonly expandArguments?: boolean | undefined;
};

/** Options of `revert()` and `unrevert()`. */
export interface RevertOptions {
  /**
   * Let the server restore all it has recorded, whoever has changed it: with `revert()` what was changed while the prompt ran, with
   * `unrevert()` **every** file of the repository.
   * @default false
   */
  readonly force?: boolean | undefined;
}

/** Which messages. */
export interface MessagesOptions {
  /** At most so many, the newest. Default: all. */
  readonly limit?: number | undefined;
  /** Only those before the message with this id. */
  readonly before?: string | undefined;
}

/** In which order messages come. */
export interface HistoryOptions {
  /** Default `"newest"`. */
  readonly order?: "newest" | "oldest" | undefined;
}

/** Which changes. */
export interface DiffOptions {
  /** Of this prompt. Default: of all. */
  readonly messageId?: string | undefined;
}

/** Options of `compact()`. */
export interface CompactOptions {
  /** `"provider/model"` that writes the summary. Default: the session's. */
  readonly model?: string | undefined;
}

/** Options of `fork()`. */
export interface ForkOptions {
  /** The copy ends before this message. Default: it has all. */
  readonly messageId?: string | undefined;
}

/** Options of `waitUntilIdle()`. */
export interface WaitOptions {
  /** Ends the waiting, with `AbortedError`. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `opencode.session(id)`. */
export interface SessionOptions {
  /** The directory that it must be in. Default: it is found. */
  readonly directory?: string | undefined;
}

/** Which sessions. */
export interface SessionsOptions {
  /** Default: the client's. */
  readonly directory?: string | undefined;
  /** Part of the title, in capitals or not; nothing in it is a wildcard. */
  readonly search?: string | undefined;
  /** Archived ones, too. Default false. */
  readonly archived?: boolean | undefined;
  /** At most so many. Default: all. */
  readonly limit?: number | undefined;
}

/** Options of `opencode.events()`. */
export interface EventsOptions {
  /** An event of an unknown type throws. Default false: it comes as `raw`. */
  readonly strict?: boolean | undefined;
}
