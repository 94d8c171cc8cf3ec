/** A conversation with the agent. */
import type { SessionChanges } from "../api/inputs.js";
import { OpencodeError } from "../errors/index.js";
import { toRules } from "../permissions/policy/config-rules.js";
import type { Answer, FileDiff, Message, PermissionRule, SessionInfo, SessionUsage, Todo } from "../types/answer.js";
import { optionNames } from "../types/option-names.js";
import type { PermissionConfig, SessionTurnOptions } from "../types/options.js";
import type { PermissionMode } from "../types/policy.js";
import type { Prompt } from "../types/prompt.js";
import type { JsonSchema, StandardSchema } from "../types/schema.js";
import type {
  CommandOptions,
  CompactOptions,
  DiffOptions,
  ForkOptions,
  HistoryOptions,
  MessagesOptions,
  RevertOptions,
  ShellOptions,
  StreamOptions,
  WaitOptions,
} from "../types/session-options.js";
import { checkOptions } from "../util/check-options.js";
import { recordProperty, stringProperty } from "../util/json.js";
import { AnswerStream, isDetached, type TurnReport } from "./answer-stream.js";
import type { SessionContext } from "./context.js";
import { forkSession } from "./fork.js";
import { compactSession, lastModel } from "./history/compact.js";
import { readContext, readDiff, readUsage, requireGit } from "./history/inspect.js";
import { readMessages, requireMessage } from "./history/read-messages.js";
import { type RevertResult, revertTo, unrevert } from "./history/revert.js";
import { abortSession, waitUntilIdle } from "./idle-session.js";
import { addRules, changeMode } from "./permissions/change-permissions.js";
import { type DirectoryHint, SessionDirectory } from "./session-directory.js";
import { askSession } from "./turn/ask.js";
import { runCommand, runShell } from "./turn/command.js";
import { parseModel } from "./turn/prompt.js";

/**
 * One session of the server. Turns are queued per session id, whatever object they are asked on. Methods throw
 * `SessionNotFoundError` when the server has no such session, and the errors of `OpencodeClient` calls.
 */
export class Session {
  readonly id: string;
  readonly #directory: SessionDirectory;
  #context: SessionContext;

  /** @internal */
  constructor(
    seed: Pick<SessionContext, "connection" | "sessionId" | "defaults" | "inForce">,
    directory: DirectoryHint,
  ) {
    const { connection, sessionId } = seed;
    this.id = sessionId;
    this.#directory = new SessionDirectory(connection, sessionId, directory);
    this.#context = { ...seed, isFresh: false, scope: (limits) => this.#directory.scope(limits) };
  }

  /** Where the agent works. For `session(id)` it is known after the first use. */
  get directory(): string | undefined {
    return this.#directory.path;
  }

  /**
   * Asks and resolves to the answer. Rejects with the `AgentError` of a run that failed, `AbortedError`,
   * `TurnTimeoutError`, `StructuredOutputError`, `SessionBusyError`, or the error of a request.
   */
  ask<T>(prompt: Prompt, options: SessionTurnOptions<T> & { readonly schema: StandardSchema<T> }): Promise<Answer<T>>;
  ask<T = unknown>(
    prompt: Prompt,
    options: SessionTurnOptions<T> & { readonly schema: JsonSchema },
  ): Promise<Answer<T>>;
  ask<T = undefined>(prompt: Prompt, options?: SessionTurnOptions<T>): Promise<Answer<T>>;
  ask<T>(prompt: Prompt, options: SessionTurnOptions<T> = {}): Promise<Answer<T>> {
    return this.askStream<T>(prompt, options).answer;
  }

