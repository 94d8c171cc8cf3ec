/** A conversation with the agent. */
import type { AgentApi } from "../api/agent-api.js";
import type { ApiCall, SessionChanges } from "../api/inputs.js";
import { abortTimeout } from "../client/retry-transient.js";
import {
  AbortedError,
  APIResponseValidationError,
  ConfigError,
  NotFoundError,
  OpencodeError,
} from "../errors/index.js";
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
import { linkSignals, raceAbort } from "../util/abort.js";
import { checkOptions } from "../util/check-options.js";
import { recordProperty, stringProperty } from "../util/json.js";
import { AnswerStream, isDetached, type TurnReport } from "./answer-stream.js";
import type { DirectoryContext } from "./context.js";
import { forkFailure } from "./fork-error.js";
import { compactSession } from "./history/compact.js";
import { readContext, readDiff, readUsage, requireGit } from "./history/inspect.js";
import { readNewest } from "./history/newest.js";
import { type RevertResult, revertTo, unrevert } from "./history/revert.js";
import { addRules, changeMode } from "./permissions/change-permissions.js";
import type { SessionSeed } from "./seed.js";
import { toAbortError } from "./turn/abort-error.js";
import { askSession, planAsk } from "./turn/ask.js";
import { runCommand, runShell } from "./turn/command.js";
import { parseModel } from "./turn/prompt.js";
import { type TurnTarget, whenIdle } from "./turn/take-turn.js";
import { withTurnHooks } from "./turn/turn-hooks.js";
import { resolveTurnOptions } from "./turn-options.js";

/**
 * One session of the server. Turns of the same session id wait for each other, also those of different objects. Methods reject with
 * `SessionNotFoundError` if the server has no such session, and also as requests of {@link OpencodeClient}.
 */
export class Session {
  /** Id of the session (`ses_…`). */
  readonly id: string;
  #seed: SessionSeed;
  #directory: string | undefined;
  #finding: Promise<void> | undefined;

  /** @internal */
  constructor(seed: SessionSeed) {
    this.id = seed.id;
    this.#seed = seed;
    this.#directory = seed.directory;
  }

  /** Directory of the session. For `opencode.session(id)` it is `undefined` before the first use. */
  get directory(): string | undefined {
    return this.#directory ?? this.#seed.expected;
  }

