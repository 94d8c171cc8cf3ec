/** Connects the parts of the page. */
import { type Opencode, SessionNotFoundError } from "../../client.js";
import { Busy } from "./activity.js";
import { Composer, type Draft, promptOf } from "./composer.js";
import type { Start } from "./connection.js";
import { Conversation } from "./conversation.js";
import { Dialogs } from "./dialogs.js";
import { byId } from "./dom.js";
import { EventRouter } from "./event-router.js";
import { Feed } from "./event-source.js";
import { mintMessageId } from "./message-id.js";
import type { Notices } from "./notifications.js";
import { showTodos, showUsage } from "./panel.js";
import { Partials } from "./partials.js";
import { SessionActions } from "./session-actions.js";
import { Sidebar } from "./sidebar.js";
import { isSteered } from "./steered.js";
import { rememberTitle, titleFrom } from "./titles.js";
import { setUpToolbar } from "./toolbar.js";
import { type TurnRecord, Turns } from "./turns.js";

/** A hidden tab without turns of its own closes its event stream after this time, in ms. */
const hiddenTimeout = 60_000;
/** Wait for the stream's first message, in ms. It follows the headers, and a read after it misses nothing. */
const settle = 250;

export interface AppParts {
  readonly opencode: Opencode;
  readonly start: Start;
  readonly notices: Notices;
  /** Closes the panels over the conversation. */
  readonly closeDrawers: () => void;
}

export class App {
  readonly #parts: AppParts;
  readonly #partials = new Partials();
  readonly #busy = new Busy();
  readonly #dialogs = new Dialogs();
  readonly #feed: Feed;
  readonly #sidebar: Sidebar;
  readonly #composer: Composer;
  readonly #turns: Turns;
  readonly #actions: SessionActions;
  #current: Conversation | undefined;
  #creating: Promise<Conversation> | undefined;
  #hiddenTimer: number | undefined;

