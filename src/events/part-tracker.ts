/**
 * Turns part events, in whatever mixture of deltas, snapshots and gaps they come, into a gapless and ordered sequence
 * of agent events. Text comes exactly once and in the order in which the server stores it.
 *
 * Facts it rests on (1.18.33): text deltas come only as `message.part.delta`; `message.part.updated` has the whole text
 * at the start (`""`) and at the end; while a part is running a REST read gives it as `""`. Older releases (1.1) send
 * growing snapshots instead of deltas: those work the same way here.
 */

import type { Part } from "../types/answer.js";
import type { AgentEvent, ServerEvent } from "../types/event.js";
import { GrowingText } from "../util/growing-text.js";
import { compareIds } from "../util/ids.js";
import { nothing, pieceOf, type TextState, untold } from "./text-state.js";
import { ToolParts } from "./tool-parts.js";

type Raw = ServerEvent | undefined;

/** The parts of one session's assistant messages. */
export class PartTracker {
  readonly #sessionId: string;
  readonly #texts = new Map<string, TextState>();
  readonly #compareMessages: (a: string, b: string) => number;
  /**
   * Texts that have not been passed on whole, in the order of their creation. Of the others only the ids are kept: a
   * session can go on for days.
   */
  readonly #order: TextState[] = [];
  readonly #tools: ToolParts;
  readonly #marks = new Set<string>();
  #missed = false;
  #isHeld = false;
  #isJoining = false;

  /** `compareMessages` tells which of two messages was made first; by default their ids tell it. */
  constructor(sessionId: string, compareMessages: (a: string, b: string) => number = compareIds) {
    this.#sessionId = sessionId;
    this.#tools = new ToolParts(sessionId);
    this.#compareMessages = compareMessages;
  }

  /** Nothing is missing any more: there was nothing until now. */
  begin(): void {
    this.#missed = false;
    this.#isHeld = false;
  }

