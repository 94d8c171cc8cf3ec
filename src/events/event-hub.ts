/** One event connection per directory, shared by all turns and listeners; open while somebody listens. */
import type { AgentApi } from "../api/agent-api.js";
import type { ApiEvent } from "../api/api-event.js";
import type { OpencodeError } from "../errors/index.js";
import { monotonic } from "../util/clock.js";
import { unref } from "../util/delay.js";
import { EventStream } from "./event-stream.js";

/** How long the connection outlives its last listener, in ms: calls that follow each other share it. */
const linger = 1_000;
/** The server sends a heartbeat every 10 s (1.18.33): after this silence (ms) a connection may be dead, or held up. */
const longestBeat = 12_000;

/** What a listener is told. */
export interface EventListener {
  /** An event of a followed session, or one that concerns no session. */
  readonly onEvent: (event: ApiEvent) => void;
  /** The connection is (again) open: nothing is missed from here on. */
  readonly onOpen?: (() => void) | undefined;
  /** The connection is lost: events may be missed until the next `onOpen`. */
  readonly onGap?: (() => void) | undefined;
  /** There will be no events any more. */
  readonly onEnd?: ((error: OpencodeError) => void) | undefined;
}

/** A listener's place in the hub. */
export interface Subscription {
  /** True while the connection is open. */
  readonly isOpen: boolean;
  /** True while the connection is open and not silent: what the server tells is heard. */
  readonly isLive: boolean;
  /** When the last piece of the stream came, by the monotonic clock, in ms. */
  readonly heardAt: number;
  /** Resolves to true once the connection is open, to false after `ms` or when it cannot open. */
  whenOpen(ms: number): Promise<boolean>;
  /** Also pass events of this session on. */
  follow(sessionId: string): void;
  /** Leaves; the connection closes soon after the last has left. Idempotent. */
  close(): void;
}

interface Entry {
  readonly listener: EventListener;
  /** `undefined`: all sessions. */
  readonly sessions: Set<string> | undefined;
}

/** The part of a server that the hub needs. */
type HubApi = Pick<AgentApi, "liveness" | "logger" | "readEvents">;

/** The events of one directory. */
export class EventHub {
  readonly #api: HubApi;
  readonly #everything = new Set<Entry>();
  readonly #bySession = new Map<string, Set<Entry>>();
  readonly #entries = new Set<Entry>();
  readonly #waiting = new Set<() => void>();
  #stream: EventStream | undefined;
  #lingering: ReturnType<typeof setTimeout> | undefined;
  #isOpen = false;
  #heardAt = 0;
  #ended: OpencodeError | undefined;

  /** `api` must be bound to the hub's directory. */
  constructor(api: HubApi) {
    this.#api = api;
  }

  /** Listens to the given sessions, or to all with `undefined`. Opens the connection if there is none. */
  subscribe(listener: EventListener, sessions?: readonly string[]): Subscription {
    const entry: Entry = { listener, sessions: sessions === undefined ? undefined : new Set() };
    this.#entries.add(entry);
    if (entry.sessions === undefined) this.#everything.add(entry);
    for (const id of sessions ?? []) this.#follow(entry, id);
    this.#start();
    const hub = this;
    return {
      get isOpen() {
        return hub.#isOpen;
      },
      get isLive() {
        return hub.#isOpen && monotonic() - hub.#heardAt < longestBeat;
      },
      get heardAt() {
        return hub.#heardAt;
      },
      whenOpen: (ms) => this.#whenOpen(ms),
      follow: (id) => this.#follow(entry, id),
      close: () => this.#leave(entry),
    };
  }

  /** Ends the connection at once. Listeners hear nothing more. */
  close(): void {
    clearTimeout(this.#lingering);
    this.#stream?.close();
    this.#stream = undefined;
    this.#isOpen = false;
    this.#wake();
  }

  #start(): void {
    clearTimeout(this.#lingering);
    if (this.#stream !== undefined) return;
    this.#ended = undefined;
    this.#stream = new EventStream({
      read: this.#api.readEvents,
      logger: this.#api.logger,
      onActivity: (now) => {
        this.#heardAt = now;
        this.#api.liveness.beat(now);
      },
      onEvent: (event) => this.#dispatch(event),
      onOpen: () => {
        this.#isOpen = true;
        this.#wake();
        for (const entry of [...this.#entries]) entry.listener.onOpen?.();
      },
      onGap: () => {
        this.#isOpen = false;
        for (const entry of [...this.#entries]) entry.listener.onGap?.();
      },
      onEnd: (error) => {
        this.#ended = error;
        this.close();
        for (const entry of [...this.#entries]) entry.listener.onEnd?.(error);
      },
    });
  }

  #whenOpen(ms: number): Promise<boolean> {
    if (this.#isOpen || this.#ended !== undefined) return Promise.resolve(this.#isOpen);
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve(this.#isOpen);
      };
      const timer = setTimeout(done, ms);
      this.#waiting.add(done);
    });
  }

  #wake(): void {
    for (const done of [...this.#waiting]) done();
  }

  #follow(entry: Entry, id: string): void {
    if (entry.sessions === undefined || entry.sessions.has(id) || !this.#entries.has(entry)) return;
    entry.sessions.add(id);
    const followers = this.#bySession.get(id) ?? new Set();
    followers.add(entry);
    this.#bySession.set(id, followers);
  }

  #leave(entry: Entry): void {
    if (!this.#entries.delete(entry)) return;
    this.#everything.delete(entry);
    for (const id of entry.sessions ?? []) {
      const followers = this.#bySession.get(id);
      followers?.delete(entry);
      if (followers?.size === 0) this.#bySession.delete(id);
    }
    if (this.#entries.size > 0 || this.#stream === undefined) return;
    this.#lingering = setTimeout(() => this.close(), linger);
    unref(this.#lingering);
  }

  #dispatch(event: ApiEvent): void {
    if (event.type === "heartbeat") return;
    const { sessionId } = event;
    if (sessionId === undefined) {
      for (const entry of [...this.#entries]) entry.listener.onEvent(event);
      return;
    }
    // The parent's listeners hear of a child before they can have followed it.
    const parent = event.type === "session-created" ? event.parentId : undefined;
    this.#tellFollowers(sessionId, event);
    if (parent !== undefined) this.#tellFollowers(parent, event);
    if (this.#everything.size > 0) for (const entry of this.#everything) entry.listener.onEvent(event);
  }

  #tellFollowers(sessionId: string, event: ApiEvent): void {
    const followers = this.#bySession.get(sessionId);
    if (followers === undefined) return;
    if (followers.size > 1) {
      for (const entry of [...followers]) entry.listener.onEvent(event);
      return;
    }
    // One that comes meanwhile is not told, nor is it with more than one.
    for (const entry of followers) {
      entry.listener.onEvent(event);
      break;
    }
  }
}
