/**
 * What is known of a turn's messages and parts, from events and from reads, and what the listener is told of them: no I/O,
 * no clock. How far the run is, is `turn.ts`.
 */

import type { ApiEvent } from "../../api/api-event.js";
import { isAssistant } from "../../client/answer-checks.js";
import { PartTracker } from "../../events/part-tracker.js";
import type { AssistantMessage, Part, ReadableMessage, ToolPart } from "../../types/answer.js";
import type { AgentEvent, ServerEvent } from "../../types/event.js";
import { goesOn, hasOpenText, isFinal, isInterruptedAt, saysEnd, type TurnMessage } from "./step-state.js";
import { SubAgents } from "./sub-agents.js";
import { TurnMessages } from "./turn-messages.js";

/** An event about a message or a part. */
export type ContentEvent = Extract<
  ApiEvent,
  { type: "message-stored" | "message-removed" | "part-stored" | "part-removed" | "part-delta" }
>;

/** True for an event about a message or a part. */
export function isContent(event: ApiEvent): event is ContentEvent {
  return event.type.startsWith("message-") || event.type.startsWith("part-");
}

/** The content of one turn. The class above it owns the phase, and says whether all events were heard. */
export abstract class TurnContent {
  readonly sessionId: string;
  /** The user message that asks. */
  readonly messageId: string;
  readonly subAgents: SubAgents;
  protected readonly tracker: PartTracker;
  /** Steps that the end of their server has aborted: they are to be made again. */
  #cut: ReadonlySet<string> = new Set();
  readonly #messages: TurnMessages;
  /** Steps that were deleted so that another model could go on: they have cost all the same. */
  readonly #discarded: AssistantMessage[] = [];
  /** The last step when the run was passed on to another model: what it says about the end is void. */
  #passedOn: { readonly step: string | undefined } | undefined;