  constructor(parts: AppParts) {
    const { opencode, start, notices } = parts;
    this.#parts = parts;
    const onError = (error: unknown): void => notices.error(error);
    const router = new EventRouter({
      partials: this.#partials,
      busy: this.#busy,
      dialogs: this.#dialogs,
      current: () => this.#current,
      onActivity: () => this.#showActivity(),
      onSession: (info) => this.#sidebar.update(info),
      onStale: (id) => void this.#readSession(id),
      onDeleted: (id) => {
        this.#sidebar.remove(id);
        if (id === this.#current?.id) location.hash = "";
      },
    });
    this.#feed = new Feed(opencode, (event) => router.event(event));
    this.#sidebar = new Sidebar({
      opencode,
      onError,
      list: byId("sessions", HTMLElement),
      search: byId("search", HTMLInputElement),
      more: byId("more-sessions", HTMLButtonElement),
      isBusy: (id) => this.#busy.isBusy(id) || this.#turns.isRunning(id),
    });
    this.#composer = new Composer({
      onError,
      onSend: (draft) => void this.#send(draft),
      onStop: () => void this.#actions.stop(),
      attachable: opencode.api.capabilities.attachable,
    });
    this.#turns = new Turns({
      opencode,
      fallbackModels: start.fallbackModels,
      dialogs: this.#dialogs,
      titleOf: (id) =>
        (this.#current?.id === id ? this.#current.title : undefined) ?? this.#sidebar.titleOf(id) ?? "A session",
      onChange: () => this.#showActivity(),
      onFailure: (record, error) => this.#failed(record, error),
      onFinish: ({ sessionId }) => {
        if (sessionId === this.#current?.id) notices.announce("The agent has finished.");
      },
      onNews: ({ sessionId }, text) => {
        if (sessionId === this.#current?.id) notices.news(text);
      },
    });
    this.#actions = new SessionActions({
      notices,
      turns: this.#turns,
      dialogs: this.#dialogs,
      current: () => this.#current,
    });
  }

  start(): void {
    this.#partials.restore();
    setUpToolbar({
      start: this.#parts.start,
      capabilities: this.#parts.opencode.api.capabilities,
      onNew: () => {
        location.hash = "";
        this.#parts.closeDrawers();
        this.#composer.focus();
      },
      onRename: () => void this.#actions.rename(),
      onDelete: () => void this.#actions.delete(),
      onExample: (text) => this.#composer.setText(text),
      transcript: () => this.#current?.transcript,
    });
    this.#feed.start();
    addEventListener("hashchange", () => void this.#openAddress());
    addEventListener("pagehide", () => this.#partials.keep());
    if (matchMedia("(pointer: fine)").matches) this.#composer.focus(); // on a touch device the keyboard would cover the page
    document.addEventListener("visibilitychange", () => this.#visibility());
    void this.#openAddress();
    void this.#sidebar.refresh();
    void this.#readStatus();
    void this.#readChoices();
    this.#turns.resume();
  }

  /** The event stream is open (again): reads the missed state. */
  onEvents(): void {
    this.#partials.gap();
    setTimeout(() => {
      void this.#readStatus();
      void this.#sidebar.refresh();
      this.#current?.refresh().catch((error: unknown) => this.#parts.notices.error(error));
    }, settle);
  }

  /** `#ses_…` names a session; any other hash means a new session. */
  async #openAddress(): Promise<void> {
    const id = /^#(ses[A-Za-z0-9_-]+)$/.exec(location.hash)?.[1];
    if (id === this.#current?.id) return;
    this.#open(id);
    this.#parts.closeDrawers();
    const conversation = this.#current;
    try {
      await conversation?.refresh();
    } catch (error) {
      this.#parts.notices.error(error);
      if (error instanceof SessionNotFoundError && conversation === this.#current) location.hash = "";
    }
  }

  #open(id: string | undefined): Conversation | undefined {
    const { opencode, start, notices } = this.#parts;
    this.#current?.close();
    this.#current =
      id === undefined
        ? undefined
        : new Conversation({
            opencode,
            id,
            partials: this.#partials,
            directory: start.directory,
            onError: (error) => notices.error(error),
            onInfo: (info) => this.#sidebar.update(info),
          });
    document.body.classList.toggle("empty", id === undefined);
    byId("to-end", HTMLElement).hidden = true;
    if (id === undefined) {
      showUsage([]);
      showTodos([]);
      byId("title", HTMLElement).textContent = "New session";
      byId("parent", HTMLElement).replaceChildren();
      document.title = "opencode-ts";
    }
    this.#sidebar.select(id);
    this.#showActivity();
    return this.#current;
  }

  async #send({ text, files, model, agent }: Draft): Promise<void> {
    const { notices, start } = this.#parts;
    notices.clearErrors();
    try {
      const conversation = this.#current ?? (await this.#fresh(text === "" ? (files[0]?.name ?? "") : text));
      const prompt = promptOf(text, files);
      const steer = this.#turns.steer(conversation.id, prompt);
      if (isSteered(steer, notices, () => this.#composer.giveBack(text))) return;
      const [messageId, used] = [mintMessageId(), model ?? start.model];
      conversation.transcript.addPrompt(messageId, text, files, used);
      this.#turns.start({ sessionId: conversation.id, messageId, model: used, agent, started: Date.now() }, prompt);
    } catch (error) {
      notices.error(error);
      this.#composer.setText(text);
    }
  }

  /** One new session for all prompts that are sent before it exists. */
  #fresh(text: string): Promise<Conversation> {
    this.#creating ??= this.#create(text).finally(() => {
      this.#creating = undefined;
    });
    return this.#creating;
  }

  /** Creates a session with a title: without one the agent would call a model for it. */
  async #create(text: string): Promise<Conversation> {
    const title = titleFrom(text);
    const { opencode } = this.#parts;
    const { id } = await opencode.createSession({ title });
    if (!opencode.api.capabilities.storesTitles) rememberTitle(id, title);
    const conversation = this.#open(id);
    if (conversation === undefined) throw new Error("the new session cannot be shown");
    location.hash = id;
    conversation.refresh().catch((error: unknown) => this.#parts.notices.error(error));
    return conversation;
  }

  #failed({ sessionId, messageId }: TurnRecord, error: unknown): void {
    const entries = sessionId === this.#current?.id ? this.#current.transcript.timeline.entries : [];
    const isShown = entries.some(({ info }) => info.role === "assistant" && info.parentID === messageId && info.error);
    if (!isShown) this.#parts.notices.error(error);
  }

  #showActivity(): void {
    const id = this.#current?.id;
    const isRunning = id !== undefined && (this.#turns.isRunning(id) || this.#busy.isBusy(id));
    this.#composer.setRunning(isRunning);
    byId("list", HTMLElement).setAttribute("aria-busy", String(isRunning));
    const text = id === undefined ? "" : this.#busy.textOf(id);
    this.#parts.notices.activity(isRunning && text === "" ? "Working…" : text);
    this.#sidebar.show();
  }

  #visibility(): void {
    clearTimeout(this.#hiddenTimer);
    if (!document.hidden) this.#feed.start();
    else
      this.#hiddenTimer = window.setTimeout(() => {
        if (document.hidden && this.#turns.size === 0) this.#feed.stop();
      }, hiddenTimeout);
  }

  async #readSession(id: string): Promise<void> {
    try {
      const info = await this.#parts.opencode.session(id).info();
      this.#sidebar.update(info);
      if (id === this.#current?.id) this.#current.update(info);
    } catch {
      // The next refresh reads it again.
    }
  }

  async #readStatus(): Promise<void> {
    try {
      this.#busy.read(await this.#parts.opencode.api.sessions.statuses());
      this.#showActivity();
    } catch {
      // The next connection reads it again; until then the events report it.
    }
  }

  async #readChoices(): Promise<void> {
    const { opencode, start, notices } = this.#parts;
    try {
      const [models, agents] = await Promise.all([opencode.models(), opencode.agents()]);
      this.#composer.setChoices(models, agents, start.model);
    } catch (error) {
      notices.error(error);
    }
  }
}
