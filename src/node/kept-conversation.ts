/** The conversation of a kept server: calls of any process go on with it, one after the other. */
import { join } from "node:path";
import { KnownServer } from "../daemon/daemon-server.js";
import { whenEnded } from "../daemon/exit-reason.js";
import { findEntry, findOrStartEntry, type KeptFound } from "../daemon/find.js";
import { markUse, readConversation, writeConversation } from "../daemon/registry.js";
import { clientOf } from "../daemon/verify.js";
import { SessionNotFoundError } from "../errors/index.js";
import { Opencode } from "../opencode.js";
import { takeLock } from "../process/file-lock.js";
import { AnswerStream, type TurnReport } from "../session/answer-stream.js";
import type { Session } from "../session/session.js";
import { toAbortError } from "../session/turn/abort-error.js";
import { titleOf } from "../session/turn/prompt.js";
import { TurnClock } from "../session/turn/turn-clock.js";
import { turnSignal } from "../session/turn-options.js";
import type { Answer } from "../types/answer.js";
import type { ConversationOptions, KeptServer } from "../types/kept.js";
import { optionNames, placesOfOptions } from "../types/option-names.js";
import { defaults, type SessionTurnOptions } from "../types/options.js";
import type { Prompt } from "../types/prompt.js";
import type { JsonSchema, StandardSchema } from "../types/schema.js";
import type { StreamOptions } from "../types/session-options.js";
import { checkOptions } from "../util/check-options.js";
import { unref } from "../util/delay.js";
import { existingConfigFiles } from "./config-files.js";
import { localPermissionContext } from "./permission-context.js";

const { directory: _directory, parentId: _parentId, ...sessionNames } = optionNames.createSession;

function checkConversation(options: ConversationOptions, call: string): void {
  checkOptions(options, optionNames.conversation, call, placesOfOptions);
  if (options.session !== undefined) checkOptions(options.session, sessionNames, `\`session\` of ${call}`);
}

/** A supervisor that hears of a use only at its beginning would end the server in the middle of a long turn; ms. */
const [shortestPulse, longestPulse] = [50, 1_000];

/** The conversation that follow-up calls go on with. Made by `openConversation()`. */
export class KeptConversation {
  /** The connection, for everything else. Its `close()` leaves the server alone. */
  readonly opencode: Opencode;
  readonly #found: KeptFound;
  readonly #options: ConversationOptions;

  /** @internal */
  constructor(found: KeptFound, options: ConversationOptions) {
    this.#found = found;
    this.#options = options;
    const client = clientOf(found.entry, options);
    const { reconnectTimeout } = defaults;
    this.opencode = new Opencode({
      client,
      server: undefined,
      defaults: {},
      reconnectTimeout,
      ended: (lifetime) => whenEnded(found, lifetime),
      permissionContext: localPermissionContext,
      configFiles: existingConfigFiles,
    });
  }

  get server(): KeptServer {
    return new KnownServer(this.#found.entry, this.sessionId);
  }

  /** The session, once there is one. */
  get sessionId(): string | undefined {
    return readConversation(this.#found.place);
  }

  /** As `Session.ask`, when no other process's turn of this conversation runs. */
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
    return new AnswerStream<T>((report) => this.#ask<T>(prompt, options, report), options);
  }

  /**
   * Calls `work` with the conversation's session while no other process's turn of it runs; makes the session if there is
   * none, with `title` where the options name none. Rejects as `work` does, and with the signal's reason.
   */
  async use<R>(
    work: (session: Session) => Promise<R>,
    { signal, title }: { readonly signal?: AbortSignal | undefined; readonly title?: string | undefined } = {},
  ): Promise<R> {
    const { place, entry } = this.#found;
    const { onWait } = this.#options;
    const release = await takeLock(join(place.folder, "conversation.lock"), { signal, onWait });
    const liveness = setInterval(
      () => markUse(place),
      Math.min(longestPulse, Math.max(shortestPulse, entry.idleTimeout / 20)),
    );
    unref(liveness);
    try {
      return await this.#withSession(work, title);
    } finally {
      clearInterval(liveness);
      markUse(place);
      release();
    }
  }

  /** The next turn begins a new session. */
  async reset(): Promise<void> {
    const release = await takeLock(join(this.#found.place.folder, "conversation.lock"));
    writeConversation(this.#found.place, undefined);
    release();
  }

  /** Aborts this object's turns and ends its connection; the server stays. */
  close(): Promise<void> {
    return this.opencode.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #withSession<R>(work: (session: Session) => Promise<R>, title: string | undefined): Promise<R> {
    const { place, entry } = this.#found;
    const known = readConversation(place);
    if (known !== undefined) {
      try {
        return await work(this.opencode.session(known, { directory: entry.directory }));
      } catch (error) {
        if (!(error instanceof SessionNotFoundError)) throw error; // somebody has deleted it: nothing was asked
      }
    }
    const session = await this.opencode.createSession({
      ...this.#options.session,
      title: this.#options.session?.title ?? title,
    });
    writeConversation(place, session.id);
    return work(session);
  }

  async #ask<T>(prompt: Prompt, options: StreamOptions<T>, report: TurnReport): Promise<Answer<T>> {
    checkOptions(options, optionNames.stream, "ask()", placesOfOptions);
    const { timeout, ...rest } = options;
    const clock = new TurnClock("queue");
    const stop = turnSignal(timeout, clock, report.signal, options.signal); // for all of it, the waiting included
    const { signal } = stop;
    try {
      const work = async (session: Session): Promise<Answer<T>> => {
        const stream = session.askStream<T>(prompt, { ...rest, signal });
        stream.sessionId.then(report.sessionId, () => {}); // the answer tells
        for await (const event of stream.events) if (event.type !== "finish") report.emit(event);
        return await stream.answer;
      };
      return await this.use(work, { signal, title: titleOf(prompt) });
    } catch (error) {
      if (signal.aborted && error === signal.reason) throw toAbortError(signal.reason, {}); // while it waited
      throw error;
    } finally {
      stop.release();
    }
  }
}

/**
 * The conversation of the server that is kept for this user and directory; starts the server when there is none. Throws as
 * `keepServer` does.
 */
export async function openConversation(options: ConversationOptions = {}): Promise<KeptConversation> {
  checkConversation(options, "openConversation()");
  return new KeptConversation(await findOrStartEntry(options), options);
}

/** The same without starting a server: `undefined` when there is none that is ours and answers. */
export async function findConversation(options: ConversationOptions = {}): Promise<KeptConversation | undefined> {
  checkConversation(options, "findConversation()");
  const found = await findEntry(options);
  return found === undefined ? undefined : new KeptConversation(found, options);
}
