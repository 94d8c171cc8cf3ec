/** A conversation with the agent. */
import {
  AbortedError,
  APIConnectionError,
  APITimeoutError,
  ConfigError,
  NotFoundError,
  OpencodeError,
} from "../errors.js";
import type { paths } from "../generated/schema.js";
import { delay } from "../internal/delay.js";
import { mintId } from "../internal/ids.js";
import { recordProperty, stringProperty } from "../internal/json.js";
import { toRules } from "../permissions/rules.js";
import type { Answer, FileDiff, Message, PermissionRule, SessionInfo, Todo, Usage } from "../types/answer.js";
import type { PermissionConfig, Prompt, SessionTurnOptions } from "../types/options.js";
import type { JsonSchema, StandardSchema } from "../types/schema.js";
import { AnswerStream, type TurnReport } from "./answer-stream.js";
import { type AskTarget, askSession, takeTurn, whenIdle } from "./ask.js";
import type { Connection, Scope } from "./context.js";
import { submitHeld } from "./held.js";
import { readContext, readDiff, readUsage, requireGit } from "./inspect.js";
import { newestFirst, oldestFirst, readPage } from "./messages.js";
import { parseModel } from "./prompt.js";
import { resolveTurnOptions, type TurnDefaults } from "./turn-options.js";

/** How long an abort may take to end a run, in ms. */
const abortPatience = 5_000;

/** What a session is made from. Not for callers: use `createSession()` and `session(id)`. */
export interface SessionSeed {
  readonly connection: Connection;
  readonly id: string;
  /** `undefined`: found out on first use. */
  readonly directory: string | undefined;
  readonly defaults: TurnDefaults;
  /** Made by this client just now, for this one use. */
  readonly isFresh?: boolean | undefined;
}

/** Options of a stream of a session. */
export type StreamOptions<T> = SessionTurnOptions<T> & {
  /** Leave the run going when the iteration ends early, and when a connection to somebody else's server is closed. Default false. */
  readonly detach?: boolean | undefined;
};

/**
 * One session of the server. Turns are queued per session id, whatever object they are asked on. Methods throw
 * `SessionNotFoundError` when the server has no such session, and the errors of `OpencodeClient` calls.
 */
export class Session {
  readonly id: string;
  readonly #seed: SessionSeed;
  #directory: string | undefined;
  #scoped: Promise<Scope> | undefined;

  /** @internal */
  constructor(seed: SessionSeed) {
    this.id = seed.id;
    this.#seed = seed;
    this.#directory = seed.directory;
  }

