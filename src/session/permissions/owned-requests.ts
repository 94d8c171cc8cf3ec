/** The requests of the agent as the caller's handlers get them. */
import type { OpenPermission, OpenQuestion } from "../../api/api-event.js";
import type { PermissionRequest, QuestionReply, QuestionRequest } from "../../types/request.js";

type ChainOf = (sessionId: string) => readonly string[] | undefined;

/** `undefined` for the request of a session that does not belong to the turn. */
export function permissionRequest(
  { id, sessionId, permission, patterns, always, metadata, call }: OpenPermission,
  chainOf: ChainOf,
  directory: string | undefined,
): PermissionRequest | undefined {
  const chain = chainOf(sessionId);
  if (chain === undefined) return undefined;
  const { messageId, callId } = call;
  return {
    id,
    sessionId,
    chain,
    permission,
    patterns,
    always,
    ...(directory === undefined ? {} : { directory }),
    metadata,
    ...(messageId === undefined || callId === undefined ? {} : { tool: { messageId, callId } }),
  };
}

/** Likewise. */
export function questionRequest(
  { id, sessionId, questions, call: { callId } }: OpenQuestion,
  chainOf: ChainOf,
): QuestionRequest | undefined {
  if (chainOf(sessionId) === undefined) return undefined;
  return { id, sessionId, questions, ...(callId === undefined ? {} : { callId }) };
}

/** The server asks for leaving plan mode as a question with this header (1.18.33). */
export function isPlanExit({ questions }: QuestionRequest): boolean {
  const [only] = questions;
  return questions.length === 1 && only?.header === "Build Agent" && only.options.some(({ label }) => label === "Yes");
}

/** One list of texts for each question. */
export function isAnswers(value: unknown): value is Exclude<QuestionReply, "reject"> {
  return (
    Array.isArray(value) && value.every((item) => Array.isArray(item) && item.every((text) => typeof text === "string"))
  );
}
