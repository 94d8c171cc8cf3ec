/** The conversation of a kept server. Calls of all processes continue it, one after the other. */
import { KnownServer } from "../daemon/daemon-server.js";
import { findEntry, findOrStartEntry, type KeptFound } from "../daemon/find.js";
import { readConversation, writeConversation } from "../daemon/registry.js";
import { SessionNotFoundError } from "../errors/index.js";
import type { Opencode } from "../opencode.js";
import { AnswerStream, type TurnReport } from "../session/answer-stream.js";
import type { Session } from "../session/session.js";
import { toAbortError } from "../session/turn/abort-error.js";
import { titleOf } from "../session/turn/prompt.js";
import { replaceLimits, TurnClock, turnSignal } from "../session/turn/turn-clock.js";
import type {
  Answer,
  ConversationOptions,
  JsonSchema,
  KeptServer,
  Prompt,
  SessionTurnOptions,
  StandardSchema,
  StreamOptions,
} from "../types/index.js";
import { raceAbort } from "../util/abort.js";
import { checkConversation, checkConversationTurn } from "./check-conversation.js";
import { lockConversation, useConversation } from "./conversation-lock.js";
import { connectKept } from "./kept-connection.js";

/** The conversation of a kept server. `openConversation()` and `findConversation()` make it. */
export class KeptConversation {
  /** Connection to the server, for all other calls. Its `close()` does not end the server. */
  readonly opencode: Opencode;
  readonly #found: KeptFound;
  readonly #options: ConversationOptions;

  /** @internal */
  constructor(found: KeptFound, options: ConversationOptions, opencode: Opencode) {
    this.#found = found;
    this.#options = options;
    this.opencode = opencode;
  }

