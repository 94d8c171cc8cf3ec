/** Listens to the events of one turn: the turn takes each event, the caller is told, and the agent's requests are answered. */
import type { ApiEvent } from "../../api/api-event.js";
import { openTimeout } from "../../client/retry-transient.js";
import type { Subscription } from "../../events/event-hub.js";
import { raceAbort } from "../../util/abort.js";
import type { PollLoop } from "./poll-loop.js";
import { SubagentControl } from "./subagent-control.js";
import type { Turn } from "./turn.js";
import type { TurnCaller } from "./turn-caller.js";
import type { TurnContext } from "./turn-context.js";
import type { TurnLimits } from "./turn-limits.js";

/** The parts of a turn that its listener works with. */
export interface TurnListenerParts {
  readonly context: TurnContext;
  readonly turn: Turn;
  readonly caller: TurnCaller;
  readonly limits: TurnLimits;
  readonly loop: PollLoop;
  /** The prompt is on its way, or the server has had it before. */
  readonly isSubmitted: () => boolean;
  /** A prompt that has waited on the server begins. */
  readonly onBegun: () => void;
}

/** The place of one turn in the directory's event hub. */
export class TurnListener {
  readonly #parts: TurnListenerParts;
  readonly #subscription: Subscription;
  readonly #subagents: SubagentControl;

  /** Listens from here on. */
  constructor(parts: TurnListenerParts) {
    this.#parts = parts;
    const { context, turn, caller, loop, isSubmitted } = parts;
    this.#subagents = new SubagentControl({ context, turn, emit: (events) => caller.emit(events) });
    this.#subscription = context.scope.hub.subscribe(
      {
        onEvent: (event) => this.#event(event),
        onOpen: () => {
          // The result of a read that is under way may be older than the events that were missed.
          if (isSubmitted()) turn.gap();
          loop.request();
        },
        onGap: () => turn.gap(),
        onEnd: () => turn.gap(),
      },
      [turn.sessionId],
    );
  }

  /** True while the connection is open. */
  get isOpen(): boolean {
    return this.#subscription.isOpen;
  }

  /** True while the connection is open and not silent: what the server tells is heard. */
  get isLive(): boolean {
    return this.#subscription.isLive;
  }

  /** Every event since before the submit was heard, and the next ones will be. */
  get hearsAll(): boolean {
    return this.#parts.turn.isWhole && this.#subscription.isLive;
  }

  /** Resolves when the connection is open, or was waited for long enough. Rejects when `signal` aborts. */
  whenOpen(signal: AbortSignal): Promise<boolean> {
    return raceAbort(this.#subscription.whenOpen(openTimeout(this.#parts.context.scope.api.liveness)), signal);
  }

  /** Listens to the sub-agents that a read has found. */
  followSubAgents(): void {
    this.#parts.turn.noteCalls();
    this.#follow();
    this.#closeAsks();
  }

  #follow(): void {
    for (const id of this.#parts.turn.subAgents.ids) this.#subscription.follow(id);
    this.#subagents.check();
  }

  /** What sub-agents ask that were cut is void. */
  #closeAsks(): void {
    const { turn, caller } = this.#parts;
    caller.responder.closeIn((id) => turn.subAgents.isCut(id));
  }

  /** Ends the listening. */
  close(): void {
    this.#subagents.close();
    this.#subscription.close();
  }

  #event(event: ApiEvent): void {
    const { context, turn, caller, limits, loop } = this.#parts;
    if (event.type === "part-delta") {
      // Deltas come by the thousand, and change neither the phase nor the usage of the turn.
      caller.emit(turn.event(event));
      loop.seen(this.#subscription.heardAt);
      limits.idle?.touch(this.#subscription.heardAt);
      return;
    }
    const { hasEndSign: wasDoubtful, isQueued: wasQueued } = turn;
    if (event.type === "instance-disposed") context.scope.names.forget();
    if (event.type === "permission-answered" || event.type === "question-answered")
      caller.responder.closed(event.requestId);
    caller.emit(turn.event(event));
    if (wasQueued) this.#queued(event);
    if (event.sessionId !== undefined) {
      loop.seen();
      limits.idle?.touch();
    }
    if (event.type === "session-created" || event.type === "part-stored") this.#follow();
    if (event.type === "part-stored" && event.part.type === "tool" && event.part.tool === "task") this.#closeAsks();
    limits.breaker?.see(event);
    if (event.type === "message-stored") {
      limits.checkUsage();
      context.steering.changed();
    }
    this.#answer(event);
    loop.changed(wasDoubtful);
  }

  /** The prompt has begun, or the run before it is over and may have left it waiting. */
  #queued(event: ApiEvent): void {
    const { turn, loop, onBegun } = this.#parts;
    if (!turn.isQueued) onBegun();
    else if (event.type === "session-idle" && event.sessionId === turn.sessionId) loop.request();
  }

  #answer(event: ApiEvent): void {
    const { turn, caller, limits } = this.#parts;
    // What is asked of a run that is to end stays unanswered.
    if (turn.isQueued || !turn.isAsked(event) || limits.signal.aborted || turn.isAborting) return;
    if (event.type === "permission-asked") caller.responder.permission(event.request, event.raw);
    else if (event.type === "question-asked") caller.responder.question(event.request, event.raw);
  }
}
