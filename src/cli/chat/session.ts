/** The session of a chat: created with the first prompt, changed by commands. */
import type { Session } from "../../index.js";
import type { TargetSettings } from "../settings.js";
import { budgetOf, type Connected, namedSession } from "../target.js";

/** Holds the current session of the chat. */
export class ChatSession {
  readonly #connected: Connected;
  readonly #target: TargetSettings;
  #session: Session | undefined;
  #isChosen = false;

  constructor(connected: Connected, target: TargetSettings) {
    this.#connected = connected;
    this.#target = target;
  }

  /** Opens the session that the flags name, if any. */
  async open(): Promise<void> {
    const named = await namedSession(this.#connected.opencode, this.#target);
    if (named !== undefined) await this.choose(named.id);
  }

  /** The session; `undefined` before the first prompt. */
  get current(): Session | undefined {
    const { conversation, opencode } = this.#connected;
    if (this.#session !== undefined || conversation === undefined) return this.#session;
    const id = conversation.sessionId;
    return id === undefined ? undefined : opencode.session(id);
  }

  /** Calls `work` with the session, and creates one if needed. A daemon's conversation is locked meanwhile. */
  async use<T>(
    work: (session: Session) => Promise<T>,
    { signal, title }: { readonly signal: AbortSignal; readonly title: string },
  ): Promise<T> {
    const { conversation, opencode } = this.#connected;
    if (conversation !== undefined && !this.#isChosen) {
      return conversation.use(work, { signal, title });
    }
    this.#session ??= await opencode.createSession({
      title: this.#target.title ?? title,
      budget: budgetOf(this.#target),
    });
    return work(this.#session);
  }

  /** Continues another session. Throws if no session has this id. */
  async choose(id: string): Promise<void> {
    const session = this.#connected.opencode.session(id);
    await session.info();
    this.#session = session;
    this.#isChosen = true;
  }

  /** The next prompt starts a new session. */
  async reset(): Promise<void> {
    this.#session = undefined;
    this.#isChosen = false;
    await this.#connected.conversation?.reset();
  }
}
