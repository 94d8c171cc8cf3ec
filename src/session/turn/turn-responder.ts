/** The responder and the tool hooks of one turn, from its context. */
import { ToolHooks } from "../../hooks/tool-hooks.js";
import { messageOf } from "../../util/error-message.js";
import { enrichRequest } from "../permissions/enrich-request.js";
import { Responder, type ResponderOptions } from "../permissions/responder.js";
import type { Turn } from "./turn.js";
import type { TurnContext } from "./turn-context.js";

/** Answers what the agent asks in the turn, its sub-agents included. */
export function turnResponder(
  { scope, session, permissions, options }: TurnContext,
  turn: Turn,
  given: Pick<ResponderOptions, "emit" | "passed" | "onPending" | "signal">,
): Responder {
  const { desk, reconnectTimeout: retryTimeout } = session.connection;
  const { liveness } = scope.api;
  return new Responder({
    ...given,
    deciders: permissions.deciders,
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

/** The hooks after tool calls; `undefined` when there are none. A hook that fails is told to the listener. */
export function turnToolHooks({ scope, session, options, emit }: TurnContext): ToolHooks | undefined {
  const { hooks, callbackTimeout: timeout } = options;
  if (hooks?.postToolUse === undefined) return undefined;
  const onFailure = (name: string, error: unknown): void => {
    const message = `a hook ${name} failed: ${messageOf(error)}`;
    scope.api.logger.warn(message);
    emit({ type: "error", sessionId: session.sessionId, message });
  };
  return new ToolHooks(hooks.postToolUse, { timeout, onFailure });
}
