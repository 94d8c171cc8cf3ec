/**
 * One turn, folded from events and from what is read over REST: no I/O, no clock. It knows which messages belong to the
 * turn, what is to be told to the listener, and whether the turn can be over.
 */
import { asPart, deltaOf, toAgentEvent } from "../events/agent-event.js";
import { PartTracker } from "../events/part-tracker.js";
import { sessionOf } from "../events/route.js";
import { recordProperty, stringProperty } from "../internal/json.js";
import type { AssistantMessage, Part, ReadableMessage } from "../types/answer.js";
import type { AgentEvent, ServerEvent } from "../types/event.js";
import { saysLocked } from "./failure.js";
import { isAssistant } from "./message-shape.js";
import { SubAgents } from "./sub-agents.js";

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
  /** Assistant messages of the session by id; not all belong to this turn. */
  readonly #messages = new Map<string, AssistantMessage>();
  readonly #parts = new Map<string, Map<string, Part>>();
  /** User messages whose answers are ours: our own, and those that the server adds while it works on it. */
  readonly #asking: Set<string>;
  readonly #synthetic = new Set<string>();
  /** User messages that somebody has written. */
  readonly #foreign = new Set<string>();
  /** Our own prompt, asked again by the server. */
  readonly #copies = new Set<string>();
  readonly #users = new Set<string>();
  #seen = false;
  #gaps = 0;
  #nextTry = 0;
  /** The prompt did not fit: after the compaction the server asks it again, as a copy under another id (1.18.33). */
  #awaitsCopy = false;

  /** `isSeparate` names the sessions that are nobody's sub-agents, whatever their parent. */
  constructor(sessionId: string, messageId: string, isSeparate: (sessionId: string) => boolean = () => false) {
    this.subAgents = new SubAgents(sessionId, isSeparate);
    this.sessionId = sessionId;
    this.messageId = messageId;
    this.#tracker = new PartTracker(sessionId);
    this.#asking = new Set([messageId]);
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

  /** Takes an event in; returns what the listener is to be told. */
  event(raw: ServerEvent): AgentEvent[] {
    if (raw.type === "server.instance.disposed") {
      this.wasDisposed = true;
      return [];
    }
    if (raw.type === "session.created") return this.subAgents.created(raw);
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
        if (delta === undefined || !this.#isOurs(delta.messageId)) return [];
        return this.#tracker.delta(delta.messageId, delta.partId, delta.text, raw);
      }
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
      if (info.role === "user") this.#user(info.id, parts);
      else if (this.#asking.has(info.parentID)) this.#message(info, undefined);
      for (const part of parts) this.#keep(part);
    }
    for (const { info, parts } of messages) {
      if (info.role !== "assistant" || info.summary === true || !this.#isOurs(info.id)) continue;
      events.push(...this.#tracker.stored(parts, isFinal && info.time.completed !== undefined));
    }
    if (gaps === this.#gaps) events.push(...this.#tracker.release());
    return events;
  }

  /** The assistant messages of this turn with their parts, in order. Summaries of a compaction are left out. */
  answerMessages(): { info: AssistantMessage; parts: Part[] }[] {
    return this.#own()
      .filter((info) => info.summary !== true || info.error !== undefined)
      .map((info) => ({
        info,
        parts: sorted(this.#parts.get(info.id)?.values() ?? []).map((part) => this.#withText(part)),
      }));
  }

  /** The heads of messages that are no answers: the summaries of compactions, which cost all the same. */
  get summaries(): AssistantMessage[] {
    return this.#own().filter((info) => info.summary === true && info.error === undefined);
  }

  /** A running text part is stored as `""` until it ends: a partial answer has what was streamed of it. */
  #withText(part: Part): Part {
    if (part.type !== "text" && part.type !== "reasoning") return part;
    const streamed = this.#tracker.textOf(part.id);
    return !isFinal(part) && streamed.length > part.text.length ? { ...part, text: streamed } : part;
  }

  /** The last model step has ended: whether another one follows only idle can tell. */
  get isComplete(): boolean {
    return this.#own().at(-1)?.time.completed !== undefined;
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

  /** The prompt is the session's newest and the server has added nothing to it: the same again goes on with this run. */
  get canGoOn(): boolean {
    return this.#asking.size === 1 && this.foreignMessages.length === 0;
  }

  /** The server waits before it calls the model again. Returns nothing for a wait that is known. */
  retry(wait: { readonly attempt: number; readonly message: string; readonly next: number }): AgentEvent[] {
    if (wait.next === this.#nextTry) return [];
    this.#nextTry = wait.next;
    return [{ type: "retry", sessionId: this.sessionId, ...wait }];
  }

  /** The run goes on after an interruption: what was under way is no longer waited for. */
  abandon(): AgentEvent[] {
    this.interruptions += 1;
    this.isIdle = false;
    return this.#tracker.abandon();
  }

  /** The server could not store the prompt: what is stored nowhere can be sent again. */
  get wasTurnedAway(): boolean {
    if (this.announced === undefined || this.isStored) return false;
    return saysLocked(stringProperty(this.announced.data, "message") ?? "");
  }

  /** The last text of the last step has no end yet, although the step has. */
  get hasOpenText(): boolean {
    const parts = this.answerMessages().at(-1)?.parts ?? [];
    const lastStart = parts.findLastIndex(({ type }) => type === "step-start");
    return parts.slice(lastStart + 1).some((part) => part.type === "text" && part.time?.end === undefined);
  }

  /**
   * The stream alone proves that the turn is over: nothing was missed, the last step is complete, and the session is
   * idle. A last step that called tools is doubtful (a refused permission ends a run like that) unless it gave
   * structured output.
   */
  get isSettled(): boolean {
    if (!this.isWhole || !this.isIdle) return false; // asked after every event: the messages are looked at only in the end
    const last = this.#own().at(-1);
    if (last?.time.completed === undefined) return false;
    return last.error !== undefined || last.structured !== undefined || (last.finish ?? "tool-calls") !== "tool-calls";
  }

  /** The message is one of this turn's answers. */
  hasMessage(messageId: string): boolean {
    return this.#isOurs(messageId);
  }

  /** The last step is not the answer: it has called tools, or is under way. */
  get goesOn(): boolean {
    const last = this.#own().at(-1);
    if (last === undefined || last.error !== undefined || last.structured !== undefined) return false;
    return last.time.completed === undefined || continuing.has(last.finish ?? "");
  }

  /** One for each model step of the turn, its sub-agents' included. */
  get steps(): AssistantMessage[] {
    return [...this.#own(), ...this.subAgents.infos];
  }

  /** User messages of somebody else that came after ours, so that the server answered both at once. */
  get foreignMessages(): string[] {
    return [...this.#users].filter((id) => !this.#asking.has(id));
  }

  #own(): AssistantMessage[] {
    return sorted([...this.#messages.values()].filter((info) => this.#asking.has(info.parentID)));
  }

  #isOurs(messageId: string): boolean {
    const info = this.#messages.get(messageId);
    return info !== undefined && this.#asking.has(info.parentID);
  }

  #message(info: unknown, raw: ServerEvent | undefined): AgentEvent[] {
    const id = stringProperty(info, "id");
    if (id === undefined) return [];
    if (stringProperty(info, "role") === "user") {
      this.#user(id, []);
      return [];
    }
    if (!isAssistant(info)) return [];
    const before = this.#messages.get(id);
    // A read that was overtaken by events must not undo what they said.
    if (before?.time.completed === undefined || info.time.completed !== undefined) this.#messages.set(id, info);
    if (!this.#isOurs(id)) return [];
    this.isStored = true;
    this.#seen = true;
    if (before !== undefined || raw === undefined) return [];
    // Parts that came before their message were kept back.
    return [...(this.#parts.get(id)?.values() ?? [])].flatMap((part) => this.#tracker.part(part, raw));
  }

  #user(id: string, parts: readonly Part[]): void {
    if (id === this.messageId) {
      if (!this.#seen) this.#asked();
      this.isStored = true;
    } else if (this.isStored) {
      if (this.#awaitsCopy && !this.#users.has(id)) {
        this.#awaitsCopy = false;
        this.#copies.add(id);
        this.#asking.add(id);
      }
      this.#users.add(id);
      for (const part of parts) this.#userPart(part);
      if (this.#synthetic.has(id)) this.#asking.add(id);
    }
  }

  /** A message that the server wrote itself (compaction, "continue", an approved plan) goes on with our turn. */
  #userPart(part: Part): void {
    const id = part.messageID;
    if (part.type !== "compaction" && !(part.type === "text" && part.synthetic === true)) {
      // Written by somebody, whatever the server adds to it (the content of an attached file, for example).
      if (this.#copies.has(id)) return;
      this.#foreign.add(id);
      this.#asking.delete(id);
      return;
    }
    if (this.#foreign.has(id)) return;
    if (part.type === "compaction" && part.overflow === true && !this.#synthetic.has(part.messageID))
      this.#awaitsCopy = true;
    this.#synthetic.add(part.messageID);
    if (this.#users.has(part.messageID)) this.#asking.add(part.messageID);
  }

  #part(value: unknown, raw: ServerEvent): AgentEvent[] {
    const part = asPart(value);
    if (part === undefined) return [];
    if (part.messageID === this.messageId) return [];
    if (this.#users.has(part.messageID) || (part.type === "text" && part.synthetic === true)) {
      this.#userPart(part);
      return [];
    }
    this.#keep(part);
    if (!this.#isOurs(part.messageID)) return [];
    return this.#messages.get(part.messageID)?.summary === true ? [] : this.#tracker.part(part, raw);
  }

  #keep(part: Part): void {
    const parts = this.#parts.get(part.messageID) ?? new Map<string, Part>();
    const before = parts.get(part.id);
    if (before === undefined || !isFinal(before) || isFinal(part)) parts.set(part.id, part);
    this.#parts.set(part.messageID, parts);
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

function sorted<T extends { readonly id: string }>(items: Iterable<T>): T[] {
  return [...items].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/** With these the server makes another step (1.18.33). */
const continuing: ReadonlySet<string> = new Set(["tool-calls", "unknown"]);

/** The texts of 1.18.33 for a permission or a question that was refused without a reason. */
function isRefused(part: Part): boolean {
  if (part.type !== "tool" || part.state.status !== "error") return false;
  return /rejected permission|dismissed this question/.test(part.state.error);
}

function isFinal(part: Part): boolean {
  if (part.type === "text" || part.type === "reasoning") return part.time?.end !== undefined;
  return part.type !== "tool" || part.state.status === "completed" || part.state.status === "error";
}