  /**
   * Asks, and resolves with the answer.
   * @throws {AgentError} or a subclass if the run fails, for example {@link ProviderAuthError}.
   * @throws {AbortedError} if the turn is aborted.
   * @throws {TurnTimeoutError} after `timeout` ms.
   * @throws {StructuredOutputError} if the output does not match the `schema`.
   * @throws {SessionBusyError} if the session is busy, with `whenBusy: "reject"`.
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
   * Asks as {@link ask}, and streams the answer. The turn starts at once. With the `messageId` of a running prompt the stream joins
   * that run: from its beginning in the process that runs it, otherwise from its current position. Any number of streams may join.
   */
  askStream<T>(prompt: Prompt, options: StreamOptions<T> & { readonly schema: StandardSchema<T> }): AnswerStream<T>;
  askStream<T = unknown>(prompt: Prompt, options: StreamOptions<T> & { readonly schema: JsonSchema }): AnswerStream<T>;
  askStream<T = undefined>(prompt: Prompt, options?: StreamOptions<T>): AnswerStream<T>;
  askStream<T>(prompt: Prompt, options: StreamOptions<T> = {}): AnswerStream<T> {
    const run = async (report: TurnReport): Promise<Answer<T>> => {
      const { defaults } = this.#seed;
      const resolved = resolveTurnOptions(options, defaults);
      const plan = planAsk(prompt, options, defaults, this.id);
      const { client, running } = this.#seed.connection;
      return running.runOrJoin<T>(this.id, resolved, plan, report, (shared) =>
        withTurnHooks(resolved, client.logger, askSession<T>(this.#target(), resolved, plan, shared)),
      );
    };
    const stream = new AnswerStream<T>(run, options);
    if (!isDetached(options)) this.#seed.connection.track(stream);
    return stream;
  }

  /**
   * Reads stored messages, oldest first: all, or the newest `limit` messages before the message `before`. A message that the server
   * cannot read has the role `"unreadable"`.
   */
  async messages(options: MessagesOptions = {}): Promise<Message[]> {
    checkOptions(options, optionNames.messages, "messages()");
    const { api } = await this.#scope();
    const { limit, before } = options;
    if (limit === undefined && before === undefined) return collect(api.messages.oldestFirst(this.id));
    const from = before === undefined ? {} : await api.messages.before(this.id, before);
    return from === undefined ? [] : readNewest(api, this.id, { ...from, limit: limit ?? newestMessages });
  }

  /** Iterates all messages, and holds one page in memory. The order `"oldest"` reads the pages twice. */
  async *history(options: HistoryOptions = {}): AsyncGenerator<Message> {
    checkOptions(options, optionNames.history, "history()");
    const { messages } = (await this.#scope()).api;
    yield* options.order === "oldest" ? messages.oldestFirst(this.id) : messages.newestFirst(this.id);
  }

  /** Reads the messages in the model's context: those since the last compaction. */
  async context(): Promise<Message[]> {
    return readContext((await this.#scope()).api, this.id);
  }

  /**
   * Reads the file changes of one prompt, or of all prompts.
   * @throws {ConfigError} without a git repository: the server records changes with git.
   */
  async diff(options: DiffOptions = {}): Promise<FileDiff[]> {
    checkOptions(options, optionNames.diff, "diff()");
    return readDiff((await this.#scope()).api, this.id, options.messageId);
  }

  /** Reads the server's description of the session. */
  async info(): Promise<SessionInfo> {
    return (await this.#scope()).api.sessions.get(this.id);
  }

  /** Reads tokens and cost (USD) of all turns, including sub-agents: in total and by model. */
  async usage(): Promise<SessionUsage> {
    return readUsage((await this.#scope()).api, this.id);
  }

  /**
   * Aborts the run of the session, of any client, and waits for its end: 5 s, or longer on a slow server. Resolves at once if nothing
   * runs.
   * @throws {AbortedError} if the run has not ended by then.
   */
  async abort(): Promise<void> {
    const scope = await this.#scope();
    const { lifetime } = this.#seed.connection;
    const limit = linkSignals(lifetime);
    const { liveness } = scope.api;
    const retryTimeout = abortTimeout(liveness);
    const timer = setTimeout(() => limit.abort(), retryTimeout);
    const { signal } = limit;
    try {
      const children = (await this.children()).map(({ id }) => id);
      for (const id of [this.id, ...children]) await scope.api.prompts.abort(id, { signal: lifetime });
      await whenIdle(scope, this.id, "queue", { signal, retryTimeout, liveness });
    } catch (cause) {
      if (lifetime.aborted) throw lifetime.reason;
      if (!signal.aborted) throw cause;
      throw new AbortedError(`the run did not end within ${retryTimeout} ms of its abort`, {
        sessionId: this.id,
        cause,
      });
    } finally {
      clearTimeout(timer);
      limit.release();
    }
  }

  /**
   * Replaces older messages by a summary of the session's model. Resolves when the summary is stored.
   * @throws {ModelNotFoundError} for an unknown `model`.
   * @throws {AgentError} if the model makes no summary. The session is unchanged.
   */
  async compact(options: CompactOptions = {}): Promise<void> {
    checkOptions(options, optionNames.compact, "compact()");
    const scope = await this.#scope();
    const model = parseModel(options.model ?? this.#seed.defaults.model ?? (await this.#model(scope)));
    const { lifetime, reconnectTimeout } = this.#seed.connection;
    await scope.names.validate({ model: `${model.providerID}/${model.modelID}` }, lifetime, { sessionId: this.id });
    await compactSession(scope.api, this.id, model, {
      signal: lifetime,
      retryTimeout: reconnectTimeout,
      liveness: scope.api.liveness,
    });
  }

  /**
   * Copies the session with its rules: the messages before `messageId`, or all. A fork is never retried.
   * @throws {APIConnectionError} if the response is lost. Then it is unknown whether the server made a copy.
   * @throws {InternalServerError} if the copy would include a prompt that the server cannot read (1.18.33). Its `hint` names the last
   * message that can be copied.
   */
  async fork(options: ForkOptions = {}): Promise<Session> {
    checkOptions(options, optionNames.fork, "fork()");
    const { messageId } = options;
    const { api } = await this.#scope();
    const original = await api.sessions.get(this.id);
    const data = await api.sessions
      .fork(this.id, messageId)
      .catch(async (error: unknown) => Promise.reject(await forkFailure(api, this.id, messageId, error)));
    this.#seed.connection.tools?.share(this.id, data.id);
    this.#seed.connection.permissionContext.borrowed.share(this.id, data.id);
    const copy = new Session({ ...this.#seed, id: data.id, directory: data.directory });
    // The server's copy has none of the session's rules (1.18.33): it would do unasked what the session may not do.
    if (original.permission !== undefined) await copy.#update({ addedRules: original.permission });
    return copy;
  }

  /** Reads the agent's todo list. */
  async todo(): Promise<Todo[]> {
    return (await this.#scope()).api.sessions.todos(this.id);
  }

  /**
   * Reverts a prompt and everything after it, including files that only the session's tools have changed. Files that others changed
   * meanwhile stay as they are; the result lists them in `kept`.
   * @throws {ConflictError} with `files`, before any change, if others changed a file of the session since, or if it is unknown who
   * changed a file. `force: true` reverts such files, too.
   * @throws {ConfigError} without a git repository: files could not be reverted.
   * @throws {SessionBusyError} during a turn.
   */
  async revert(messageId: string, options: RevertOptions = {}): Promise<RevertResult> {
    checkOptions(options, optionNames.revert, "revert()");
    const { api } = await this.#scope();
    await requireGit(api, "revert");
    const info = await this.#requireMessage(api, messageId);
    // The server hides the whole turn of an answer, and would restore only what came after that.
    const prompt = info?.role === "assistant" ? info.parentID : messageId;
    return revertTo(api, this.id, prompt, options);
  }

  /**
   * Undoes {@link revert}. It is possible until the next prompt.
   * @throws {ConflictError} with `files`, before any change, if one of the files was changed since. `force: true` resets every file of
   * the repository to its state before the revert, including changes of others.
   */
  async unrevert(options: RevertOptions = {}): Promise<RevertResult> {
    checkOptions(options, optionNames.revert, "unrevert()");
    return unrevert((await this.#scope()).api, this.id, options);
  }

  /** Lists the child sessions: those of sub-agents, and those created with this id as `parentId`. */
  async children(): Promise<SessionInfo[]> {
    return (await this.#scope()).api.sessions.children(this.id);
  }

  /** Changes the title. */
  async rename(title: string): Promise<void> {
    await this.#update({ title });
  }

  /** Hides the session from lists, until {@link unarchive}. */
  async archive(): Promise<void> {
    await this.#update({ archivedAt: Date.now() });
  }

  /** Shows an archived session in lists again. */
  async unarchive(): Promise<void> {
    await this.#update({ archivedAt: 0 });
  }

  /**
   * Changes the permissions of the agent, from the next turn on: a running turn keeps its rules (1.18.33). Rules are added to the
   * session's rules. The last rule that matches wins, so they override earlier ones; sub-agents get only their denials. A mode
   * replaces all earlier rules of the session, including those of `createSession()`, for the turns of this object. Denials of the
   * server's own configuration stay.
   */
  async setPermissions(rules: PermissionConfig | readonly PermissionRule[] | PermissionMode): Promise<void> {
    const { api } = await this.#scope();
    const changed =
      typeof rules === "string"
        ? await changeMode(api, this.#seed, rules)
        : await addRules(api, this.#seed, toRules(rules));
    this.#seed = { ...this.#seed, ...changed };
  }

  /**
   * Publishes the session, and resolves with its address.
   * @throws {InternalServerError} if the server's configuration disables sharing.
   */
  async share(): Promise<string> {
    const url = (await (await this.#scope()).api.sessions.share(this.id)).share?.url;
    if (url === undefined)
      throw new OpencodeError("the server did not share the session", {
        sessionId: this.id,
        hint: "Sharing may be disabled in its configuration.",
      });
    return url;
  }

  /** Ends the publication of the session. */
  async unshare(): Promise<void> {
    await (await this.#scope()).api.sessions.unshare(this.id);
  }

  /** Aborts the run of the session, which the server would not do, and deletes the session. */
  async delete(): Promise<void> {
    const { api } = await this.#scope();
    await this.abort();
    await api.sessions.delete(this.id);
    this.#seed.connection.permissionContext.borrowed.forget(this.id);
    await this.#seed.connection.tools?.forget(this.id);
  }

  /**
   * Deletes one message permanently. Files do not change.
   * @throws {SessionBusyError} during a turn.
   */
  async deleteMessage(messageId: string): Promise<void> {
    const { api } = await this.#scope();
    await this.#requireMessage(api, messageId);
    await api.messages.delete(this.id, messageId);
  }

  /**
   * Runs a command: `/init`, `/review`, or a configured one. The arguments are plain text: the server does not execute or expand
   * them, unless `expandArguments` is true.
   * @throws {ConfigError} for an unknown command, and for arguments that the server would expand in any case.
   */
  command(name: string, args = "", options: CommandOptions = {}): Promise<Answer> {
    return this.#held((report) => runCommand(this.#target(), name, args, options, report));
  }

  /** Runs a shell line in the session's directory, without a model. `toolCalls` of the answer has the output. */
  shell(command: string, options: ShellOptions = {}): Promise<Answer> {
    return this.#held((report) => runShell(this.#target(), command, options, report));
  }

  /** Runs opencode's `/init`: the agent writes `AGENTS.md`. */
  init(options: CommandOptions = {}): Promise<Answer> {
    return this.command("init", "", options);
  }

  /** Runs opencode's `/review`: the agent reviews `target`, a commit, branch or pull request, or by default the working tree. */
  review(target = "", options: CommandOptions = {}): Promise<Answer> {
    return this.command("review", target, options);
  }

  /** Reads the state of the session: `"retry"` waits for the next attempt of a model call. */
  async status(): Promise<{ type: "idle" | "busy" | "retry" }> {
    const statuses = await (await this.#scope()).api.sessions.statuses();
    const type = stringProperty(recordProperty(statuses, this.id), "type");
    return { type: type === "busy" || type === "retry" ? type : "idle" };
  }

  /**
   * Waits until the session is idle. Runs of all clients count.
   * @throws {AbortedError} if the `signal` aborts.
   */
  async waitUntilIdle(options: WaitOptions = {}): Promise<void> {
    checkOptions(options, optionNames.wait, "waitUntilIdle()");
    const { signal } = options;
    const stop = linkSignals(signal, this.#seed.connection.lifetime);
    try {
      const scope = await raceAbort(this.#scope(), stop.signal);
      const { reconnectTimeout } = this.#seed.connection;
      const retryOptions = { signal: stop.signal, retryTimeout: reconnectTimeout, liveness: scope.api.liveness };
      await whenIdle(scope, this.id, "queue", retryOptions);
    } catch (error) {
      if (signal?.aborted === true) throw toAbortError(signal.reason, { sessionId: this.id });
      throw error;
    } finally {
      stop.release();
    }
  }

  #target(): TurnTarget {
    const { connection, defaults, inForce } = this.#seed;
    // Without the caller's signal: the answer is for all callers.
    const scope = ({ timeout, maxRetries }: ApiCall) => this.#scope({ timeout, maxRetries });
    return { connection, sessionId: this.id, defaults, scope, isFresh: false, inForce };
  }

  /** Client and events of the session's directory. It is asked for once, for all callers; a failure is not remembered. */
  async #scope(call: ApiCall = {}): Promise<DirectoryContext> {
    const { connection } = this.#seed;
    if (connection.lifetime.aborted) throw connection.lifetime.reason;
    if (this.#directory === undefined) {
      this.#finding ??= this.#find(call).finally(() => {
        this.#finding = undefined;
      });
      await this.#finding;
    }
    return connection.scope(this.#directory);
  }

  async #find(call: ApiCall): Promise<void> {
    const { directory } = await this.#seed.connection.api.sessions.get(this.id, call);
    const { expected } = this.#seed;
    // The server runs it in its own directory all the same, where nobody would hear of its events and asks.
    if (expected !== undefined && expected !== directory) {
      throw new ConfigError(`the session works in ${JSON.stringify(directory)}, not in ${JSON.stringify(expected)}`, {
        sessionId: this.id,
        hint: "Leave the option `directory` out: it is found.",
      });
    }
    this.#directory = directory;
  }

  /** The server takes a message that does not exist, and answers 200. */
  async #requireMessage({ messages }: AgentApi, messageId: string): Promise<Message["info"] | undefined> {
    const answer = await messages.get(this.id, messageId).catch((error: unknown) => {
      if (error instanceof NotFoundError) throw error; // anything else: it is there, but cannot be read
    });
    return answer?.info;
  }

  async #update(changes: SessionChanges): Promise<void> {
    await (await this.#scope()).api.sessions.update(this.id, changes);
  }

  #held(run: (report: TurnReport) => Promise<Answer>): Promise<Answer> {
    const stream = new AnswerStream(run);
    this.#seed.connection.track(stream);
    return stream.answer;
  }

  /** The model of the last turn, otherwise the server's default. */
  async #model({ api }: DirectoryContext): Promise<string> {
    for await (const { info } of api.messages.newestFirst(this.id)) {
      if (info.role === "assistant") return `${info.providerID}/${info.modelID}`;
    }
    const { model } = await api.catalog.config();
    if (model !== undefined) return model;
    throw new ConfigError("there is no model to make the summary with", {
      sessionId: this.id,
      hint: "Give one: compact({ model }).",
    });
  }
}

/** How many `messages({ before })` gives at most. */
const newestMessages = 50;
/** More than this is read with `history()`, which holds one page. */
const mostMessages = 100_000;

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) {
    if (all.length === mostMessages) {
      throw new APIResponseValidationError(`the session has more than ${mostMessages} messages`, {
        hint: "Read them with history(), which holds one page at a time.",
      });
    }
    all.push(item);
  }
  return all;
}
