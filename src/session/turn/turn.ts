/**
 * One turn, folded from events and from what is read over REST: no I/O, no clock. It knows which messages belong to the
 * turn, what is to be told to the listener, and whether the turn can be over.
 */
import { asPart } from "../../api/v1/part.js";
import { deltaOf, toAgentEvent } from "../../events/agent-event.js";
import { PartTracker } from "../../events/part-tracker.js";
import { sessionOf } from "../../events/route.js";
import type { AssistantMessage, Part, ReadableMessage } from "../../types/answer.js";
import type { AgentEvent, ServerEvent } from "../../types/event.js";
import { numberProperty, recordProperty, stringProperty } from "../../util/json.js";
import { isAssistant } from "../history/message-shape.js";
import { saysLocked } from "./agent-error.js";
import { SubAgents } from "./sub-agents.js";
import { continuing, isFinal, type TurnMessage, TurnMessages } from "./turn-messages.js";

/** A failure that the server announced by `session.error`. */
export interface AnnouncedError {
  readonly name: string;
  readonly data: Record<string, unknown>;
}

/** The state of one turn. Events of other sessions and turns may be passed in: they change nothing. */
export class Turn {
  readonly sessionId: string;
  /** The user message that asks. */
  readonly messageId: string;
  /** True while every event since before the submit has been seen: the turn may then be settled without a read. */
  isWhole = false;
  /** The server has the prompt. */
  isStored = false;
  /** The session went idle after something of this turn was seen. */
  isIdle = false;
  announced: AnnouncedError | undefined;
  /** The directory's instance was disposed, which aborts all runs in it. */
  wasDisposed = false;
  /** How often the server ended in the middle of the run, so that the interrupted step was run again. */
  interruptions = 0;
  readonly subAgents: SubAgents;

  readonly #tracker: PartTracker;
  readonly #messages: TurnMessages;
  #seen = false;
  #gaps = 0;
  #nextTry = 0;

  /** `isSeparate` names the sessions that are nobody's sub-agents, whatever their parent. */
  constructor(sessionId: string, messageId: string, isSeparate: (sessionId: string) => boolean = () => false) {
    this.subAgents = new SubAgents(sessionId, isSeparate);
    this.sessionId = sessionId;
    this.messageId = messageId;
    this.#messages = new TurnMessages(messageId);
    this.#tracker = new PartTracker(sessionId, (a, b) => this.#messages.compare(a, b));
  }

  /** The prompt has not been sent, and all events from here on can be heard: what was missed before does not matter. */
  begin(): void {
    this.isWhole = true;
    this.#tracker.begin();
  }

  /** Events may be missing from here on. */
  gap(): void {
    this.isWhole = false;
    this.#gaps += 1;
    this.#tracker.gap();
    this.#tracker.hold();
    this.subAgents.gap();
  }

  /** The run was under way before anybody listened: what is being written is told from where it is. */
  join(): void {
    this.gap();
    this.#tracker.join();
  }

