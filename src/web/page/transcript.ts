/** Shows the messages of a conversation, from reads and from events. */
import type { Message, Part, Session, UserMessage } from "../../client.js";
import { h } from "./dom.js";
import { MessageView } from "./message-view.js";
import type { Partials } from "./partials.js";
import { compare, type Entry, localPrefix, Timeline, type TimelineListener, type TurnFigures } from "./timeline.js";

/** Messages per page. */
const pageSize = 40;
/** Maximum number of messages on the page. A new prompt drops the oldest beyond it; they can be loaded again. */
const maxMessages = 240;
/** Within this distance of the end (px) the view follows new text. */
const nearEnd = 90;

export interface TranscriptParts {
  /** The scrolling element. */
  readonly scroller: HTMLElement;
  /** The parent of the messages. */
  readonly list: HTMLElement;
  readonly session: Session;
  readonly partials: Partials;
  readonly directory: string | undefined;
  /** Data for the figures has changed. */
  readonly onChange: () => void;
  /** A read has failed. */
  readonly onError: (error: unknown) => void;
}

export class Transcript implements TimelineListener {
  readonly timeline: Timeline = new Timeline(this);
  readonly #parts: TranscriptParts;
  readonly #views = new Map<string, MessageView>();
  readonly #dirty = new Map<string, { entry: Entry; part: Part }>();
  readonly #older: HTMLButtonElement;
  #frame: number | undefined;
  /** The view follows the text until the user scrolls up, and again after they scroll back to the end. */
  #follows = true;
  #lastTop = 0;
  /** Growing content is not scrolling: only scrolling up counts. */
  readonly #onScroll = (): void => {
    const { scrollTop } = this.#parts.scroller;
    if (this.isAtEnd) this.#follows = true;
    else if (scrollTop < this.#lastTop - 2) this.#follows = false;
    this.#lastTop = scrollTop;
  };
  #isClosed = false;

  constructor(parts: TranscriptParts) {
    this.#parts = parts;
    this.#older = h(
      "button",
      { type: "button", class: "quiet older", hidden: true, onclick: () => void this.#loadOlder() },
      "Load older messages",
    );
    parts.list.replaceChildren(this.#older);
    parts.scroller.addEventListener("scroll", this.#onScroll);
  }

  /** Reads the newest page; called again after missed events. Rejects as `Session.messages` does. */
  async refresh(): Promise<void> {
    const isFirst = this.timeline.size === 0;
    const messages = await this.#parts.session.messages({ limit: pageSize });
    if (this.#isClosed) return;
    this.timeline.read(messages);
    if (isFirst) this.#older.hidden = messages.length < pageSize;
    this.#flush();
    if (isFirst) this.toEnd();
  }

  /** A prompt of this page, shown before the agent has it. */
  addPrompt(messageId: string, text: string, files: readonly { name: string }[], model: string | undefined): void {
    const [providerID = "", modelID = ""] = model?.split(/\/(.*)/) ?? [];
    const { id: sessionID } = this.#parts.session;
    const time = { created: Math.max(Date.now(), (this.timeline.entries.at(-1)?.info.time.created ?? 0) + 1) };
    const info: UserMessage = {
      id: messageId,
      role: "user",
      sessionID,
      time,
      agent: "",
      model: { providerID, modelID },
    };
    this.timeline.message(info);
    const base = { sessionID, messageID: messageId };
    this.timeline.part({ ...base, id: `${localPrefix}0`, type: "text", text });
    for (const [index, { name }] of files.entries()) {
      const id = `${localPrefix}${index + 1}`;
      this.timeline.part({ ...base, id, type: "file", mime: "", url: "", filename: name });
    }
    this.#trim();
    this.#flush();
    this.toEnd();
  }

  /** A piece of a streaming text has arrived. */
  touch(messageId: string, partId: string): void {
    const entry = this.timeline.entry(messageId);
    const part = entry?.parts.get(partId);
    if (entry !== undefined && part !== undefined) this.part(entry, part);
  }

  message(entry: Entry): void {
    const known = this.#views.get(entry.info.id);
    if (known !== undefined) known.showHead(entry);
    else this.#insert(entry);
    this.#parts.onChange();
    this.#schedule();
  }

  part(entry: Entry, part: Part): void {
    this.#dirty.set(part.id, { entry, part });
    this.#schedule();
  }

  removed(messageId: string): void {
    this.#views.get(messageId)?.element.remove();
    this.#views.delete(messageId);
    this.#parts.onChange();
  }

  partRemoved(entry: Entry, partId: string): void {
    this.#dirty.delete(partId);
    this.#views.get(entry.info.id)?.removePart(partId);
  }

  /** Shows time, tokens and cost below each finished turn. */
  showFigures(turns: readonly TurnFigures[]): void {
    const byLast = new Map(turns.filter(({ isOver }) => isOver).map((turn) => [turn.lastId, turn]));
    for (const [id, view] of this.#views) view.showFigures(byLast.get(id));
    if (this.#follows) this.toEnd();
  }

  toEnd(): void {
    const { scroller } = this.#parts;
    scroller.scrollTop = scroller.scrollHeight;
    this.#follows = true;
    this.#lastTop = scroller.scrollTop;
  }

  get isAtEnd(): boolean {
    const { scroller } = this.#parts;
    return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < nearEnd;
  }

  close(): void {
    this.#isClosed = true;
    this.#parts.scroller.removeEventListener("scroll", this.#onScroll);
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#parts.list.replaceChildren();
  }

  #insert(entry: Entry): void {
    const { partials, directory, list } = this.#parts;
    const view = new MessageView(entry, { partials, directory });
    this.#views.set(entry.info.id, view);
    const entries = this.timeline.entries;
    const next = entries.slice(entries.findIndex((one) => compare(one, entry) >= 0) + 1);
    const before = next.map(({ info }) => this.#views.get(info.id)).find((one) => one !== undefined);
    list.insertBefore(view.element, before?.element ?? null);
  }

  /** Draws once per frame. A hidden tab gets no frames: it is drawn when it becomes visible. */
  #schedule(): void {
    this.#frame ??= requestAnimationFrame(() => this.#flush());
  }

  #flush(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    if (this.#isClosed) return;
    for (const { entry, part } of this.#dirty.values()) this.#views.get(entry.info.id)?.showPart(entry, part);
    this.#dirty.clear();
    if (this.#follows) this.toEnd();
  }

  async #loadOlder(): Promise<void> {
    const [oldest] = this.timeline.entries;
    if (oldest === undefined) return;
    this.#older.disabled = true;
    try {
      const { scroller } = this.#parts;
      const messages: Message[] = await this.#parts.session.messages({ limit: pageSize, before: oldest.info.id });
      if (this.#isClosed) return;
      const below = scroller.scrollHeight - scroller.scrollTop;
      this.#follows = false;
      this.timeline.read(messages);
      this.#flush();
      scroller.scrollTop = scroller.scrollHeight - below;
      this.#older.hidden = messages.length < pageSize;
    } catch (error) {
      this.#parts.onError(error);
    } finally {
      this.#older.disabled = false;
    }
  }

  #trim(): void {
    const { entries } = this.timeline;
    if (entries.length <= maxMessages) return;
    for (const { info } of entries.slice(0, entries.length - maxMessages / 2)) this.timeline.removeMessage(info.id);
    this.#older.hidden = false;
  }
}
