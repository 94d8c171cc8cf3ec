/**
 * The prompts of this browser. Each has an id that is stored until its answer has arrived. After a reload, or in another tab
 * if this one is closed, the page asks again under that id: the library joins the run, and it does not run twice. A browser
 * lock, released when a tab closes, decides which tab owns a turn and shows its requests.
 */
import {
  AbortedError,
  type AnswerStream,
  APIConnectionError,
  MessageNotFoundError,
  type Opencode,
  type Prompt,
  type PromptPart,
  type SteerResult,
} from "../../client.js";
import type { Dialogs } from "./dialogs.js";
import { askPermission, askPlanExit, askQuestion } from "./request-dialogs.js";
import { isRecord, load, save } from "./storage.js";
import { newsOf } from "./turn-news.js";

const prefix = "turn:";
/** Time for a person to answer, in ms. */
const callbackTimeout = 7 * 24 * 3_600_000;
/** A longer prompt (in characters) is not stored: the agent receives it within a moment. */
const maxKeptText = 100_000;

/** The stored data of a turn until it ends. */
export interface TurnRecord {
  readonly sessionId: string;
  readonly messageId: string;
  /** The prompt, if it is a text and not too long: for the case that the agent never received it. */
  readonly text?: string | undefined;
  readonly model?: string | undefined;
  readonly agent?: string | undefined;
  readonly started: number;
}

export interface TurnsOptions {
  readonly opencode: Opencode;
  readonly dialogs: Dialogs;
  readonly titleOf: (sessionId: string) => string;
  /** The set of sessions with turns of this tab has changed. */
  readonly onChange: () => void;
  readonly onFailure: (record: TurnRecord, error: unknown) => void;
  readonly onFinish: (record: TurnRecord) => void;
  /** Something has happened that a person should know and that no message shows. */
  readonly onNews: (record: TurnRecord, text: string) => void;
  /** Models that take over from a model that fails. */
  readonly fallbackModels: readonly string[];
}

export class Turns {
  readonly #options: TurnsOptions;
  readonly #known = new Set<string>();
  readonly #running = new Map<string, { record: TurnRecord; stream: AnswerStream }>();

  constructor(options: TurnsOptions) {
    this.#options = options;
    addEventListener("storage", ({ key }) => {
      const record = key?.startsWith(prefix) === true ? load(key, isTurnRecord) : undefined;
      if (record !== undefined) void this.#take(record, undefined);
    });
  }

  /** Starts a turn. */
  start(record: TurnRecord, prompt: Prompt): void {
    const isShort = typeof prompt === "string" && prompt.length <= maxKeptText;
    save(prefix + record.messageId, isShort ? { ...record, text: prompt } : record);
    void this.#take(record, prompt);
  }

