/** The state of one agent in memory: what it has stored, what it is doing, and the events that tell of both. */

import type { Config } from "../../types/config.js";
import type { OptionNames } from "../../util/check-options.js";
import { delay } from "../../util/delay.js";
import type { JsonRecord } from "../../util/json.js";
import type { ScriptedModelOptions } from "../scripted-model.js";
import { type Agent, listAgents } from "./agents.js";
import { Hub } from "./hub.js";
import { Ids } from "./ids.js";
import type { Model } from "./model.js";
import {
  type Info,
  insertPart,
  type Message,
  noTokens,
  type Part,
  type PendingAsk,
  type Rule,
  type Session,
} from "./records.js";
import { PromptFailure, type Run } from "./run-handle.js";

/** A duration in ms, or a function that is called for each one. */
export type Milliseconds = number | (() => number);

/** Options of {@link createMemoryAgent}. */
export interface MemoryAgentOptions extends ScriptedModelOptions {
  /**
   * Configuration of the agent: `permission`, `agent`, `command`, `default_agent`, `compaction`, `username` … Models of
   * `provider.scripted.models` are there beside `scripted/model`, and are answered by the same script. @default none
   */
  readonly config?: Config | undefined;
  /** Directory that the agent reports. Nothing is read or written there. @default "/memory" */
  readonly directory?: string | undefined;
  /** Simulates a git repository: snapshots, a project of its own, late events after a turn. @default false */
  readonly git?: boolean | undefined;
  /** Password that every request needs, with the user name `opencode`. @default none */
  readonly password?: string | undefined;
  /** Simulates `OPENCODE_EXPERIMENTAL_PLAN_MODE=1`: `plan_exit` and the workflow of plan mode. @default false */
  readonly planMode?: boolean | undefined;
  /** Pause between two internal steps of a run, in ms. @default no timer at all */
  readonly pace?: Milliseconds | undefined;
  /** Time from the end of a run to its last events, in ms. @default no timer at all; 50 with `git` */
  readonly trailing?: Milliseconds | undefined;
}

/** For {@link checkOptions}. */
export const memoryAgentNames: OptionNames = {
  title: true,
  summary: true,
  model: true,
  config: true,
  directory: true,
  git: true,
  password: true,
  planMode: true,
  pace: true,
  trailing: true,
} satisfies Record<keyof MemoryAgentOptions, true>;

/** The release whose behaviour this is. */
export const release = "1.18.33";
/** A git object that nobody has. */
export const snapshot = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** The state of one agent. */
export class MemoryServer {
  readonly ids: Ids = new Ids();
  readonly hub: Hub = new Hub(this.ids);
  readonly options: MemoryAgentOptions;
  readonly directory: string;
  readonly model: Model;
  readonly agents: ReadonlyMap<string, Agent>;
  // Stored: outlives a crash.
  readonly sessions: Map<string, Session> = new Map();
  readonly messages: Map<string, Message[]> = new Map();
  readonly todos: Map<string, readonly JsonRecord[]> = new Map();
  /** How many events of a session were given by `/sync/replay`. */
  readonly replayed: Map<string, number> = new Map();
  readonly projectTime: number = Date.now();
  // Being done: gone after a crash.
  readonly status: Map<string, { readonly directory: string; readonly status: JsonRecord }> = new Map();
  readonly runs: Map<string, Run> = new Map();
  readonly permissions: Map<string, PendingAsk> = new Map();
  readonly questions: Map<string, PendingAsk> = new Map();
  /** What "always" has allowed, by directory. */
  readonly approved: Map<string, Rule[]> = new Map();
  readonly mcp: Map<string, Map<string, JsonRecord>> = new Map();
  /** Has a session take up what was added to it; resolves to its last answer. Given by {@link createMemoryAgent}. */
  ensureRun: (session: Session) => Promise<Message> = () => Promise.reject(new Error("not given"));
  /** Aborts when the agent crashes or is closed; a new one is made when it comes back. */
  life: AbortController = new AbortController();

  constructor(options: MemoryAgentOptions, model: Model) {
    this.options = options;
    this.directory = options.directory ?? "/memory";
    this.model = model;
    this.agents = listAgents(this.config);
  }

  get config(): Config {
    return this.options.config ?? {};
  }

  get project(): string {
    return this.options.git === true ? snapshot : "global";
  }

  /** The root that the server takes a directory to be in. */
  root(directory: string): string {
    return this.options.git === true ? directory : "/";
  }

