/**
 * Which messages of a session belong to one turn, in which order they were made, and which of them answer the prompt: no
 * I/O, no clock. Messages are in order of their arrival, or of their time where arrival says nothing; the times in their
 * ids begin again every 795 days.
 */

import type { AssistantMessage, Part } from "../../types/answer.js";
import { compareIds } from "../../util/ids.js";
import { isSteerPart, SteerPlaces } from "./steer-places.js";
import { endsAnswer, isFinal } from "./step-state.js";

/** The steps of a turn. */
interface Steps {
  /** All of the run: summaries of compactions and steps after the answer included. */
  readonly own: readonly AssistantMessage[];
  /** Those that answer the prompt. A summary is none, unless it failed. */
  readonly answering: readonly AssistantMessage[];
  /** What the server made the model say beside the answer: to its "Continue" after a compaction, to an earlier prompt (1.18.33). */
  readonly afterwards: readonly AssistantMessage[];
  /** The last answering step ends the answer. */
  readonly isAnswered: boolean;
}

interface Kept {
  readonly parts: Map<string, Part>;
  /** They have come in the order in which they were made. */
  isInOrder: boolean;
}

/** The messages of one turn. */
export class TurnMessages {
  readonly #prompt: string;
  /** Assistant messages of the session by id, in order; not all belong to this turn. */
  readonly #infos = new Map<string, AssistantMessage>();
  readonly #order: string[] = [];
  readonly #parts = new Map<string, Kept>();
  /** User messages whose answers are ours: our own, and those that the server adds while it works on it. */
  readonly #asking: Set<string>;
  readonly #synthetic = new Set<string>();
  /** User messages that somebody has written. */
  readonly #written = new Set<string>();
  /** Our own prompt, asked again by the server. */
  readonly #copies = new Set<string>();
  readonly #users = new Set<string>();
  /** When the server stored our prompt, in ms since 1970. */
  #askedAt: number | undefined;
  /** When they were stored, in ms since 1970. */
  readonly #createdAt = new Map<string, number>();
  /**
   * The prompt did not fit: after this compaction the server asks it again, as a copy under another id (1.18.33), which may
   * be known before.
   */
  #overflow: string | undefined;
  /**
   * A prompt before ours, asked again by the server: it had died while it made room for that one, and made it up in front of
   * ours (1.18.33).
   */
  #earlier: string | undefined;
  /** Prompts that were put into the run of ours, and answered with it. */
  readonly steers: SteerPlaces = new SteerPlaces(this.#users, this.#createdAt);
  #steps: Steps | undefined;

  constructor(prompt: string) {
    this.#prompt = prompt;
    this.#asking = new Set([prompt]);
  }

  /** Only our prompt and its steers ask, and nobody else's came after it. */
  get isAlone(): boolean {
    return this.foreign.length === 0 && !this.isFollowedUp;
  }

  /** The server has added a message of its own: a compaction, a "continue", an approved plan. */
  get isFollowedUp(): boolean {
    return [...this.#asking].some((id) => id !== this.#prompt && !this.steers.has(id));
  }

  /** The last step answers a steer that came after somebody else's prompt: its answer is to both. */
  get isMixed(): boolean {
    const parent = this.steps.answering.at(-1)?.parentID ?? "";
    return this.steers.has(parent) && this.foreign.some((id) => this.steers.isAfter(parent, id));
  }

  /** A prompt of ours is put into the run: its answers are ours. To be called before it is sent. */
  steer(id: string): void {
    this.steers.add(id, true);
    this.#asking.add(id);
    this.#steps = undefined;
  }

  /** The server has answered an earlier prompt again, and not ours. */
  get isDisplaced(): boolean {
    return this.#earlier !== undefined && this.steps.answering.length === 0;
  }

  /** User messages of somebody else that came after ours. */
  get foreign(): string[] {
    return [...this.#users].filter((id) => !this.#asking.has(id));
  }

  /** Our prompt was stored. */
  asked(created: number | undefined): void {
    if (created === undefined) return;
    this.#askedAt = Math.min(created, this.#askedAt ?? created); // sent again it gets a new time (1.18.33)
  }

  /**
   * A user message, ours not among them, after ours was stored. The server tells of older ones too: it updates the prompt
   * before, long after that one's run has ended (1.18.33, in a git directory).
   */
  user(id: string, created: number | undefined): void {
    const isNew = !this.#users.has(id);
    if (isNew && created !== undefined && this.#askedAt !== undefined && created < this.#askedAt) return;
    this.#steps = undefined;
    if (created !== undefined) this.#createdAt.set(id, created);
    if (this.steers.has(id)) {
      this.#users.add(id);
      return;
    }
    if (this.#isCopy(id, isNew)) {
      this.#overflow = undefined;
      this.#copies.add(id);
      this.#written.delete(id);
      this.#asking.add(id);
    } else if (isNew && this.#isEarlier(created)) {
      this.#earlier = id;
      this.#asking.add(id);
    }
    this.#users.add(id);
    if (this.#synthetic.has(id)) this.#asking.add(id);
  }

  #isCopy(id: string, isNew: boolean): boolean {
    if (this.#overflow === undefined || id === this.#overflow || this.#synthetic.has(id)) return false;
    const since = this.#createdAt.get(this.#overflow);
    return isNew || (since !== undefined && (this.#createdAt.get(id) ?? since - 1) >= since);
  }

  /** After a summary that answers our prompt itself the server makes one message: "Continue", or a copy of an earlier prompt. */
  #isEarlier(created: number | undefined): boolean {
    if (created === undefined || this.#earlier !== undefined || this.#synthetic.size > 0) return false;
    const [summary, ...others] = this.steps.own.filter(({ error }) => error === undefined);
    if (summary?.summary !== true || summary.parentID !== this.#prompt || others.length > 0) return false;
    return summary.time.completed !== undefined && created >= summary.time.completed;
  }

  /** Is it a user message that came after ours? */
  isUser(id: string): boolean {
    return this.#users.has(id);
  }

  /** A message that the server wrote itself (compaction, "continue", an approved plan) goes on with our turn. */
  userPart(part: Part): void {
    const id = part.messageID;
    this.#steps = undefined;
    if (this.steers.has(id)) return;
    if (isSteerPart(part, this.steps.isAnswered)) {
      this.steers.add(id, false);
      this.#asking.add(id);
      return;
    }
    if (part.type !== "compaction" && !(part.type === "text" && part.synthetic === true)) {
      // Written by somebody, whatever the server adds to it (the content of an attached file, for example).
      if (this.#copies.has(id)) return;
      this.#written.add(id);
      if (id === this.#earlier) return;
      this.#asking.delete(id);
      return;
    }
    if (this.#written.has(id)) return;
    if (id === this.#earlier) this.#earlier = undefined;
    if (part.type === "compaction" && part.overflow === true && !this.#synthetic.has(id)) this.#overflow = id;
    this.#synthetic.add(id);
    if (this.#users.has(id)) this.#asking.add(id);
  }

  /**
   * The head of an assistant message. `isInOrder`: nothing was missed, so it comes after those that are known. Returns the
   * one that was known before.
   */
  assistant(info: AssistantMessage, isInOrder: boolean): AssistantMessage | undefined {
    const before = this.#infos.get(info.id);
    this.#steps = undefined;
    this.steers.answered(info.parentID);
    if (before === undefined) this.#place(info, isInOrder);
    // A read that was overtaken by events must not undo what they said.
    if (before?.time.completed === undefined || info.time.completed !== undefined) this.#infos.set(info.id, info);
    return before;
  }

  /** Asks the prompt whose answers are ours. */
  isAsking(messageId: string): boolean {
    return this.#asking.has(messageId);
  }

  /** An assistant message of this turn. */
  isOwn(messageId: string): boolean {
    const info = this.#infos.get(messageId);
    return info !== undefined && this.#asking.has(info.parentID);
  }

  /** Its text is the answer's: not a summary's, nor of what came after the answer. */
  isShown(messageId: string): boolean {
    const info = this.#infos.get(messageId);
    if (info === undefined || info.summary === true || !this.#asking.has(info.parentID)) return false;
    return !this.#continues(info) || !this.steps.afterwards.includes(info);
  }

  isSummary(messageId: string): boolean {
    return this.#infos.get(messageId)?.summary === true;
  }

  keep(part: Part, isInOrder: boolean): void {
    const kept = this.#parts.get(part.messageID) ?? { parts: new Map<string, Part>(), isInOrder: true };
    const before = kept.parts.get(part.id);
    if (before === undefined && !isInOrder) kept.isInOrder = false;
    if (before === undefined || !isFinal(before) || isFinal(part)) kept.parts.set(part.id, part);
    this.#parts.set(part.messageID, kept);
  }

  removePart(messageId: string, partId: string): void {
    this.#parts.get(messageId)?.parts.delete(partId);
  }

  remove(messageId: string): void {
    this.#steps = undefined;
    this.#parts.delete(messageId);
    this.#users.delete(messageId);
    this.#synthetic.delete(messageId);
    if (messageId !== this.#prompt) this.#asking.delete(messageId);
    if (messageId === this.#overflow) this.#overflow = undefined;
    if (!this.#infos.delete(messageId)) return;
    this.#order.splice(this.#order.indexOf(messageId), 1);
  }

  /** In the order in which they were made. */
  partsOf(messageId: string): Part[] {
    const kept = this.#parts.get(messageId);
    if (kept === undefined) return [];
    const parts = [...kept.parts.values()];
    return kept.isInOrder ? parts : parts.sort((a, b) => compareIds(a.id, b.id));
  }

  /** Which of two assistant messages was made first: negative for `a`. */
  compare(a: string, b: string): number {
    return this.#order.indexOf(a) - this.#order.indexOf(b);
  }

  get steps(): Steps {
    this.#steps ??= this.#divide();
    return this.#steps;
  }

  #divide(): Steps {
    const own: AssistantMessage[] = [];
    for (const id of this.#order) {
      const info = this.#infos.get(id);
      if (info !== undefined && this.#asking.has(info.parentID)) own.push(info);
    }
    const answering: AssistantMessage[] = [];
    const afterwards: AssistantMessage[] = [];
    let isAnswered = false;
    for (const info of own) {
      if (info.parentID === this.#earlier) afterwards.push(info);
      else if (isAnswered && (this.#continues(info) || info.summary === true)) {
        if (info.summary !== true) afterwards.push(info);
      } else if (info.summary !== true || info.error !== undefined) {
        answering.push(info);
        isAnswered = endsAnswer(info);
      }
    }
    return { own, answering, afterwards, isAnswered };
  }

  /** It does not answer the prompt itself, but a message that the server has added. */
  #continues({ parentID }: AssistantMessage): boolean {
    return parentID !== this.#prompt && !this.#copies.has(parentID) && !this.steers.has(parentID);
  }

  #place(info: AssistantMessage, isInOrder: boolean): void {
    let index = this.#order.length;
    while (!isInOrder && index > 0) {
      const earlier = this.#infos.get(this.#order[index - 1] ?? "");
      if (earlier === undefined || !isBefore(info, earlier)) break;
      index -= 1;
    }
    this.#order.splice(index, 0, info.id);
  }
}

function isBefore(a: AssistantMessage, b: AssistantMessage): boolean {
  return (a.time.created - b.time.created || compareIds(a.id, b.id)) < 0;
}