  /** Resumes the turns of earlier pages. */
  resume(): void {
    const names = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index) ?? "");
    const records = names.filter((name) => name.startsWith(prefix)).map((name) => load(name, isTurnRecord));
    const open = records.filter((record) => record !== undefined).sort((a, b) => a.started - b.started);
    for (const record of open) void this.#take(record, undefined);
  }

  get size(): number {
    return this.#running.size;
  }

  isRunning(sessionId: string): boolean {
    return [...this.#running.values()].some(({ record }) => record.sessionId === sessionId);
  }

  /** Puts the prompt into the session's turn of this tab; `undefined` if there is none. */
  steer(sessionId: string, prompt: Prompt): Promise<SteerResult> | undefined {
    const [running] = [...this.#running.values()].filter(({ record }) => record.sessionId === sessionId);
    return running?.stream.steer(prompt);
  }

  /** Stops the session's turns of this tab; returns false if there are none. */
  async stop(sessionId: string): Promise<boolean> {
    const streams = [...this.#running.values()].filter(({ record }) => record.sessionId === sessionId);
    await Promise.all(streams.map(({ stream }) => stream.abort()));
    return streams.length > 0;
  }

  /** Stops one sub-agent; the turn goes on. The sub-agent of another tab's or program's turn is aborted on the agent. */
  async stopSubagent(sessionId: string): Promise<void> {
    const subagents = [...this.#running.values()].flatMap(({ stream }) => stream.subagents());
    const subagent = subagents.find(({ id }) => id === sessionId);
    if (subagent === undefined) await this.#options.opencode.session(sessionId).abort();
    else await subagent.abort("the person has stopped the sub-agent");
  }

  /** Waits until this tab owns the turn. */
  async #take(record: TurnRecord, prompt: Prompt | undefined): Promise<void> {
    const name = prefix + record.messageId;
    if (this.#known.has(name)) return;
    this.#known.add(name);
    const run = async (): Promise<void> => {
      if (load(name, isTurnRecord) !== undefined || prompt !== undefined) await this.#run(record, prompt);
    };
    try {
      // Locks need a secure context; loopback addresses are one.
      await (navigator.locks === undefined ? run() : navigator.locks.request(name, run));
    } finally {
      this.#known.delete(name);
    }
  }

  async #run(record: TurnRecord, given: Prompt | undefined): Promise<void> {
    const { onFailure, onFinish, onChange } = this.#options;
    let isOver = true;
    try {
      const prompt = given ?? (await this.#promptOf(record));
      if (prompt === undefined) throw new Error("A prompt was lost before it reached the agent. Please send it again.");
      const stream = this.#ask(record, prompt);
      this.#running.set(record.messageId, { record, stream });
      onChange();
      await Promise.all([stream.answer, this.#follow(record, stream)]);
    } catch (error) {
      // Without a connection the state of the turn is unknown: it stays stored and is resumed later.
      isOver = !(error instanceof APIConnectionError);
      if (!(error instanceof AbortedError)) onFailure(record, error);
    } finally {
      if (isOver) save(prefix + record.messageId, undefined);
      this.#running.delete(record.messageId);
      onChange();
    }
    onFinish(record);
  }

  /** Tells the news of a turn. Ends with it. */
  async #follow(record: TurnRecord, stream: AnswerStream): Promise<void> {
    for await (const event of stream.events) {
      const news = newsOf(event);
      if (news !== undefined) this.#options.onNews(record, news);
    }
  }

  #ask({ sessionId, messageId, model, agent }: TurnRecord, prompt: Prompt): AnswerStream {
    const { opencode, dialogs, titleOf, fallbackModels } = this.#options;
    const others = fallbackModels.filter((name) => name !== model);
    const from = (): string => titleOf(sessionId);
    return opencode.session(sessionId).askStream(prompt, {
      messageId,
      model,
      agent,
      ...(others.length > 0 && { fallbackModels: others }),
      callbackTimeout,
      onPermission: (request, { signal }) => askPermission(dialogs, request, { signal, from: from() }),
      onQuestion: (request, { signal }) => askQuestion(dialogs, request, { signal, from: from() }),
      onPlanExit: (request, { signal }) => askPlanExit(dialogs, request, { signal, from: from() }),
    });
  }

  /** The prompt from the agent: files are too large to store twice. */
  async #promptOf({ sessionId, messageId, text }: TurnRecord): Promise<Prompt | undefined> {
    try {
      // The agent may be restarting.
      const { parts } = await this.#options.opencode.api.messages.get(sessionId, messageId, { maxRetries: 20 });
      const sorted = [...parts].sort((a, b) => (a.id < b.id ? -1 : 1));
      return sorted.flatMap((part): PromptPart[] => {
        if (part.type === "text" && part.synthetic !== true) return [{ type: "text", text: part.text }];
        if (part.type !== "file") return [];
        const { mime, url, filename } = part;
        return [{ type: "file", mime, url, ...(filename === undefined ? {} : { filename }) }];
      });
    } catch (error) {
      if (error instanceof MessageNotFoundError) return text;
      throw error;
    }
  }
}

function isTurnRecord(value: unknown): value is TurnRecord {
  return isRecord(value) && typeof value["sessionId"] === "string" && typeof value["messageId"] === "string";
}
