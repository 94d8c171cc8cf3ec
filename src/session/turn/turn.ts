/**
 * One turn, folded from events and from what is read over REST: no I/O, no clock. How far it is, is its phase
 * (`turn-phase.ts`); its messages and parts are `turn-content.ts`. Its state changes by its methods only.
 */

import type { ApiEvent } from "../../api/api-event.js";
import { toAgentEvent } from "../../events/agent-event.js";
import type { AssistantMessage, ReadableMessage } from "../../types/answer.js";
import type { AgentEvent } from "../../types/event.js";
import { stringProperty } from "../../util/json.js";
import { saysLocked } from "./agent-error.js";
import { endsRun, isEndedEarly } from "./step-state.js";
import { isContent, TurnContent } from "./turn-content.js";
import { type AnnouncedError, isStoredIn, nextPhase, signsOf, type TurnPhase, type TurnSignal } from "./turn-phase.js";

/** The state of one turn. Events of other sessions and turns may be passed in: they change nothing. */
export class Turn extends TurnContent {
  #phase: TurnPhase = { name: "waiting" };
  #isWhole = false;
  #isAborting = false;
  #isQueued = false;
  #isStranded = false;
  #interruptions = 0;
  #gaps = 0;
  #restarts = 0;
  #stepsBefore = -1;
  #nextTry = 0;

  /** How far the turn is, by its events. */
  get phase(): TurnPhase {
    return this.#phase;
  }