  /** A step of the inside: gives others their turn. */
  pause(signal: AbortSignal): Promise<void> {
    const { pace } = this.options;
    if (pace === undefined) return Promise.resolve();
    return delay(typeof pace === "number" ? pace : pace(), signal);
  }

  tell(session: Session, type: string, properties: JsonRecord, aggregate?: string): void {
    this.hub.publish({ directory: session.directory, project: session.projectID }, type, properties, aggregate);
  }

  setStatus(session: Session, status: { readonly type: string } & JsonRecord): void {
    if (status.type === "idle") this.status.delete(session.id);
    else this.status.set(session.id, { directory: session.directory, status });
    this.tell(session, "session.status", { sessionID: session.id, status });
    if (status.type === "idle") this.tell(session, "session.idle", { sessionID: session.id });
  }

  /** Tells of a change of the session; `touched`: its time moves. */
  saved(session: Session, touched = true, type = "session.updated"): void {
    if (touched) session.time.updated = Date.now();
    this.tell(session, type, { sessionID: session.id, info: session }, session.id);
  }

  messagesOf(session: Session): Message[] {
    const known = this.messages.get(session.id);
    if (known !== undefined) return known;
    const list: Message[] = [];
    this.messages.set(session.id, list);
    return list;
  }

  /** The message, in any session. */
  findMessage(id: string): Message | undefined {
    for (const list of this.messages.values()) {
      const found = list.find(({ info }) => info.id === id);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Stores a message's head: a new message, or another head for one that keeps its parts and its place. */
  saveInfo(session: Session, info: Info, teller: Session = session): Message {
    this.checkStored(session);
    const list = this.messagesOf(session);
    const at = list.findLastIndex((message) => message.info.id === info.id);
    // Used again in another session it stays where it is, and is told as that one's.
    const stored = teller === session ? info : { ...info, sessionID: session.id };
    const message = { info: stored, parts: list[at]?.parts ?? [] };
    if (at < 0) list.push(message);
    else list[at] = message;
    this.tell(teller, "message.updated", { sessionID: teller.id, info }, teller.id);
    return message;
  }

  /** A run of a session that was deleted goes on until it has something to store. */
  private checkStored({ id }: Session): void {
    if (!this.sessions.has(id)) throw new PromptFailure("NotFoundError", `Session not found: ${id}`);
  }

  savePart(session: Session, message: Message, part: Part): Part {
    this.checkStored(session);
    insertPart(message, part);
    const properties = { sessionID: session.id, part, time: Date.now() };
    this.tell(session, "message.part.updated", properties, session.id);
    return part;
  }

  /** A part with a new id. */
  addPart(session: Session, message: Message, part: Omit<Part, "id" | "messageID" | "sessionID">): Part {
    const own = { id: this.ids.next("prt"), messageID: message.info.id, sessionID: session.id };
    return this.savePart(session, message, { ...own, ...part });
  }

  /** The head of a new answer. */
  answerTo(session: Session, user: Info, agent: string): Info {
    return {
      id: this.ids.next("msg"),
      parentID: user.id,
      role: "assistant",
      mode: agent,
      agent,
      variant: user.model?.variant,
      path: { cwd: session.directory, root: this.root(session.directory) },
      cost: 0,
      tokens: noTokens(),
      modelID: user.model?.modelID,
      providerID: user.model?.providerID,
      time: { created: Date.now() },
      sessionID: session.id,
    };
  }

  createSession(given: Partial<Session> & { readonly directory: string }): Session {
    const now = Date.now();
    const session: Session = {
      id: this.ids.next("ses"),
      slug: slugOf(now),
      projectID: this.project,
      path: this.options.git === true ? "" : given.directory.slice(1),
      title: `${given.parentID === undefined ? "New" : "Child"} session - ${new Date(now).toISOString()}`,
      version: release,
      cost: 0,
      tokens: noTokens(),
      time: { created: now, updated: now },
      ...given,
    };
    this.sessions.set(session.id, session);
    this.saved(session, false, "session.created");
    return session;
  }
}

const words = ["brave", "calm", "clever", "cosmic", "gentle", "jolly", "kind", "lucky", "misty", "quiet"];
const things = ["cabin", "comet", "eagle", "forest", "garden", "island", "meadow", "panda", "river", "wizard"];

function slugOf(now: number): string {
  return `${words[now % 10]}-${things[Math.floor(now / 10) % 10]}`;
}