  /** Where the agent works. For `session(id)` it is known after the first use. */
  get directory(): string | undefined {
    return this.#directory;
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

  /** As `ask`, with the text as it comes. Starts at once. */
  askStream<T>(prompt: Prompt, options: StreamOptions<T> & { readonly schema: StandardSchema<T> }): AnswerStream<T>;
  askStream<T = unknown>(prompt: Prompt, options: StreamOptions<T> & { readonly schema: JsonSchema }): AnswerStream<T>;
  askStream<T = undefined>(prompt: Prompt, options?: StreamOptions<T>): AnswerStream<T>;
  askStream<T>(prompt: Prompt, options: StreamOptions<T> = {}): AnswerStream<T> {
    const stream = new AnswerStream<T>((report) => askSession(this.#target(), prompt, options, report), options);
    if (options.detach !== true) this.#seed.connection.track(stream);
    return stream;
  }

  /** One page of stored messages, oldest first. Default: all. `before` is the id-independent cursor of an earlier page. */
  async messages(
    options: { readonly limit?: number | undefined; readonly before?: string | undefined } = {},
  ): Promise<Message[]> {
    const { client } = await this.#scope();
    if (options.limit !== undefined || options.before !== undefined)
      return (await readPage(client, this.id, options)).messages;
    return collect(oldestFirst(client, this.id));
  }

  /** All messages in any number; only one page is held. `"newest"` (default) is how the server pages; `"oldest"` reads twice. */
  async *history({
    order = "newest",
  }: {
    readonly order?: "newest" | "oldest" | undefined;
  } = {}): AsyncGenerator<Message> {
    const { client } = await this.#scope();
    yield* order === "oldest" ? oldestFirst(client, this.id) : newestFirst(client, this.id);
  }

  /** What the model still sees: the messages since the last compaction. */
  async context(): Promise<Message[]> {
    return readContext((await this.#scope()).client, this.id);
  }

  /** Files changed by one prompt, or by all. Throws `ConfigError` where there is no git: the server records changes with it. */
  async diff({ messageId }: { readonly messageId?: string | undefined } = {}): Promise<FileDiff[]> {
    return readDiff((await this.#scope()).client, this.id, messageId);
  }

  /** The server's description of the session. */
  async info(): Promise<SessionInfo> {
    return (await (await this.#scope()).client.GET("/session/{sessionID}", this.#path)).data;
  }

  /** Tokens and cost (USD) of all turns. */
  async usage(): Promise<Usage & { cost: number }> {
    return readUsage((await this.#scope()).client, this.id);
  }

  /** Ends what is running, whoever asked for it, and waits up to 5 s for its end. Nothing running is fine. */
  async abort(): Promise<void> {
    const scope = await this.#scope();
    const signal = AbortSignal.timeout(abortPatience);
    const children = (await this.children()).map(({ id }) => id);
    for (const sessionID of [this.id, ...children]) {
      await scope.client.POST("/session/{sessionID}/abort", { params: { path: { sessionID } } });
    }
    await whenIdle(scope, this.id, "queue", signal).catch((cause: unknown) => {
      if (!signal.aborted) throw cause;
      throw new AbortedError(`the run did not end within ${abortPatience} ms of its abort`, {
        sessionId: this.id,
        cause,
      });
    });
  }

  /** Replaces older messages by a summary, made by the session's model. Resolves when it is done. */
  async compact(options: { readonly model?: string | undefined } = {}): Promise<void> {
    const scope = await this.#scope();
    const model = parseModel(options.model ?? (await this.#model(scope)));
    try {
      await scope.client.POST("/session/{sessionID}/summarize", { ...this.#path, body: model, timeout: 0 });
    } catch (error) {
      if (!(error instanceof APIConnectionError || error instanceof APITimeoutError)) throw error;
      await delay(1_000); // the answer was lost, the work goes on
      await this.waitUntilIdle();
    }
  }

  /** A copy of the session up to before `messageId`, or of all of it. If the answer is lost it is unknown whether one was made. */
  async fork({ messageId }: { readonly messageId?: string | undefined } = {}): Promise<Session> {
    const { client } = await this.#scope();
    const body = messageId === undefined ? {} : { messageID: messageId };
    const { data } = await client.POST("/session/{sessionID}/fork", { ...this.#path, body });
    return new Session({ ...this.#seed, id: data.id, directory: data.directory, isFresh: false });
  }

  /** The agent's todo list. */
  async todo(): Promise<Todo[]> {
    return (await (await this.#scope()).client.GET("/session/{sessionID}/todo", this.#path)).data;
  }

  /** Takes back a prompt and what came after it, files included. Throws `ConfigError` where there is no git: files would stay. */
  async revert(messageId: string): Promise<void> {
    const { client } = await this.#scope();
    await requireGit(client, "revert");
    // The server answers 200 for a message that does not exist.
    const path = { sessionID: this.id, messageID: messageId };
    await client.GET("/session/{sessionID}/message/{messageID}", { params: { path } });
    await client.POST("/session/{sessionID}/revert", { ...this.#path, body: { messageID: messageId } });
  }

  /** Undoes `revert`. */
  async unrevert(): Promise<void> {
    await (await this.#scope()).client.POST("/session/{sessionID}/unrevert", this.#path);
  }

  /** Sessions that belong to this one: its sub-agents', and those created with its id as `parentId`. */
  async children(): Promise<SessionInfo[]> {
    return (await (await this.#scope()).client.GET("/session/{sessionID}/children", this.#path)).data;
  }

  async rename(title: string): Promise<void> {
    await this.#update({ title });
  }

  /** Hides the session from lists. */
  async archive(): Promise<void> {
    await this.#update({ time: { archived: Date.now() } });
  }

  async unarchive(): Promise<void> {
    await this.#update({ time: { archived: 0 } });
  }

  /** Adds rules to the session's: the last that matches wins, so they override what was said before. */
  async setPermissions(rules: PermissionConfig | readonly PermissionRule[]): Promise<void> {
    await this.#update({ permission: toRules(rules) });
  }

  /** Publishes the session and resolves to its address. Throws `InternalServerError` where sharing is disabled. */
  async share(): Promise<string> {
    const { data } = await (await this.#scope()).client.POST("/session/{sessionID}/share", this.#path);
    const url = data.share?.url;
    if (url === undefined)
      throw new OpencodeError("the server did not share the session", {
        sessionId: this.id,
        hint: "Sharing may be disabled in its configuration.",
      });
    return url;
  }

  async unshare(): Promise<void> {
    await (await this.#scope()).client.DELETE("/session/{sessionID}/share", this.#path);
  }

  /** Deletes the session. What runs is aborted first: the server would let it go on. */
  async delete(): Promise<void> {
    const { client } = await this.#scope();
    await this.abort();
    await client.DELETE("/session/{sessionID}", this.#path);
  }

  /** Deletes one message for good; files stay as they are. Throws `SessionBusyError` during a turn. */
  async deleteMessage(messageId: string): Promise<void> {
    const { client } = await this.#scope();
    const path = { sessionID: this.id, messageID: messageId };
    // The server answers 200 for a message that does not exist.
    await client.GET("/session/{sessionID}/message/{messageID}", { params: { path } }).catch((error: unknown) => {
      if (error instanceof NotFoundError) throw error; // anything else: it is there, but cannot be read
    });
    await client.DELETE("/session/{sessionID}/message/{messageID}", { params: { path } });
  }

  /** Runs a command (`/init`, `/review`, or one of the configuration). Throws `ConfigError` for one the server does not have. */
  command(name: string, args = "", options: SessionTurnOptions = {}): Promise<Answer> {
    return this.#held(options, async (scope, messageID) => {
      const { data: commands } = await scope.client.GET("/command");
      if (!commands.some((command) => command.name === name)) {
        const names = commands.map((command) => command.name).join(", ");
        throw new ConfigError(`the server has no command "${name}"`, { hint: `It has: ${names}.` });
      }
      const body: CommandBody = { messageID, command: name, arguments: args };
      if (options.model !== undefined) body.model = options.model;
      if (options.agent !== undefined) body.agent = options.agent;
      if (options.variant !== undefined) body.variant = options.variant;
      return () => scope.client.POST("/session/{sessionID}/command", { ...this.#path, body, timeout: 0 });
    });
  }

  /** Runs a shell line in the session's directory, without a model. The output is in `toolCalls`. */
  shell(command: string, options: SessionTurnOptions = {}): Promise<Answer> {
    return this.#held(options, async (scope, messageID) => {
      const body: ShellBody = { messageID, command, agent: options.agent ?? this.#seed.defaults.agent ?? "build" };
      return () => scope.client.POST("/session/{sessionID}/shell", { ...this.#path, body, timeout: 0 });
    });
  }

  /** Lets the agent write `AGENTS.md`: opencode's `/init`. */
  init(options: SessionTurnOptions = {}): Promise<Answer> {
    return this.command("init", "", options);
  }

  /** Lets the agent review changes: opencode's `/review`. `target` is a commit, branch or pull request; default the working tree. */
  review(target = "", options: SessionTurnOptions = {}): Promise<Answer> {
    return this.command("review", target, options);
  }

  async status(): Promise<{ type: "idle" | "busy" | "retry" }> {
    const { data } = await (await this.#scope()).client.GET("/session/status");
    const type = stringProperty(recordProperty(data, this.id), "type");
    return { type: type === "busy" || type === "retry" ? type : "idle" };
  }

  /** Resolves when nothing runs in the session, whoever started it. */
  async waitUntilIdle({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    await whenIdle(await this.#scope(), this.id, "queue", signal ?? this.#seed.connection.lifetime);
  }

  get #path(): { params: { path: { sessionID: string } } } {
    return { params: { path: { sessionID: this.id } } };
  }

  #target(): AskTarget {
    const { connection, defaults, isFresh } = this.#seed;
    return {
      connection,
      sessionId: this.id,
      defaults,
      scope: (signal) => this.#scope(signal),
      isFresh: isFresh === true,
    };
  }

  /** Client and events of the session's directory. Asked once; a failure is not remembered. */
  #scope(signal?: AbortSignal): Promise<Scope> {
    this.#scoped ??= this.#findScope(signal).catch((error: unknown) => {
      this.#scoped = undefined;
      throw error;
    });
    return this.#scoped;
  }

  async #findScope(signal: AbortSignal | undefined): Promise<Scope> {
    const { connection } = this.#seed;
    if (this.#directory === undefined) {
      const { data } = await connection.client.GET("/session/{sessionID}", { ...this.#path, signal });
      this.#directory = data.directory;
    }
    return connection.scope(this.#directory);
  }

  async #update(body: UpdateBody): Promise<void> {
    await (await this.#scope()).client.PATCH("/session/{sessionID}", { ...this.#path, body });
  }

  #held(
    given: SessionTurnOptions,
    prepare: (scope: Scope, messageId: string) => Promise<() => Promise<unknown>>,
  ): Promise<Answer> {
    const run = async (report: TurnReport): Promise<Answer> => {
      const options = resolveTurnOptions(given, this.#seed.defaults);
      const messageId = options.messageId ?? mintId("msg");
      const patience = this.#seed.connection.reconnectTimeout;
      const { answer } = await takeTurn(
        this.#target(),
        options,
        {
          messageId,
          submit: async (scope, signal, turn) =>
            submitHeld({ scope, turn, messageId, signal, patience, post: await prepare(scope, messageId) }),
        },
        report,
      );
      return answer;
    };
    const stream = new AnswerStream(run);
    this.#seed.connection.track(stream);
    return stream.answer;
  }

  /** The model of the last turn, otherwise the server's default. */
  async #model({ client }: Scope): Promise<string> {
    for await (const { info } of newestFirst(client, this.id)) {
      if (info.role === "assistant") return `${info.providerID}/${info.modelID}`;
    }
    const { data } = await client.GET("/config");
    if (data.model !== undefined) return data.model;
    throw new ConfigError("there is no model to make the summary with", {
      sessionId: this.id,
      hint: "Give one: compact({ model }).",
    });
  }
}

type Body<P extends keyof paths, V extends "post" | "patch"> = paths[P][V] extends {
  requestBody?: { content: { "application/json": infer B } };
}
  ? B
  : never;
type CommandBody = Body<"/session/{sessionID}/command", "post">;
type ShellBody = Body<"/session/{sessionID}/shell", "post">;
type UpdateBody = Body<"/session/{sessionID}", "patch">;

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
