/** A conversation with the agent. */
import type {
  Answer,
  CommandOptions,
  CompactOptions,
  ForkOptions,
  JsonSchema,
  PermissionConfig,
  PermissionMode,
  PermissionRule,
  Prompt,
  RevertOptions,
  SessionTurnOptions,
  ShellOptions,
  StandardSchema,
  StreamOptions,
  WaitOptions,
} from "../types/index.js";
import type { SteerResult } from "../types/steer.js";
import { AnswerStream, isDetached, type TurnReport } from "./answer-stream.js";
import type { SessionContext } from "./context.js";
import type { RevertResult } from "./history/revert.js";
import type { Operations } from "./load-operations.js";
import { hintOf } from "./session-directory.js";
import { StoredSession } from "./stored-session.js";

/**
 * One session of the server. Turns of the same session id wait for each other, also those of different objects. Methods reject with
 * `SessionNotFoundError` if the server has no such session, and also as requests of {@link OpencodeClient}.
 */
export class Session extends StoredSession {
  /**
   * Asks, and resolves with the answer.
   * @throws {AgentError} or a subclass if the run fails, for example {@link ProviderAuthError}.
   * @throws {AbortedError} if the turn is aborted.
   * @throws {TurnTimeoutError} after `timeout` ms.
   * @throws {StructuredOutputError} if the output does not match the `schema`.
   * @throws {ApprovalPendingError} with `onPermission: "park"`, while nobody has decided about a permission request.
   * @throws {SessionBusyError} if the session is busy, with `whenBusy: "reject"`.
   */
  ask<T>(prompt: Prompt, options: SessionTurnOptions<T> & { readonly schema: StandardSchema<T> }): Promise<Answer<T>>;
  ask<T = unknown>(
    prompt: Prompt,
    options: SessionTurnOptions<T> & { readonly schema: JsonSchema },
  ): Promise<Answer<T>>;
  ask<T = undefined>(prompt: Prompt, options?: SessionTurnOptions<T>): Promise<Answer<T>>;
  ask<T>(prompt: Prompt, options: SessionTurnOptions<T> = {}): Promise<Answer<T>> {
    return this.askStream<T>(prompt, options).answerOnly();
  }

  /**
   * Asks as {@link ask}, and streams the answer. The turn starts at once. With the `messageId` of a running prompt the stream joins
   * that run: from its beginning in the process that runs it, otherwise from its current position. Any number of streams may join.
   */
  askStream<T>(prompt: Prompt, options: StreamOptions<T> & { readonly schema: StandardSchema<T> }): AnswerStream<T>;
  askStream<T = unknown>(prompt: Prompt, options: StreamOptions<T> & { readonly schema: JsonSchema }): AnswerStream<T>;
  askStream<T = undefined>(prompt: Prompt, options?: StreamOptions<T>): AnswerStream<T>;
  askStream<T>(prompt: Prompt, options: StreamOptions<T> = {}): AnswerStream<T> {
    const stream = new AnswerStream<T>(
      (report) => this.run(({ askSession }, context) => askSession(context, prompt, options, report)),
      options,
    );
    if (!isDetached(options)) this.state.connection.track(stream);
    return stream;
  }

  /**
   * Steers the turn that runs in the session in this process, as `AnswerStream.steer()`. If none runs, the prompt is the next turn, with the
   * session's options: also while another process's turn runs, which this turn waits for.
   * @throws {ConfigError} for a wrong prompt.
   * @throws {AbortedError} if the run is stopped before the model is asked with the prompt, which is then taken back.
   */
  steer(prompt: Prompt): Promise<SteerResult> {
    return this.run(({ steerSession }, context) => steerSession(context, prompt));
  }

  /**
   * Aborts the run of the session, of any client, and waits for its end: 5 s, or longer on a slow server. Resolves at once if nothing
   * runs.
   * @throws {AbortedError} if the run has not ended by then.
   */
  async abort(): Promise<void> {
    await this.run(({ abortSession }, context) => abortSession(context));
  }

  /**
   * Replaces older messages by a summary of the session's model. Resolves when the summary is stored.
   * @throws {ModelNotFoundError} for an unknown `model`.
   * @throws {AgentError} if the model makes no summary. The session is unchanged.
   */
  async compact(options: CompactOptions = {}): Promise<void> {
    await this.run(({ compactSession }, context) => compactSession(context, options));
  }

