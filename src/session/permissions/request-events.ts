/** The requests of the agent as events. */
import type { AgentEvent, ServerEvent } from "../../types/event.js";
import type { PermissionRequest, QuestionRequest } from "../../types/request.js";

/** `raw` is absent for a request that was found by a read. */
export function permissionEvent(request: PermissionRequest, raw: ServerEvent | undefined): AgentEvent {
  const { id, sessionId, permission, patterns, metadata, tool, chain } = request;
  return {
    type: "permission-request",
    id,
    sessionId,
    permission,
    patterns,
    metadata,
    chain,
    ...(tool === undefined ? {} : { callId: tool.callId }),
    ...(tool?.name === undefined ? {} : { tool: tool.name }),
    ...(tool?.input === undefined ? {} : { input: tool.input }),
    ...(raw === undefined ? {} : { raw }),
  };
}

/** Likewise. */
export function questionEvent(request: QuestionRequest, raw: ServerEvent | undefined): AgentEvent {
  const { id, sessionId, questions, callId } = request;
  return {
    type: "question",
    id,
    sessionId,
    questions: questions.map(({ question }) => question),
    details: questions,
    ...(callId === undefined ? {} : { callId }),
    ...(raw === undefined ? {} : { raw }),
  };
}