  /**
   * As `ask`, with the text as it comes. Starts at once. With the `messageId` of a prompt that runs it follows that run: in the process that
   * runs it from its beginning, elsewhere from where it is. Any number may.
   */
  askStream<T>(prompt: Prompt, options: StreamOptions<T> & { readonly schema: StandardSchema<T> }): AnswerStream<T>;
  askStream<T = unknown>(prompt: Prompt, options: StreamOptions<T> & { readonly schema: JsonSchema }): AnswerStream<T>;
  askStream<T = undefined>(prompt: Prompt, options?: StreamOptions<T>): AnswerStream<T>;
  askStream<T>(prompt: Prompt, options: StreamOptions<T> = {}): AnswerStream<T> {
    const stream = new AnswerStream<T>((report) => askSession(this.#context, prompt, options, report), options);
    if (!isDetached(options)) this.#context.connection.track(stream);
    return stream;
  }

  /**
   * Stored messages, oldest first: all, or the newest `limit` of those before the message `before`. One that the server
   * cannot read is among them, with the role `"unreadable"`.
   */
  async messages(options: MessagesOptions = {}): Promise<Message[]> {
    checkOptions(options, optionNames.messages, "messages()");
    const { api } = await this.#context.scope();
    return readMessages(api, this.id, options);
  }

  /** All messages in any number; only one page is held. `"newest"` (default) is how the server pages; `"oldest"` reads twice. */
  async *history(options: HistoryOptions = {}): AsyncGenerator<Message> {
    checkOptions(options, optionNames.history, "history()");
    const { messages } = (await this.#context.scope()).api;
    yield* options.order === "oldest" ? messages.oldestFirst(this.id) : messages.newestFirst(this.id);
  }

  /** What the model still sees: the messages since the last compaction. */
  async context(): Promise<Message[]> {
    return readContext((await this.#context.scope()).api, this.id);
  }

  /** Files changed by one prompt, or by all. Throws `ConfigError` where there is no git: the server records changes with it. */
  async diff(options: DiffOptions = {}): Promise<FileDiff[]> {
    checkOptions(options, optionNames.diff, "diff()");
    return readDiff((await this.#context.scope()).api, this.id, options.messageId);
  }

  /** The server's description of the session. */
  async info(): Promise<SessionInfo> {
    return (await this.#context.scope()).api.sessions.get(this.id);
  }

  /** Tokens and cost (USD) of all turns, their sub-agents included: in total and for each model. */
  async usage(): Promise<SessionUsage> {
    return readUsage((await this.#context.scope()).api, this.id);
  }

  /** Ends what is running, whoever asked for it, and waits for its end: 5 s, or longer where answers of the server take long. Nothing running is fine. */
  async abort(): Promise<void> {
    await abortSession(this.#context);
  }

  /**
   * Replaces older messages by a summary, made by the session's model. Resolves when it is done. Throws `ModelNotFoundError`, and the
   * `AgentError` of a model that made none: the session is as before then.
   */
  async compact(options: CompactOptions = {}): Promise<void> {
    checkOptions(options, optionNames.compact, "compact()");
    const scope = await this.#context.scope();
    const model = parseModel(options.model ?? this.#context.defaults.model ?? (await lastModel(scope.api, this.id)));
    const { lifetime, reconnectTimeout } = this.#context.connection;
    await scope.names.validate({ model: `${model.providerID}/${model.modelID}` }, lifetime, { sessionId: this.id });
    await compactSession(scope.api, this.id, model, {
      signal: lifetime,
      retryTimeout: reconnectTimeout,
      liveness: scope.api.liveness,
    });
  }

  /**
   * A copy of the session up to before `messageId`, or of all of it, with its rules. It cannot be made safe: when the answer is lost it is
   * unknown whether a copy was made, and the `APIConnectionError` says so. Throws `InternalServerError` when a prompt that
   * the server cannot read back is to be copied; its `hint` says up to where it can.
   */
  async fork(options: ForkOptions = {}): Promise<Session> {
    checkOptions(options, optionNames.fork, "fork()");
    const { id, directory } = await forkSession(this.#context, options.messageId);
    return new Session({ ...this.#context, sessionId: id }, { known: directory });
  }

  /** The agent's todo list. */
  async todo(): Promise<Todo[]> {
    return (await this.#context.scope()).api.sessions.todos(this.id);
  }

  /**
   * Takes back a prompt and what came after it, files included: those that the session's tools have changed and nobody else has since.
   * What others changed meanwhile stays, and is told in `kept`. Throws `ConflictError` with `files`, before anything is done, when one
   * of the session's was changed since, or when it is not known who has changed one; `force: true` does it all the same. Throws
   * `ConfigError` where there is no git: files would stay. Throws `SessionBusyError` during a turn.
   */
  async revert(messageId: string, options: RevertOptions = {}): Promise<RevertResult> {
    checkOptions(options, optionNames.revert, "revert()");
    const { api } = await this.#context.scope();
    await requireGit(api, "revert");
    const info = await requireMessage(api, this.id, messageId);
    // The server hides the whole turn of an answer, and would restore only what came after that.
    const prompt = info?.role === "assistant" ? info.parentID : messageId;
    return revertTo(api, this.id, prompt, options);
  }

  /**
   * Undoes `revert`, until the next prompt. Throws `ConflictError` with `files`, before anything is done, when one of the files was changed
   * since; with `force: true` every file of the repository becomes what it was before the `revert`, whoever has changed it.
   */
  async unrevert(options: RevertOptions = {}): Promise<RevertResult> {
    checkOptions(options, optionNames.revert, "unrevert()");
    return unrevert((await this.#context.scope()).api, this.id, options);
  }

  /** Sessions that belong to this one: its sub-agents', and those created with its id as `parentId`. */
  async children(): Promise<SessionInfo[]> {
    return (await this.#context.scope()).api.sessions.children(this.id);
  }

  async rename(title: string): Promise<void> {
    await this.#update({ title });
  }

  /** Hides the session from lists. */
  async archive(): Promise<void> {
    await this.#update({ archivedAt: Date.now() });
  }

  async unarchive(): Promise<void> {
    await this.#update({ archivedAt: 0 });
  }

  /**
   * Changes what the agent may do from the next turn on: one that runs keeps its rules (1.18.33). Rules are added to the session's: the last that
   * matches wins, so they override what was said before (of them sub-agents get only the denials). A mode replaces what was said to the session before, rules of
   * `createSession` too, and counts for the turns of this object; what the server's own configuration denies stays denied.
   */
  async setPermissions(rules: PermissionConfig | readonly PermissionRule[] | PermissionMode): Promise<void> {
    const { api } = await this.#context.scope();
    const changed =
      typeof rules === "string"
        ? await changeMode(api, this.#context, rules)
        : await addRules(api, this.#context, toRules(rules));
    this.#context = { ...this.#context, ...changed };
  }

  /** Publishes the session and resolves to its address. Throws `InternalServerError` where sharing is disabled. */
  async share(): Promise<string> {
    const url = (await (await this.#context.scope()).api.sessions.share(this.id)).share?.url;
    if (url === undefined)
      throw new OpencodeError("the server did not share the session", {
        sessionId: this.id,
        hint: "Sharing may be disabled in its configuration.",
      });
    return url;
  }

  async unshare(): Promise<void> {
    await (await this.#context.scope()).api.sessions.unshare(this.id);
  }

  /** Deletes the session. What runs is aborted first: the server would let it go on. */
  async delete(): Promise<void> {
    const { api } = await this.#context.scope();
    await this.abort();
    await api.sessions.delete(this.id);
    this.#context.connection.permissionContext.borrowed.forget(this.id);
    await this.#context.connection.tools?.forget(this.id);
  }

  /** Deletes one message for good; files stay as they are. Throws `SessionBusyError` during a turn. */
  async deleteMessage(messageId: string): Promise<void> {
    const { api } = await this.#context.scope();
    await requireMessage(api, this.id, messageId);
    await api.messages.delete(this.id, messageId);
  }

  /**
   * Runs a command (`/init`, `/review`, or one of the configuration). The arguments are text, wherever they come from: nothing of
   * them is run, read as a file or replaced. Throws `ConfigError` for a command the server does not have, and for arguments that
   * it would expand and that can be given to it in no other way; `expandArguments: true` lets it.
   */
  command(name: string, args = "", options: CommandOptions = {}): Promise<Answer> {
    return this.#held((report) => runCommand(this.#context, name, args, options, report));
  }

  /** Runs a shell line in the session's directory, without a model. The output is in `toolCalls`. */
  shell(command: string, options: ShellOptions = {}): Promise<Answer> {
    return this.#held((report) => runShell(this.#context, command, options, report));
  }

  /** Lets the agent write `AGENTS.md`: opencode's `/init`. */
  init(options: CommandOptions = {}): Promise<Answer> {
    return this.command("init", "", options);
  }

  /** Lets the agent review changes: opencode's `/review`. `target` is a commit, branch or pull request; default the working tree. */
  review(target = "", options: CommandOptions = {}): Promise<Answer> {
    return this.command("review", target, options);
  }

  async status(): Promise<{ type: "idle" | "busy" | "retry" }> {
    const statuses = await (await this.#context.scope()).api.sessions.statuses();
    const type = stringProperty(recordProperty(statuses, this.id), "type");
    return { type: type === "busy" || type === "retry" ? type : "idle" };
  }

  /** Resolves when nothing runs in the session, whoever started it. */
  async waitUntilIdle(options: WaitOptions = {}): Promise<void> {
    checkOptions(options, optionNames.wait, "waitUntilIdle()");
    await waitUntilIdle(this.#context, options.signal);
  }

  async #update(changes: SessionChanges): Promise<void> {
    await (await this.#context.scope()).api.sessions.update(this.id, changes);
  }

  #held(run: (report: TurnReport) => Promise<Answer>): Promise<Answer> {
    const stream = new AnswerStream(run);
    this.#context.connection.track(stream);
    return stream.answer;
  }
}