  /** Takes an event in; returns what the listener is to be told. */
  event(raw: ServerEvent): AgentEvent[] {
    if (raw.type === "server.instance.disposed") {
      this.wasDisposed = true;
      return [];
    }
    if (raw.type === "session.created") return this.subAgents.created(raw);
    if (raw.type === "permission.asked" || raw.type === "question.asked") return []; // the responder tells of it
    const session = sessionOf(raw);
    if (session !== this.sessionId) {
      const isOurs = session !== undefined && this.subAgents.chainOf(session) !== undefined;
      return isOurs ? this.subAgents.event(raw, session) : [];
    }
    switch (raw.type) {
      case "message.updated":
        return this.#message(raw.properties["info"], raw);
      case "message.part.updated":
        return this.#part(raw.properties["part"], raw);
      case "message.part.delta": {
        const delta = deltaOf(raw);
        if (delta === undefined || !this.#messages.isShown(delta.messageId)) return [];
        return this.#tracker.delta(delta.messageId, delta.partId, delta.text, raw);
      }
      case "message.part.removed":
      case "message.removed":
        return this.#removed(raw);
      case "session.idle":
        this.#idle();
        return [];
      case "session.error":
        return this.#error(raw);
      default:
        return this.#other(raw);
    }
  }

  /** How many gaps there were: a read that began before the last one may not have found all that was missed. */
  get gaps(): number {
    return this.#gaps;
  }

  /**
   * Takes stored messages in, oldest first. `isFinal`: they were read after the run had ended. `gaps`: how many there were
   * when the read began.
   */
  stored(messages: readonly ReadableMessage[], isFinal: boolean, gaps: number = this.#gaps): AgentEvent[] {
    const events: AgentEvent[] = [];
    for (const { info, parts } of messages) {
      if (info.role === "user") this.#user(info.id, info.time.created, parts);
      else if (this.#messages.isAsking(info.parentID)) this.#message(info, undefined);
      for (const part of parts) this.#messages.keep(part, false);
    }
    const last = messages.findLast(({ info }) => this.#messages.isOwn(info.id))?.info;
    for (const { info, parts } of messages) {
      if (info.role !== "assistant" || info.summary === true || !this.#messages.isOwn(info.id)) continue;
      const told = this.#messages.isShown(info.id) ? parts : parts.filter((part) => !isSpoken(part));
      // One that has no end, and is followed by another, was cut by the server's death: it will have none.
      const isCut = info.time.completed === undefined && info !== last;
      events.push(...this.#tracker.stored(told, isCut || (isFinal && info.time.completed !== undefined)));
      if (isCut) events.push(...this.#tracker.cut(told));
    }
    if (gaps === this.#gaps) events.push(...this.#tracker.release());
    return events;
  }

  /** The run is over and these are its messages: what events told of and is not among them does not exist any more. */
  over(messages: readonly ReadableMessage[]): AgentEvent[] {
    return this.#tracker.onlyStored(new Set(messages.flatMap(({ parts }) => parts.map(({ id }) => id))));
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
    return own.filter((info) => info.summary === true && !answering.includes(info));
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
    if (part.type !== "text" && part.type !== "reasoning") return part;
    const streamed = this.#tracker.textOf(part.id);
    return !isFinal(part) && streamed.length > part.text.length ? { ...part, text: streamed } : part;
  }

  /** The last model step has ended: whether another one follows only idle can tell. */
  get isComplete(): boolean {
    return this.#messages.steps.own.at(-1)?.time.completed !== undefined;
  }

  /**
   * As it is stored, another step should follow or the last one go on: when the session is idle, the server has ended in
   * the middle. A refusal ends a run in the same way, after a tool that it made fail.
   */
  get isInterrupted(): boolean {
    const last = this.answerMessages().at(-1);
    if (last === undefined) return false;
    const { info, parts } = last;
    if (info.error !== undefined || info.structured !== undefined) return false;
    if (info.time.completed === undefined) return true;
    return continuing.has(info.finish ?? "") && !parts.some(isRefused);
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

  /** The server waits before it calls the model again. Returns nothing for a wait that is known. */
  retry(wait: { readonly attempt: number; readonly message: string; readonly next: number }): AgentEvent[] {
    if (wait.next === this.#nextTry) return [];
    this.#nextTry = wait.next;
    return [{ type: "retry", sessionId: this.sessionId, ...wait }];
  }

  /** The run goes on after an interruption: what was under way is no longer waited for. */
  discardStep(): AgentEvent[] {
    this.interruptions += 1;
    this.isIdle = false;
    return this.#tracker.abandon();
  }

  /** The server could not store the prompt: what is stored nowhere can be sent again. */
  get wasRejected(): boolean {
    if (this.announced === undefined || this.isStored) return false;
    return saysLocked(stringProperty(this.announced.data, "message") ?? "");
  }

  /** The last text of the last step has no end yet, although the step has. */
  get hasOpenText(): boolean {
    const parts = this.answerMessages().at(-1)?.parts ?? [];
    const lastStart = parts.findLastIndex(({ type }) => type === "step-start");
    return parts.slice(lastStart + 1).some((part) => part.type === "text" && part.time?.end === undefined);
  }

  /** It asks something for this turn. An ask of the prompt before may be told late; it is void then. */
  isAsked({ type, properties }: ServerEvent): boolean {
    if (type !== "permission.asked" && type !== "question.asked") return false;
    if (properties["sessionID"] !== this.sessionId) return true;
    const messageId = stringProperty(recordProperty(properties, "tool"), "messageID");
    return messageId === undefined || this.#messages.isOwn(messageId);
  }

  /** A tool, or this one, has not come to its end: only then something can be asked. */
  hasOpenTool(name?: string): boolean {
    const isOpen = (part: Part): boolean =>
      part.type === "tool" && !isFinal(part) && (name === undefined || part.tool === name);
    return this.#messages.steps.own.some(({ id }) => this.#messages.partsOf(id).some(isOpen));
  }

  /**
   * The stream alone proves that the turn is over: nothing was missed, the last step is complete, and the session is
   * idle. A last step that called tools is doubtful (a refused permission ends a run like that) unless it gave
   * structured output.
   */
  get isSettled(): boolean {
    if (!this.isWhole || !this.isIdle) return false; // asked after every event: the messages are looked at only in the end
    const last = this.#messages.steps.own.at(-1);
    if (last?.time.completed === undefined) return false;
    return last.error !== undefined || last.structured !== undefined || (last.finish ?? "tool-calls") !== "tool-calls";
  }

  /** The message is one of this turn's answers. */
  hasMessage(messageId: string): boolean {
    return this.#messages.isOwn(messageId);
  }

  /** The last step is not the answer: it has called tools, or is under way. */
  get goesOn(): boolean {
    const last = this.#messages.steps.own.at(-1);
    if (last === undefined || last.error !== undefined || last.structured !== undefined) return false;
    return last.time.completed === undefined || continuing.has(last.finish ?? "");
  }

  /** One for each model step of the turn, its sub-agents' included. */
  get steps(): AssistantMessage[] {
    return [...this.#messages.steps.own, ...this.subAgents.infos];
  }

  /** User messages of somebody else that came after ours, so that the server answered both at once. */
  get foreignMessages(): string[] {
    return this.#messages.foreign;
  }

  #message(info: unknown, raw: ServerEvent | undefined): AgentEvent[] {
    const id = stringProperty(info, "id");
    if (id === undefined) return [];
    if (stringProperty(info, "role") === "user") {
      this.#user(id, numberProperty(recordProperty(info, "time"), "created"), []);
      return [];
    }
    if (!isAssistant(info)) return [];
    const before = this.#messages.assistant(info, this.isWhole && raw !== undefined);
    if (!this.#messages.isOwn(id)) return [];
    this.isStored = true;
    this.#seen = true;
    if (before !== undefined || raw === undefined || info.summary === true) return [];
    // Parts that came before their message were kept back.
    return this.#messages.partsOf(id).flatMap((part) => this.#told(part, raw));
  }

  #user(id: string, created: number | undefined, parts: readonly Part[]): void {
    if (id === this.messageId) {
      if (!this.#seen) this.#asked();
      this.isStored = true;
      this.#messages.asked(created);
    } else if (this.isStored) {
      this.#messages.user(id, created);
      if (this.#messages.isUser(id)) for (const part of parts) this.#messages.userPart(part);
    }
  }

  #part(value: unknown, raw: ServerEvent): AgentEvent[] {
    const part = asPart(value);
    if (part === undefined) return [];
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
    return isSpoken(part) && !this.#messages.isShown(part.messageID) ? [] : this.#tracker.part(part, raw);
  }

  #removed({ type, properties }: ServerEvent): AgentEvent[] {
    const messageId = stringProperty(properties, "messageID") ?? "";
    if (type === "message.removed") {
      this.#messages.remove(messageId);
      return this.#tracker.removedMessage(messageId);
    }
    const partId = stringProperty(properties, "partID") ?? "";
    this.#messages.removePart(messageId, partId);
    return this.#tracker.removed(partId);
  }

  /** Our prompt appears: what the events have said about the session until now was about the turn before. */
  #asked(): void {
    this.#seen = true;
    this.isIdle = false;
    this.wasDisposed = false;
    this.announced = undefined;
  }

  #idle(): void {
    if (this.#seen || this.announced !== undefined) this.isIdle = true;
  }

  #error(raw: ServerEvent): AgentEvent[] {
    const error = recordProperty(raw.properties, "error");
    const name = stringProperty(error, "name") ?? "UnknownError";
    // The same failure is announced again with a stack trace: the first text is the readable one.
    this.announced ??= { name, data: recordProperty(error, "data") ?? {} };
    const event = toAgentEvent(raw);
    return event === undefined ? [] : [event];
  }

  #other(raw: ServerEvent): AgentEvent[] {
    const event = toAgentEvent(raw);
    if (event?.type === "status") {
      if (event.status === "idle") this.#idle();
      else this.isIdle = false;
    } else if (event?.type === "retry") {
      this.isIdle = false;
      this.#nextTry = event.next;
    }
    return [event ?? { type: "raw", sessionId: this.sessionId, raw }];
  }
}

/** The texts of 1.18.33 for a permission or a question that was refused without a reason: with one the run goes on. */
function isRefused(part: Part): boolean {
  if (part.type !== "tool" || part.state.status !== "error") return false;
  return /rejected permission(?!.* with the following feedback)|dismissed this question/s.test(part.state.error);
}

function isSpoken({ type }: Part): boolean {
  return type === "text" || type === "reasoning";
}
