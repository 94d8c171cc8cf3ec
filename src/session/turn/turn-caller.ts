/**
 * The caller's side of one turn: the listener is told the events, the handlers are asked what the agent asks, and the hooks after
 * tool calls are called.
 */
import { ToolHooks } from "../../hooks/tool-hooks.js";
import type { AgentEvent } from "../../types/event.js";
import { messageOf } from "../../util/error-message.js";
import { enrichRequest } from "../permissions/enrich-request.js";
import { Responder } from "../permissions/responder.js";
import { withLoopBreaker } from "../permissions/turn-deciders.js";
import type { Turn } from "./turn.js";
import type { TurnContext } from "./turn-context.js";
import type { TurnLimits } from "./turn-limits.js";

/** The parts of a turn that its caller's side works with. */
export interface TurnCallerParts {
  readonly context: TurnContext;
  readonly turn: Turn;
  readonly limits: TurnLimits;
  /** Aborts when the turn is over. */
  readonly over: AbortSignal;
  /** Ends the turn with an error while its run waits for a decision. */
  readonly park: (error: Error) => void;
  /** The run goes on without its turn: the listener is told nothing more. */
  readonly isLeft: () => boolean;
}

/** The listener, the handlers and the hooks of one turn. */
export class TurnCaller {
  /** Answers what the agent asks in the turn, its sub-agents included. */
  readonly responder: Responder;
  readonly #parts: TurnCallerParts;
  readonly #toolHooks: ToolHooks | undefined;
  #hasStarted = false;

  constructor(parts: TurnCallerParts) {
    this.#parts = parts;
    this.responder = this.#makeResponder();
    this.#toolHooks = toolHooks(parts.context);
  }

  /** Resolves when the hooks of all tool calls until now have been called; `undefined` without hooks. */
  get hooksSettled(): Promise<void> | undefined {
    return this.#toolHooks?.settled;
  }

  /** Tells the first event, also when another client's run is heard of before the prompt is sent. */
  start(): void {
    if (this.#hasStarted) return;
    this.#hasStarted = true;
    const { context, turn } = this.#parts;
    context.emit({ type: "start", sessionId: turn.sessionId, messageId: turn.messageId });
  }

  /** Tells events. */
  emit(events: readonly AgentEvent[]): void {
    const { context, limits, isLeft } = this.#parts;
    if (events.length > 0) this.start();
    if (isLeft()) return;
    for (const event of events) {
      context.emit(this.#explained(event));
      this.#toolHooks?.see(event);
      if (event.type === "retry") limits.checkRetry(event);
    }
  }

  /** The server does not tell why an ask was refused; we do. */
  #explained(event: AgentEvent): AgentEvent {
    if (event.type !== "permission-reply" || event.reply !== "reject") return event;
    const reason = this.responder.reasonOf(event.id);
    return reason === undefined ? event : { ...event, reason };
  }

  #makeResponder(): Responder {
    const { context, turn, limits, over, park, isLeft } = this.#parts;
    const { scope, session, permissions, options } = context;
    const { desk, reconnectTimeout: retryTimeout } = session.connection;
    const { liveness } = scope.api;
    const isWritten = (callId: string): boolean => this.responder.hasAnswered(callId);
    const isCalling = (): boolean =>
      turn.openTools.some(({ callID, state }) => state.status === "pending" && !isWritten(callID));
    return new Responder({
      emit: (event) => this.emit([event]),
      passed: (event) => (isLeft() ? Promise.resolve() : context.passed(event)),
      onPending: (change) => limits.idle?.pending(change),
      signal: over,
      parking: permissions.parked === undefined ? undefined : { messageId: turn.messageId, park, isCalling },
      deciders: withLoopBreaker(permissions.deciders, limits.breaker),
      audit: permissions.audit,
      onQuestion: options.onQuestion,
      onPlanExit: options.onPlanExit,
      callbackTimeout: options.callbackTimeout,
      api: scope.api,
      chainOf: (id) => turn.subAgents.chainOf(id),
      desk,
      lookUp: (request, signal) => enrichRequest(scope.api, request, { signal, liveness, retryTimeout }),
    });
  }
}

/** The hooks after tool calls; `undefined` when there are none. A hook that fails is told to the listener. */
function toolHooks({ scope, session, options, emit }: TurnContext): ToolHooks | undefined {
  const { hooks, callbackTimeout: timeout } = options;
  if (hooks?.postToolUse === undefined) return undefined;
  const onFailure = (name: string, error: unknown): void => {
    const message = `a hook ${name} failed: ${messageOf(error)}`;
    scope.api.logger.warn(message);
    emit({ type: "error", sessionId: session.sessionId, message });
  };
  return new ToolHooks(hooks.postToolUse, { timeout, onFailure });
}