  /** `isSeparate` names the sessions that are nobody's sub-agents, whatever their parent. */
  constructor(sessionId: string, messageId: string, isSeparate: (sessionId: string) => boolean = () => false) {
    this.subAgents = new SubAgents(sessionId, isSeparate);
    this.sessionId = sessionId;
    this.messageId = messageId;
    this.#messages = new TurnMessages(messageId);
    this.tracker = new PartTracker(sessionId, (a, b) => this.#messages.compare(a, b));
  }

  /** True while every event since before the submit has been seen. */
  abstract readonly isWhole: boolean;
  /** The server has the prompt. */
  abstract readonly isStored: boolean;
  /** The prompt, or a message that answers it, was found to be stored. */
  protected abstract appeared(what: "prompt" | "answer"): void;

  /** Steps that look ended, and were cut by the end of their server. */
  cut(steps: ReadonlySet<string> = new Set()): void {
    this.#cut = steps;
  }

  /**
   * The assistant messages that answer the prompt with their parts, in order. Summaries of compactions are left out, and so
   * is what the model says when the server asks it to continue after its answer.
   */
  answerMessages(): TurnMessage[] {
    return this.#messages.steps.answering.map((info) => this.#withParts(info));
  }

  /** What the model has said and done after its answer, because the server compacted then and asked it to continue. */
  get afterwards(): TurnMessage[] {
    return this.#messages.steps.afterwards.map((info) => this.#withParts(info));
  }

  /** The heads of messages that are no answers: the summaries of compactions, which cost all the same. */
  get summaries(): AssistantMessage[] {
    const { own, answering } = this.#messages.steps;
    return [...own.filter((info) => info.summary === true && !answering.includes(info)), ...this.#discarded];
  }

  /** The prompt has its answer, whatever the run is still at. */
  get isAnswered(): boolean {
    return this.#messages.steps.isAnswered;
  }

  #withParts(info: AssistantMessage): TurnMessage {
    return { info, parts: this.#messages.partsOf(info.id).map((part) => this.#withText(part)) };
  }

  /** A running text part is stored as `""` until it ends: a partial answer has what was streamed of it. */
  #withText(part: Part): Part {
    if ((part.type !== "text" && part.type !== "reasoning") || isFinal(part)) return part;
    const streamed = this.tracker.textOf(part.id);
    return streamed.length > part.text.length ? { ...part, text: streamed } : part;
  }

  /** The heads of the turn's own steps, without those of its sub-agents. */
  get ownSteps(): readonly AssistantMessage[] {
    return this.#messages.steps.own;
  }

  /** The last model step has ended: whether another one follows only idle can tell. */
  get isComplete(): boolean {
    const last = this.ownSteps.at(-1);
    return !this.isPassedOn && last?.time.completed !== undefined && !this.#cut.has(last.id);
  }

  /** The run was passed on to another model, which has not begun. */
  get isPassedOn(): boolean {
    return this.#passedOn !== undefined && this.ownSteps.at(-1)?.id === this.#passedOn.step;
  }

  /** The server has ended in the middle of the run, if the session is idle. */
  get isInterrupted(): boolean {
    const last = this.answerMessages().at(-1);
    return isInterruptedAt(last) || this.#cut.has(last?.info.id ?? "");
  }

  /** The server has added something to the prompt, and was to go on with that. */
  get isFollowedUp(): boolean {
    return this.#messages.isFollowedUp;
  }

  /** The server went on with an earlier prompt, which its end had cut, and has not answered ours. */
  get isDisplaced(): boolean {
    return this.#messages.isDisplaced;
  }

  /** The prompt is the session's newest and the server has added nothing to it: the same again goes on with this run. */
  get canResume(): boolean {
    return this.#messages.isAlone;
  }

  /** The stored steer that came last, for a prompt that makes the run go on. */
  get newestSteer(): string | undefined {
    return this.#messages.steers.newest;
  }

  /** The answer is also to a prompt of somebody else, which came before a steer. */
  get isMixed(): boolean {
    return this.#messages.isMixed;
  }

  /** A prompt is about to be put into the run. */
  steer(messageId: string): void {
    this.#messages.steer(messageId);
  }

  /** The server has shown the steer. */
  hasSteer(messageId: string): boolean {
    return this.#messages.isUser(messageId);
  }

  /** The model was asked with the steer. */
  isAbsorbed(messageId: string): boolean {
    return this.#messages.steers.isAbsorbed(messageId);
  }

  /** The last text of the last step has no end yet, although the step has. */
  get hasOpenText(): boolean {
    return hasOpenText(this.answerMessages().at(-1));
  }

  /** The calls that have not come to their end: only then something can be asked. */
  get openTools(): ToolPart[] {
    const parts = this.#messages.steps.own.flatMap(({ id }) => this.#messages.partsOf(id));
    return parts.filter((part): part is ToolPart => part.type === "tool" && !isFinal(part));
  }

  /** A tool, or this one, has not come to its end. */
  hasOpenTool(name?: string): boolean {
    return this.openTools.some(({ tool }) => name === undefined || tool === name);
  }

  /** The message is one of this turn's answers. */
  hasMessage(messageId: string): boolean {
    return this.#messages.isOwn(messageId);
  }

  /** The last step is not the answer: it has called tools, or is under way and has not said that it ends the answer. */
  get goesOn(): boolean {
    const last = this.#messages.steps.own.at(-1);
    return goesOn(last) && !saysEnd(last);
  }

  /** One for each model step of the turn, its sub-agents' included. */
  get steps(): AssistantMessage[] {
    return [...this.#messages.steps.own, ...this.#discarded, ...this.subAgents.infos];
  }

  /** Takes in the calls of sub-agents that reads have found. */
  noteCalls(): void {
    for (const { parts } of this.answerMessages()) for (const part of parts) this.subAgents.called(part);
  }

  /** User messages of somebody else that came after ours, so that the server answered both at once. */
  get foreignMessages(): string[] {
    return this.#messages.foreign;
  }

  /** The last step of the run, summaries of compactions included. */
  protected get lastStep(): AssistantMessage | undefined {
    return this.#messages.steps.own.at(-1);
  }

  /** Takes an event of the session in; returns what the listener is to be told. */
  protected contentEvent(event: ContentEvent): AgentEvent[] {
    switch (event.type) {
      case "message-stored":
        if (event.message.role === "user") this.#user(event.message.id, event.message.createdAt, []);
        else if (event.message.info !== undefined) return this.#assistant(event.message.info, event.raw);
        return [];
      case "part-stored":
        return this.#part(event.part, event.raw);
      case "part-delta":
        if (!this.#messages.isShown(event.messageId)) return [];
        return this.tracker.delta(event.messageId, event.partId, event.text, event.raw);
      case "part-removed":
        this.#messages.removePart(event.messageId, event.partId);
        return this.tracker.removed(event.partId);
      case "message-removed":
        this.#messages.remove(event.messageId);
        return this.tracker.removedMessage(event.messageId);
    }
  }

  /** Stored messages, oldest first. `isFinal`: they were read after the run had ended. */
  protected storedContent(messages: readonly ReadableMessage[], isFinal: boolean): AgentEvent[] {
    for (const { info, parts } of messages) {
      if (info.role === "assistant") this.#messages.steers.answered(info.parentID);
      if (info.role === "user") this.#user(info.id, info.time.created, parts);
      else if (this.#messages.isAsking(info.parentID) && isAssistant(info)) this.#assistant(info, undefined);
      for (const part of parts) this.#messages.keep(part, false);
    }
    const events: AgentEvent[] = [];
    const last = messages.findLast(({ info }) => this.#messages.isOwn(info.id))?.info;
    for (const { info, parts } of messages) {
      if (info.role !== "assistant" || info.summary === true || !this.#messages.isOwn(info.id)) continue;
      const told = this.#messages.isShown(info.id) ? parts : parts.filter((part) => !isSpoken(part));
      // One that has no end, and is followed by another, was cut by the server's death: it will have none.
      const isCut = info.time.completed === undefined && info !== last;
      events.push(...this.tracker.stored(told, isCut || (isFinal && info.time.completed !== undefined)));
      if (isCut) events.push(...this.tracker.cut(told));
    }
    return events;
  }

  /** The run goes on with another model. `removed` were deleted on the server, `known` are the steps before that. */
  protected discardContent(removed: readonly string[], known: readonly AssistantMessage[]): AgentEvent[] {
    this.#discarded.push(...known.filter(({ id }) => removed.includes(id)));
    const told = removed.flatMap((id) => {
      this.#messages.remove(id);
      return this.tracker.removedMessage(id);
    });
    this.#passedOn = { step: this.ownSteps.at(-1)?.id };
    return told;
  }

  #assistant(info: AssistantMessage, raw: ServerEvent | undefined): AgentEvent[] {
    const before = this.#messages.assistant(info, this.isWhole && raw !== undefined);
    if (!this.#messages.isOwn(info.id)) return [];
    this.appeared("answer");
    if (before !== undefined || raw === undefined || info.summary === true) return [];
    // Parts that came before their message were kept back.
    return this.#messages.partsOf(info.id).flatMap((part) => this.#told(part, raw));
  }

  #user(id: string, created: number | undefined, parts: readonly Part[]): void {
    if (id === this.messageId) {
      this.appeared("prompt");
      this.#messages.asked(created);
    } else if (this.isStored) {
      this.#messages.user(id, created);
      if (this.#messages.isUser(id)) for (const part of parts) this.#messages.userPart(part);
    }
  }

  #part(part: Part, raw: ServerEvent): AgentEvent[] {
    if (part.messageID === this.messageId) return [];
    if (this.#messages.isUser(part.messageID) || (part.type === "text" && part.synthetic === true)) {
      this.#messages.userPart(part);
      return [];
    }
    this.#messages.keep(part, this.isWhole);
    return this.#messages.isOwn(part.messageID) ? this.#told(part, raw) : [];
  }

  /** What the listener is told of a part of ours. */
  #told(part: Part, raw: ServerEvent): AgentEvent[] {
    if (this.#messages.isSummary(part.messageID)) return [];
    return isSpoken(part) && !this.#messages.isShown(part.messageID) ? [] : this.tracker.part(part, raw);
  }
}

function isSpoken({ type }: Part): boolean {
  return type === "text" || type === "reasoning";
}
