/** The session of a chat: made with the first question, changed by commands. */
import type { Session } from "../../index.js";
import type { TargetSettings } from "../settings.js";
import { type Connected, namedSession } from "../target.js";

/** Which session the chat is in. */
export class ChatSession {
  readonly #connected: Connected;
  readonly #target: TargetSettings;
  #session: Session | undefined;
  #isChosen = false;

  constructor(connected: Connected, target: TargetSettings) {
    this.#connected = connected;
    this.#target = target;
  }

  /** Takes the session that the flags name, if they do. */
  async open(): Promise<void> {
    const named = await namedSession(this.#connected.opencode, this.#target);
    if (named !== undefined) await this.choose(named.id);
  }

  /** The session; `undefined` before the first question. */
  get current(): Session | undefined {
    const { conversation, opencode } = this.#connected;
    if (this.#session !== undefined || conversation === undefined) return this.#session;
    const id = conversation.sessionId;
    return id === undefined ? undefined : opencode.session(id);
  }

  /** Calls `work` with the session, made if there is none. In the kept conversation nobody else asks meanwhile. */
  async use<T>(
    work: (session: Session) => Promise<T>,
    { signal, title }: { readonly signal: AbortSignal; readonly title: string },
  ): Promise<T> {
    const { conversation, opencode } = this.#connected;
    if (conversation !== undefined && !this.#isChosen) {
      return conversation.use(work, { signal, title });
    }
    this.#session ??= await opencode.createSession({ title: this.#target.title ?? title });
    return work(this.#session);
  }

  /** Goes on with another session. Throws when there is none with this id. */
  async choose(id: string): Promise<void> {
    const session = this.#connected.opencode.session(id);
    await session.info();
    this.#session = session;
    this.#isChosen = true;
  }

  /** The next question begins a new one. */
  async reset(): Promise<void> {
    this.#session = undefined;
    this.#isChosen = false;
    await this.#connected.conversation?.reset();
  }
}
