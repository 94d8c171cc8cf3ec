/** The displayed session with its title, panel and status. */
import type { Opencode, Session, SessionInfo } from "../../client.js";
import { contextFill, type ModelLimits, readLimits } from "./context-bar.js";
import { byId, h } from "./dom.js";
import { showTodos, showUsage } from "./panel.js";
import type { Partials } from "./partials.js";
import { figuresOf } from "./timeline.js";
import { rememberTitle, titleFrom, titleOf } from "./titles.js";
import { Transcript } from "./transcript.js";

export interface ConversationParts {
  readonly opencode: Opencode;
  readonly id: string;
  readonly partials: Partials;
  readonly directory: string | undefined;
  readonly onError: (error: unknown) => void;
  readonly onInfo: (info: SessionInfo) => void;
}

export class Conversation {
  readonly id: string;
  readonly session: Session;
  readonly transcript: Transcript;
  title = "";
  readonly #parts: ConversationParts;
  #isClosed = false;
  #isFiguring = false;
  #limits: ModelLimits = new Map();

  constructor(parts: ConversationParts) {
    this.#parts = parts;
    this.id = parts.id;
    this.session = parts.opencode.session(parts.id);
    const { partials, directory, onError } = parts;
    this.transcript = new Transcript({
      scroller: byId("scroller", HTMLElement),
      list: byId("list", HTMLElement),
      session: this.session,
      partials,
      directory,
      onChange: () => this.#figure(),
      onError,
    });
    showUsage([]);
    showTodos([]);
    readLimits(parts.opencode).then(
      (limits) => {
        this.#limits = limits;
        this.#figure();
      },
      () => {}, // without the list there is no bar; the list of models below the prompt tells the failure
    );
  }

  /** Reads the whole state; called again after missed events. Rejects as the session's methods do. */
  async refresh(): Promise<void> {
    const { keepsTodos, storesTitles } = this.#parts.opencode.api.capabilities;
    const todos = keepsTodos ? this.session.todo() : [];
    const [info, list] = await Promise.all([this.session.info(), todos, this.transcript.refresh()]);
    if (this.#isClosed) return;
    if (!storesTitles) {
      const [first] = figuresOf(this.transcript.timeline.entries);
      rememberTitle(this.id, titleFrom(first?.title ?? "")); // of another program's session: by its first prompt that is loaded
    }
    showTodos(list);
    this.update(info);
    this.#parts.onInfo(info);
  }

  /** The description of the session has changed. */
  update(info: SessionInfo): void {
    this.title = titleOf(info);
    byId("title", HTMLElement).textContent = this.title;
    document.title = `${this.title} · opencode-ts`;
    const parent = byId("parent", HTMLElement);
    parent.replaceChildren(
      ...(info.parentID === undefined ? [] : [h("a", { href: `#${info.parentID}` }, "← Main session")]),
    );
  }

  close(): void {
    this.#isClosed = true;
    this.transcript.close();
  }

  /** Updates the figures once for many events. */
  #figure(): void {
    if (this.#isFiguring) return;
    this.#isFiguring = true;
    setTimeout(() => {
      this.#isFiguring = false;
      if (this.#isClosed) return;
      const turns = figuresOf(this.transcript.timeline.entries);
      showUsage(turns, contextFill(this.transcript.timeline.entries, this.#limits));
      this.transcript.showFigures(turns);
    }, 200);
  }
}
