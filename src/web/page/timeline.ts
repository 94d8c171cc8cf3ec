/** The known messages of one session, folded from read pages and events. Pure. */
import type { AssistantMessage, Message, Part, UserMessage } from "../../client.js";

/** A message with its parts in the order of their ids, the order of creation. */
export interface Entry {
  info: UserMessage | AssistantMessage;
  readonly parts: Map<string, Part>;
}

/** Receives the changes. */
export interface TimelineListener {
  /** A message is new, or its head has changed. */
  message(entry: Entry): void;
  part(entry: Entry, part: Part): void;
  removed(messageId: string): void;
  partRemoved(entry: Entry, partId: string): void;
}

/** Prefix of the part ids that the page assigns to a prompt that is not stored yet. */
export const localPrefix = "local_";

export class Timeline {
  readonly #entries = new Map<string, Entry>();
  readonly #listener: TimelineListener;
  /** Parts whose message has not arrived: the order of events is not guaranteed. */
  readonly #early = new Map<string, Part[]>();

  constructor(listener: TimelineListener) {
    this.#listener = listener;
  }

  /** Oldest first. */
  get entries(): Entry[] {
    return [...this.#entries.values()].sort((a, b) => compare(a, b));
  }

  get size(): number {
    return this.#entries.size;
  }

  entry(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  /** Adds stored messages of any page. For a streaming text, events are newer than the read. */
  read(messages: readonly Message[]): void {
    for (const { info, parts } of messages) {
      if (info.role === "unreadable") continue; // it has no content
      this.message(info);
      for (const part of parts) this.part(part);
    }
  }

  message(info: UserMessage | AssistantMessage): void {
    const known = this.#entries.get(info.id);
    const entry = known ?? { info, parts: new Map() };
    entry.info = info;
    this.#entries.set(info.id, entry);
    this.#listener.message(entry);
    const early = this.#early.get(info.id) ?? [];
    this.#early.delete(info.id);
    for (const part of early) this.part(part);
  }

  part(part: Part): void {
    const entry = this.#entries.get(part.messageID);
    if (entry === undefined) {
      if (this.#early.size > 100) this.#early.clear(); // messages that never arrived
      this.#early.set(part.messageID, [...(this.#early.get(part.messageID) ?? []), part]);
      return;
    }
    if (!part.id.startsWith(localPrefix)) this.#dropLocal(entry);
    entry.parts.set(part.id, light(part));
    this.#listener.part(entry, part);
  }

  removeMessage(id: string): void {
    if (this.#entries.delete(id)) this.#listener.removed(id);
  }

  removePart(messageId: string, partId: string): void {
    const entry = this.#entries.get(messageId);
    if (entry?.parts.delete(partId) === true) this.#listener.partRemoved(entry, partId);
  }

  #dropLocal(entry: Entry): void {
    for (const id of [...entry.parts.keys()]) {
      if (id.startsWith(localPrefix)) this.removePart(entry.info.id, id);
    }
  }
}

/** Every read returns attached files; only small pictures are kept. */
const keptUrl = 400_000;

function light(part: Part): Part {
  return part.type === "file" && part.url.length > keptUrl ? { ...part, url: "" } : part;
}

export function compare(a: Entry, b: Entry): number {
  return a.info.time.created - b.info.time.created || (a.info.id < b.info.id ? -1 : 1);
}

/** One prompt and the messages that answer it. */
export interface TurnFigures {
  readonly messageId: string;
  readonly title: string;
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly cost: number;
  /** From the prompt to the end of its answer, in ms; `undefined` while it runs. */
  readonly durationMs: number | undefined;
  readonly model: string;
  readonly agent: string;
  /** The newest message of its answer. */
  readonly lastId: string;
  readonly isOver: boolean;
}

/** Tokens, cost and time by prompt, oldest first. */
export function figuresOf(entries: readonly Entry[]): TurnFigures[] {
  const turns = new Map<string, TurnFigures>();
  const askedAt = new Map(entries.map(({ info }) => [info.id, info.time.created]));
  for (const { info, parts } of entries) {
    if (info.role === "user") {
      const title = [...parts.values()].find((part) => part.type === "text" && part.synthetic !== true);
      turns.set(info.id, { ...none, messageId: info.id, title: title?.type === "text" ? title.text : "" });
      continue;
    }
    const turn = turns.get(info.parentID);
    if (turn === undefined) continue;
    const { tokens } = info;
    const asked = askedAt.get(info.parentID) ?? info.time.created;
    turns.set(info.parentID, {
      ...turn,
      input: turn.input + tokens.input + tokens.cache.write,
      cached: turn.cached + tokens.cache.read,
      output: turn.output + tokens.output + tokens.reasoning,
      cost: turn.cost + info.cost,
      durationMs: info.time.completed === undefined ? undefined : info.time.completed - asked,
      model: `${info.providerID}/${info.modelID}`,
      agent: info.agent,
      lastId: info.id,
      isOver: info.time.completed !== undefined && info.finish !== "tool-calls",
    });
  }
  return [...turns.values()].filter(({ model }) => model !== "");
}

const none = {
  input: 0,
  cached: 0,
  output: 0,
  cost: 0,
  durationMs: undefined,
  model: "",
  agent: "",
  lastId: "",
  isOver: false,
};