  /** True while every event since before the submit has been seen: the turn may then be settled without a read. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** The server has the prompt. */
  get isStored(): boolean {
    return isStoredIn(this.#phase);
  }

  /** The events say that the run may be over. */
  get hasEndSign(): boolean {
    return this.#phase.name === "uncertain" || this.#phase.name === "settled";
  }

  /** The session went idle after something of this turn was seen. */
  get isIdle(): boolean {
    return signsOf(this.#phase).isIdle;
  }

  /** The failure that the server has announced by an event. */
  get announced(): AnnouncedError | undefined {
    return signsOf(this.#phase).error;
  }

  /** The directory's instance was disposed, which aborts all runs in it. */
  get wasDisposed(): boolean {
    return signsOf(this.#phase).isDisposed;
  }

  /**
   * The stream alone proves that the turn is over: nothing was missed, the last step is complete, and the session is idle.
   */
  get isSettled(): boolean {
    return this.#phase.name === "settled";
  }

  /** The prompt waits on the server for the end of another client's run: nothing but messages says anything of this turn. */
  get isQueued(): boolean {
    return this.#isQueued && !this.isStored;
  }

  /** The caller has given the run up: it need not answer to be over. */
  get isAborting(): boolean {
    return this.#isAborting;
  }

  /** The run was ended at its very beginning, and not by the caller: nothing of the step was told or done. */
  get isEndedEarly(): boolean {
    return !this.#isAborting && isEndedEarly(this.answerMessages().at(-1));
  }

  /** How often the server ended in the middle of the run, so that the interrupted step was run again. */
  get interruptions(): number {
    return this.#interruptions;
  }

  /** How often the run was set going again: what an idle session meant before is void. */
  get restarts(): number {
    return this.#restarts;
  }

  /** After an interruption: there is a step that the server has made since. */
  get hasBegunAgain(): boolean {
    return this.answerMessages().length > this.#stepsBefore;
  }

  /** How many gaps there were: a read that began before the last one may not have found all that was missed. */
  get gaps(): number {
    return this.#gaps;
  }

  /** The prompt has not been sent, and all events from here on can be heard: what was missed before does not matter. */
  begin(): void {
    this.#isWhole = true;
    this.tracker.begin();
  }

  /** The prompt will wait on the server behind another client's run. */
  queue(): void {
    this.#isQueued = true;
  }

  /** The prompt was stored in a run that has ended since: it does not begin by itself, unless it has. */
  strand(): void {
    this.#isStranded = true;
  }

  /** Says once that the prompt is stranded, while nothing answers it. */
  takeStranded(): boolean {
    const isStranded = this.#isStranded && this.answerMessages().length === 0;
    this.#isStranded = false;
    return isStranded;
  }

  /** Events may be missing from here on. */
  gap(): void {
    this.#isWhole = false;
    this.#gaps += 1;
    this.tracker.gap();
    this.tracker.hold();
    this.subAgents.gap();
    this.#prove();
  }

  /** The run was under way before anybody listened: what is being written is told from where it is. */
  join(): void {
    this.gap();
    this.tracker.join();
  }

  /** Takes an event in; returns what the listener is to be told. */
  event(event: ApiEvent): AgentEvent[] {
    const told = this.#fold(event);
    if (event.type !== "part-delta") this.#prove(); // a piece of text proves nothing
    return told;
  }

  /**
   * Takes stored messages in, oldest first. `isFinal`: they were read after the run had ended. `gaps`: how many there were
   * when the read began.
   */
  stored(messages: readonly ReadableMessage[], isFinal: boolean, gaps: number = this.#gaps): AgentEvent[] {
    const told = this.storedContent(messages, isFinal);
    this.#prove();
    return gaps === this.#gaps ? [...told, ...this.tracker.release()] : told;
  }

  /** The run is over and these are its messages: what events told of and is not among them does not exist any more. */
  over(messages: readonly ReadableMessage[]): AgentEvent[] {
    return this.tracker.onlyStored(new Set(messages.flatMap(({ parts }) => parts.map(({ id }) => id))));
  }

  /** The server waits before it calls the model again. Returns nothing for a wait that is known. */
  retry(wait: { readonly attempt: number; readonly message: string; readonly next: number }): AgentEvent[] {
    if (wait.next === this.#nextTry) return [];
    this.#nextTry = wait.next;
    return [{ type: "retry", sessionId: this.sessionId, ...wait }];
  }

  /** The caller has given the run up. There is no way back. */
  abort(): void {
    this.#isAborting = true;
  }

  /** A rejected prompt is sent again. */
  resend(): void {
    this.#restart({ type: "resent" });
  }

  /** A run that has stopped is set going again. */
  resume(): void {
    this.#restart({ type: "resumed" });
  }

  /** The run is set going again after an interruption: the interrupted step is no longer waited for. */
  discardStep(): AgentEvent[] {
    this.#interruptions += 1;
    this.#stepsBefore = this.answerMessages().length;
    this.resume();
    return this.tracker.abandon();
  }

  /**
   * A run that has failed goes on with another model: its failure is void. `removed` are messages that were deleted on the server for it,
   * `known` the steps before that.
   */
  passOn(removed: readonly string[], known: readonly AssistantMessage[]): AgentEvent[] {
    const told = this.discardContent(removed, known);
    this.#stepsBefore = this.answerMessages().length;
    this.#restart({ type: "passed-on" });
    return [...told, ...this.tracker.abandon()];
  }

  /** The server could not store the prompt: what is stored nowhere can be sent again. */
  get wasRejected(): boolean {
    if (this.announced === undefined || this.isStored) return false;
    return saysLocked(stringProperty(this.announced.data, "message") ?? "");
  }

  /** The request is for this turn. One of the prompt before may be told late; it is void then. */
  isAsked(event: ApiEvent): boolean {
    if (event.type !== "permission-asked" && event.type !== "question-asked") return false;
    const { sessionId, call } = event.request;
    return sessionId !== this.sessionId || call.messageId === undefined || this.hasMessage(call.messageId);
  }

  protected appeared(what: "prompt" | "answer"): void {
    this.#signal({ type: `${what}-stored` });
  }

  #signal(signal: TurnSignal): void {
    this.#phase = nextPhase(this.#phase, signal);
  }

  #restart(signal: TurnSignal): void {
    this.#restarts += 1;
    this.#signal(signal);
    this.#prove();
  }

  /** The messages are looked at in the end only: this is asked after every event. */
  #prove(): void {
    const isOver = this.#isWhole && this.isIdle && !this.isPassedOn && endsRun(this.lastStep);
    const isProven = isOver && !this.isEndedEarly; // a reload may have done it, and tells so later
    this.#signal({ type: isProven ? "proven" : "unproven" });
  }

  #fold(event: ApiEvent): AgentEvent[] {
    if (this.isQueued) return event.sessionId === this.sessionId && isContent(event) ? this.contentEvent(event) : [];
    switch (event.type) {
      case "instance-disposed":
        this.#signal({ type: "disposed" });
        return [];
      case "session-created":
        return this.subAgents.created(event);
      case "permission-asked":
      case "question-asked": // the responder tells of it
      case "unreadable":
        return [];
      default:
        if (event.type === "part-stored") this.subAgents.called(event.part);
        if (event.sessionId === this.sessionId) return this.#ofSession(event);
        return this.#ofSubAgent(event);
    }
  }

  #ofSubAgent(event: ApiEvent): AgentEvent[] {
    const { sessionId } = event;
    if (sessionId === undefined || this.subAgents.chainOf(sessionId) === undefined) return [];
    return this.subAgents.event(event, sessionId);
  }

  #ofSession(event: ApiEvent): AgentEvent[] {
    switch (event.type) {
      case "message-stored":
      case "message-removed":
      case "part-stored":
      case "part-removed":
      case "part-delta":
        return this.contentEvent(event);
      case "session-idle":
        this.#signal({ type: "idle" });
        return [];
      case "session-status":
        this.#signal({ type: event.status });
        break;
      case "session-error": {
        const { name = "UnknownError", data } = event.error;
        this.#signal({ type: "failed", error: { name, data } });
        break;
      }
      case "retry":
        this.#signal({ type: "busy" });
        this.#nextTry = event.next;
        break;
    }
    return [toAgentEvent(event) ?? { type: "raw", sessionId: this.sessionId, raw: event.raw }];
  }
}
