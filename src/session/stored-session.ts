/** A session as the server stores it: its messages and its record. */
import type {
  BudgetStatus,
  ContextUsage,
  DiffOptions,
  ExportOptions,
  FileDiff,
  HistoryOptions,
  Message,
  MessagesOptions,
  SessionDocument,
  SessionInfo,
  SessionUsage,
  Todo,
} from "../types/index.js";
import type { SessionContext } from "./context.js";
import { loadOperations, type Operations } from "./load-operations.js";
import { type DirectoryHint, SessionDirectory } from "./session-directory.js";

/** What {@link Session} can do without a turn. */
export abstract class StoredSession {
  /** Id of the session (`ses_…`). */
  readonly id: string;
  readonly #directory: SessionDirectory;
  /** The state that operations are given: the rules in force change. @internal */
  protected state: SessionContext;

  /** @internal */
  constructor(
    seed: Pick<SessionContext, "connection" | "sessionId" | "defaults" | "inForce">,
    directory: DirectoryHint,
  ) {
    const { connection, sessionId } = seed;
    this.id = sessionId;
    this.#directory = new SessionDirectory(connection, sessionId, directory);
    this.state = {
      ...seed,
      isFresh: false,
      scope: (limits) => this.#directory.scope(limits),
      ownAgent: () => this.#directory.agent,
    };
  }

  /** Directory of the session. For `opencode.session(id)` it is `undefined` before the first use. */
  get directory(): string | undefined {
    return this.#directory.path;
  }

  /**
   * Reads stored messages, oldest first: all, or the newest `limit` messages before the message `before`. A message that the server
   * cannot read has the role `"unreadable"`.
   */
  async messages(options: MessagesOptions = {}): Promise<Message[]> {
    return this.run(({ readMessages }, context) => readMessages(context, options));
  }

  /** Iterates all messages, and holds one page in memory. The order `"oldest"` reads the pages twice. */
  async *history(options: HistoryOptions = {}): AsyncGenerator<Message> {
    yield* await this.run(({ iterateMessages }, context) => iterateMessages(context, options));
  }

  /** Reads the messages in the model's context: those since the last compaction. */
  async context(): Promise<Message[]> {
    return this.run(({ readContext }, context) => readContext(context));
  }

  /**
   * Reads the file changes of one prompt, or of all prompts.
   * @throws {ConfigError} without a git repository: the server records changes with git.
   */
  async diff(options: DiffOptions = {}): Promise<FileDiff[]> {
    return this.run(({ readDiff }, context) => readDiff(context, options));
  }

  /** Reads the server's description of the session. */
  info(): Promise<SessionInfo> {
    return this.run(({ readInfo }, context) => readInfo(context));
  }

  /** Reads tokens and cost (USD) of all turns, including sub-agents: in total and by model. */
  async usage(): Promise<SessionUsage> {
    return this.run(({ readUsage }, context) => readUsage(context));
  }

  /** Reads what the session has used of its budget, with sub-agents and reverted prompts, and what is left of each limit. */
  budget(): Promise<BudgetStatus> {
    return this.run(({ readBudget }, context) => readBudget(context));
  }

  /** Reads how full the model's context is, and when the server will compact it. */
  contextUsage(): Promise<ContextUsage> {
    return this.run(({ readContextUsage }, context) => readContextUsage(context));
  }

  /**
   * Reads all that is stored of the session as a document, which `opencode.importSession()` takes on another server. A turn that runs is
   * in it as far as it is stored.
   * @throws {ConfigError} for a wrong `redact`.
   * @throws {ConflictError} for a session that was imported into a 2.x server and has had no prompt: it cannot be read yet.
   */
  async export(options: ExportOptions = {}): Promise<SessionDocument> {
    const { exportSession } = await import("./transfer/export-session.js");
    return exportSession(this.state, options);
  }

  /** Reads the agent's todo list. */
  todo(): Promise<Todo[]> {
    return this.run(({ readTodos }, context) => readTodos(context));
  }

  /** Lists the child sessions: those of sub-agents, and those created with this id as `parentId`. */
  children(): Promise<SessionInfo[]> {
    return this.run(({ readChildSessions }, context) => readChildSessions(context));
  }

  /** Changes the title. */
  async rename(title: string): Promise<void> {
    await this.run(({ updateSession }, context) => updateSession(context, { title }));
  }

  /** Hides the session from lists, until {@link unarchive}. */
  async archive(): Promise<void> {
    await this.run(({ updateSession }, context) => updateSession(context, { archivedAt: Date.now() }));
  }

  /** Shows an archived session in lists again. */
  async unarchive(): Promise<void> {
    await this.run(({ updateSession }, context) => updateSession(context, { archivedAt: 0 }));
  }

  /**
   * Publishes the session, and resolves with its address.
   * @throws {InternalServerError} if the server's configuration disables sharing.
   */
  share(): Promise<string> {
    return this.run(({ shareSession }, context) => shareSession(context));
  }

  /** Ends the publication of the session. */
  unshare(): Promise<void> {
    return this.run(({ unshareSession }, context) => unshareSession(context));
  }

  /** Reads the state of the session: `"retry"` waits for the next attempt of a model call. */
  status(): Promise<{ type: "idle" | "busy" | "retry" }> {
    return this.run(({ readStatus }, context) => readStatus(context));
  }

  /** Loads the operations and runs one, with the rules that are in force at the call. @internal */
  protected async run<T>(operation: (operations: Operations, context: SessionContext) => T | Promise<T>): Promise<T> {
    const context = this.state;
    return operation(await loadOperations(), context);
  }
}