  /**
   * Copies the session with its rules: the messages before `messageId`, or all. A fork is never retried.
   * @throws {APIConnectionError} if the response is lost. Then it is unknown whether the server made a copy.
   * @throws {InternalServerError} if the copy would include a prompt that the server cannot read (1.18.33). Its `hint` names the last
   * message that can be copied.
   */
  async fork(options: ForkOptions = {}): Promise<Session> {
    const info = await this.run(({ forkSession }, context) => forkSession(context, options));
    return new Session({ ...this.state, sessionId: info.id }, hintOf(info));
  }

  /**
   * Reverts a prompt and everything after it, including files that only the session's tools have changed. Files that others changed
   * meanwhile stay as they are; the result lists them in `kept`.
   * @throws {ConflictError} with `files`, before any change, if others changed a file of the session since, or if it is unknown who
   * changed a file. `force: true` reverts such files, too.
   * @throws {ConfigError} without a git repository: files could not be reverted.
   * @throws {SessionBusyError} during a turn.
   */
  revert(messageId: string, options: RevertOptions = {}): Promise<RevertResult> {
    return this.run(({ revertSession }, context) => revertSession(context, messageId, options));
  }

  /**
   * Undoes {@link revert}. It is possible until the next prompt.
   * @throws {ConflictError} with `files`, before any change, if one of the files was changed since. `force: true` resets every file of
   * the repository to its state before the revert, including changes of others.
   */
  unrevert(options: RevertOptions = {}): Promise<RevertResult> {
    return this.run(({ unrevertSession }, context) => unrevertSession(context, options));
  }

  /**
   * Changes the permissions of the agent, from the next turn on: a running turn keeps its rules (1.18.33). Rules are added to the
   * session's rules. The last rule that matches wins, so they override earlier ones; sub-agents get only their denials. A mode
   * replaces all earlier rules of the session, including those of `createSession()`, for the turns of this object. Denials of the
   * server's own configuration stay.
   */
  async setPermissions(rules: PermissionConfig | readonly PermissionRule[] | PermissionMode): Promise<void> {
    const changed = await this.run(({ changePermissions }, context) => changePermissions(context, rules));
    this.state = { ...this.state, ...changed };
  }

  /** Aborts the run of the session, which the server would not do, and deletes the session. */
  delete(): Promise<void> {
    return this.run(({ deleteSession }, context) => deleteSession(context));
  }

  /**
   * Deletes one message permanently. Files do not change.
   * @throws {SessionBusyError} during a turn.
   */
  deleteMessage(messageId: string): Promise<void> {
    return this.run(({ deleteMessage }, context) => deleteMessage(context, messageId));
  }

  /**
   * Runs a command: `/init`, `/review`, or a configured one. The arguments are plain text: the server does not execute or expand
   * them, unless `expandArguments` is true.
   * @throws {ConfigError} for an unknown command, and for arguments that the server would expand in any case.
   */
  command(name: string, args = "", options: CommandOptions = {}): Promise<Answer> {
    return this.#held(({ runCommand }, context, report) => runCommand(context, name, args, options, report));
  }

  /** Runs a shell line in the session's directory, without a model. `toolCalls` of the answer has the output. */
  shell(command: string, options: ShellOptions = {}): Promise<Answer> {
    return this.#held(({ runShell }, context, report) => runShell(context, command, options, report));
  }

  /** Runs opencode's `/init`: the agent writes `AGENTS.md`. */
  init(options: CommandOptions = {}): Promise<Answer> {
    return this.command("init", "", options);
  }

  /** Runs opencode's `/review`: the agent reviews `target`, a commit, branch or pull request, or by default the working tree. */
  review(target = "", options: CommandOptions = {}): Promise<Answer> {
    return this.command("review", target, options);
  }

  /**
   * Waits until the session is idle. Runs of all clients count.
   * @throws {AbortedError} if the `signal` aborts.
   */
  async waitUntilIdle(options: WaitOptions = {}): Promise<void> {
    await this.run(({ waitUntilIdle }, context) => waitUntilIdle(context, options));
  }

  #held(
    run: (operations: Operations, context: SessionContext, report: TurnReport) => Promise<Answer>,
  ): Promise<Answer> {
    const stream = new AnswerStream((report) => this.run((operations, context) => run(operations, context, report)));
    this.state.connection.track(stream);
    return stream.answer;
  }
}