  /** Events may be missing from here on: what is running can no longer be continued from deltas. */
  gap(): void {
    this.#missed = true;
    for (const state of this.#order) {
      if (state.ended) continue;
      // A piece of the middle that nobody was told of is of no use without what follows it.
      if ((state.isTail || this.#isJoining) && !state.synced && state.emitted === 0) {
        state.text.set("");
        state.pending = "";
      }
      state.synced = false;
      state.isTail = false;
    }
  }

  /**
   * The listener joins a run that is under way: of a text that is being written only the rest can be heard, and that is passed on as it
   * comes. Until the end of the text the server tells nothing of its beginning (1.18.33).
   */
  join(): void {
    this.gap();
    this.hold();
    this.#isJoining = true;
  }

  /**
   * From here on only what a read has found is passed on: a text that is not known may come before the one that an event
   * tells of.
   */
  hold(): void {
    this.#isHeld = true;
  }

  /** A read has found everything that was missed: what was held back is passed on, in order. */
  release(): AgentEvent[] {
    this.#isHeld = false;
    if (this.#isJoining) {
      for (const state of this.#order) state.isTail = !state.synced && state.isStored;
      this.#isJoining = false;
    }
    return this.#flush(undefined);
  }

  /** What is running will not end: what comes after it must not wait for it. */
  abandon(): AgentEvent[] {
    for (const state of this.#order) if (!state.ended) this.#end(state);
    return [...this.#flush(undefined), ...this.#tools.abandon()];
  }

  /** Parts of a message that the server's end has cut: its tools do not run any more. */
  cut(parts: readonly Part[]): AgentEvent[] {
    return parts.flatMap((part) => (part.type === "tool" ? this.#tools.interrupted(part) : []));
  }

  /** What is known of a text part's text; `""` once it has ended and has been passed on. */
  textOf(id: string): string {
    return this.#texts.get(id)?.text.toString() ?? "";
  }

  /** A piece of text of a running part. */
  delta(messageId: string, id: string, text: string, raw: Raw): AgentEvent[] {
    let state = this.#texts.get(id);
    if (state === undefined) {
      // After a gap a part that nobody announced began unseen: its deltas have no beginning.
      state = this.#add({ id, messageId, kind: "unknown", ...nothing, synced: !this.#missed, ended: false });
    }
    if (state.ended || !(state.synced || state.isTail || this.#isJoining)) return [];
    state.text.add(text);
    if (this.#isAlone(state)) {
      state.emitted += text.length;
      return [pieceOf(state, text, this.#sessionId, raw)];
    }
    state.pending += text;
    return this.#flush(raw);
  }

  /** A part as the server holds it. */
  part(part: Part, raw: Raw): AgentEvent[] {
    switch (part.type) {
      case "text":
      case "reasoning":
        return this.#textPart(part.type, part, raw);
      default:
        // Deltas may have come for it: no text is to wait for one that is none.
        return [...this.removed(part.id), ...this.#otherPart(part, raw)];
    }
  }

  #otherPart(part: Part, raw: Raw): AgentEvent[] {
    switch (part.type) {
      case "tool":
        return this.#tools.part(part, raw);
      case "step-start":
        return this.#mark(part.id, { type: "step-start", messageId: part.messageID, ...this.#base(raw) });
      case "step-finish": {
        const { messageID: messageId, reason, cost } = part;
        return this.#mark(part.id, { type: "step-finish", messageId, reason, cost, ...this.#base(raw) });
      }
      default:
        return [];
    }
  }

  /** A part that is not there any more, or is no text: what comes after it must not wait for it. */
  removed(partId: string): AgentEvent[] {
    const state = this.#texts.get(partId);
    if (state === undefined) return [];
    this.#end(state);
    return this.#flush(undefined);
  }

  /** A message that is not there any more. */
  removedMessage(messageId: string): AgentEvent[] {
    for (const state of this.#order) if (state.messageId === messageId) this.#end(state);
    return this.#flush(undefined);
  }

  /**
   * The stored parts of a message. A text without an end is complete as stored when a new step has begun after it in the
   * same message: it was abandoned. Nothing else proves that before the run is over (`isFinal`): the end of a text may be
   * stored after the tool call, or the end of the step, that follows it (1.18.33).
   */
  stored(parts: readonly Part[], isFinal: boolean): AgentEvent[] {
    const lastStart = parts.findLastIndex(({ type }) => type === "step-start");
    return parts.flatMap((part, index) => {
      const isText = part.type === "text" || part.type === "reasoning";
      if (!isText || !(isFinal || index < lastStart)) return this.part(part, undefined);
      return this.#textPart(part.type, { ...part, time: { start: 0, ...part.time, end: 1 } }, undefined);
    });
  }

  /** A read has found all that there will ever be, and these parts: others are gone. */
  onlyStored(partIds: ReadonlySet<string>): AgentEvent[] {
    for (const state of this.#order) if (!partIds.has(state.id)) this.#end(state);
    return this.#flush(undefined);
  }

  /** Nothing more of it is passed on. */
  #end(state: TextState): void {
    state.ended = true;
    state.synced = true;
    state.isStored = true;
    state.pending = "";
    if (state.kind === "unknown") state.kind = "text";
  }

  #textPart(kind: "text" | "reasoning", part: Extract<Part, { type: "text" | "reasoning" }>, raw: Raw): AgentEvent[] {
    const state =
      this.#texts.get(part.id) ??
      this.#add({
        id: part.id,
        messageId: part.messageID,
        kind,
        ...nothing,
        // Announced by an event it begins now; found by a read it may have begun unseen.
        synced: raw !== undefined || !this.#missed,
        ended: false,
      });
    state.kind = kind;
    if (raw === undefined) state.isStored = true;
    if (state.ended) return this.#flush(raw);
    const ended = part.time?.end !== undefined;
    if (ended || part.text.length > state.text.length) {
      state.pending = untold(state, part.text);
      state.text.set(part.text);
      state.synced = true;
    }
    state.ended = ended;
    return this.#flush(raw);
  }

  #flush(raw: Raw): AgentEvent[] {
    const events: AgentEvent[] = [];
    let done = 0;
    let index = -1;
    for (const state of this.#order) {
      index += 1;
      if (state.kind === "unknown" || (this.#isHeld && !state.isStored)) break;
      if ((state.synced || state.isTail) && state.pending !== "") {
        const text = state.pending;
        state.pending = "";
        const isJoined = !state.synced && state.emitted === 0;
        if (isJoined) state.isHeadless = true;
        state.emitted += text.length;
        const event = pieceOf(state, text, this.#sessionId, raw);
        events.push(isJoined ? { ...event, joined: true } : event);
      }
      if (!state.synced && !state.isTail) break; // what follows waits, or the order would be wrong
      if (!state.ended || index > done) continue;
      done += 1;
      state.text.set("");
    }
    if (done > 0) this.#order.splice(0, done);
    return events;
  }

  /** No other text waits, and nothing of this one does: the usual case while a text is written. */
  #isAlone(state: TextState): boolean {
    return (
      state.synced && state.kind !== "unknown" && state.pending === "" && !this.#isHeld && this.#order.length === 1
    );
  }

  #mark(id: string, event: AgentEvent): AgentEvent[] {
    if (this.#marks.has(id)) return [];
    this.#marks.add(id);
    return [event];
  }

  #add(known: Omit<TextState, "text">): TextState {
    const state: TextState = { ...known, text: new GrowingText() };
    this.#texts.set(state.id, state);
    let index = this.#order.length;
    // While nothing is missed texts come in their order: the clock that their ids are made by may jump.
    while (this.#missed && index > 0 && this.#isBefore(state, this.#order[index - 1])) index -= 1;
    this.#order.splice(index, 0, state);
    return state;
  }

  #isBefore(a: TextState, b: TextState | undefined): boolean {
    if (b === undefined) return false;
    const order = a.messageId === b.messageId ? 0 : this.#compareMessages(a.messageId, b.messageId);
    return (order === 0 ? compareIds(a.id, b.id) : order) < 0;
  }

  #base(raw: Raw): { sessionId: string; raw?: ServerEvent } {
    return raw === undefined ? { sessionId: this.#sessionId } : { sessionId: this.#sessionId, raw };
  }
}