  /** The kept server. */
  get server(): KeptServer {
    return new KnownServer(this.#found.entry, this.sessionId);
  }

  /** Id of the session; `undefined` before the first turn and after {@link reset}. */
  get sessionId(): string | undefined {
    return readConversation(this.#found.place);
  }

  /** Asks as `Session.ask()`, after the running turns of other processes in this conversation. Rejects as `Session.ask()`. */
  ask<T>(prompt: Prompt, options: SessionTurnOptions<T> & { readonly schema: StandardSchema<T> }): Promise<Answer<T>>;
  ask<T = unknown>(
    prompt: Prompt,
    options: SessionTurnOptions<T> & { readonly schema: JsonSchema },
  ): Promise<Answer<T>>;
  ask<T = undefined>(prompt: Prompt, options?: SessionTurnOptions<T>): Promise<Answer<T>>;
  ask<T>(prompt: Prompt, options: SessionTurnOptions<T> = {}): Promise<Answer<T>> {
    return this.askStream<T>(prompt, options).answer;
  }

  /** Asks as {@link ask}, and streams the answer. The turn starts at once. */
  askStream<T>(prompt: Prompt, options: StreamOptions<T> & { readonly schema: StandardSchema<T> }): AnswerStream<T>;
  askStream<T = unknown>(prompt: Prompt, options: StreamOptions<T> & { readonly schema: JsonSchema }): AnswerStream<T>;
  askStream<T = undefined>(prompt: Prompt, options?: StreamOptions<T>): AnswerStream<T>;
  askStream<T>(prompt: Prompt, options: StreamOptions<T> = {}): AnswerStream<T> {
    return new AnswerStream<T>((report) => this.#ask<T>(prompt, options, report), options);
  }

  /**
   * Calls `work` once with the conversation's session, while no other process uses it. Creates the session if there is none or it was
   * deleted, with this `title` if the options have none. Rejects as `work`, and with the reason of the `signal`.
   */
  use<R>(
    work: (session: Session) => Promise<R>,
    options: { readonly signal?: AbortSignal | undefined; readonly title?: string | undefined } = {},
  ): Promise<R> {
    return this.#use(options, async (known, createNew) =>
      work((await unlessDeleted(known, options.signal)) ?? (await createNew())),
    );
  }

  /** Ends the conversation: the next turn begins a new session. */
  async reset(): Promise<void> {
    const release = await lockConversation(this.#found.place);
    writeConversation(this.#found.place, undefined);
    release();
  }

  /** Aborts the turns of this object and closes its connection. The server keeps running. */
  close(): Promise<void> {
    return this.opencode.close();
  }

  /** Calls {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Calls `work` with the session that was used last, which may be deleted by now, and with the way to a new one. */
  async #use<R>(
    { signal, title }: { readonly signal?: AbortSignal | undefined; readonly title?: string | undefined },
    work: (known: Session | undefined, createNew: () => Promise<Session>) => Promise<R>,
  ): Promise<R> {
    const { onWait, session: given } = this.#options;
    const { place, entry } = this.#found;
    const release = await useConversation(this.#found, { signal, onWait });
    try {
      const id = readConversation(place);
      const known = id === undefined ? undefined : this.opencode.session(id, { directory: entry.directory });
      return await work(known, async () => {
        const session = await this.opencode.createSession({ ...given, title: given?.title ?? title });
        writeConversation(place, session.id);
        return session;
      });
    } finally {
      release();
    }
  }

  async #ask<T>(prompt: Prompt, options: StreamOptions<T>, report: TurnReport): Promise<Answer<T>> {
    checkConversationTurn(options);
    const { timeout, ...rest } = options;
    const clock = new TurnClock("queue");
    const stop = turnSignal(timeout, clock, report.signal, options.signal); // for all of it, the waiting included
    const { signal } = stop;
    replaceLimits(options, signal);
    const isTold = (options.onSettled ?? this.#options.onSettled) !== undefined;
    try {
      const ask = async (session: Session): Promise<Answer<T>> => {
        const stream = session.askStream<T>(prompt, { ...rest, signal });
        report.offerSubagents?.(() => stream.subagents());
        stream.sessionId.then(report.sessionId, () => {}); // the answer tells
        report.steers?.attach((steer) => stream.steer(steer));
        try {
          for await (const event of stream.events) if (event.type !== "finish") report.emit(event);
          return await stream.answer;
        } finally {
          await report.steers?.settled(); // those that have become turns are part of the conversation
        }
      };
      return await this.#use({ signal, title: titleOf(prompt) }, async (known, createNew) => {
        if (known === undefined) return ask(await createNew());
        // A turn in a session that was deleted would be told as failed, and told again in the next session.
        if (isTold) return ask((await unlessDeleted(known, signal)) ?? (await createNew()));
        try {
          return await ask(known);
        } catch (error) {
          if (!(error instanceof SessionNotFoundError)) throw error; // somebody has deleted it: nothing was asked
          return await ask(await createNew());
        }
      });
    } catch (error) {
      if (signal.aborted && error === signal.reason) throw toAbortError(signal.reason, {}); // while it waited
      throw error;
    } finally {
      stop.release();
    }
  }
}

/** `undefined` for a session that was deleted. Any other failure is left to its next call. Rejects with the reason of the `signal`. */
function unlessDeleted(session: Session | undefined, signal: AbortSignal | undefined): Promise<Session | undefined> {
  const look = async (): Promise<Session | undefined> => {
    try {
      await session?.info();
    } catch (error) {
      if (error instanceof SessionNotFoundError) return undefined;
    }
    return session;
  };
  return raceAbort(look(), signal);
}

/**
 * Opens the conversation of this user's kept server for the directory. Starts the server if there is none. Rejects as
 * `keepServer()`.
 * @throws {ConfigError} for a wrong option, and for an option that differs from the running server's.
 */
export async function openConversation(options: ConversationOptions = {}): Promise<KeptConversation> {
  checkConversation(options, "openConversation()");
  return conversationOf(await findOrStartEntry(options), options);
}

/**
 * Opens the conversation of this user's kept server for the directory. Starts no server: resolves with `undefined` if none is
 * running.
 * @throws {ConfigError} for a wrong option.
 */
export async function findConversation(options: ConversationOptions = {}): Promise<KeptConversation | undefined> {
  checkConversation(options, "findConversation()");
  const found = await findEntry(options);
  return found === undefined ? undefined : conversationOf(found, options);
}

async function conversationOf(found: KeptFound, options: ConversationOptions): Promise<KeptConversation> {
  return new KeptConversation(found, options, await connectKept(found, options));
}
