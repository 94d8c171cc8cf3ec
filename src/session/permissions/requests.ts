/** What the server asks, read from its events and lists. Of unknown shape until here. */
import { questionsOf } from "../../events/questions.js";
import type { PermissionRequest, QuestionReply, QuestionRequest } from "../../types/request.js";
import { isRecord, recordProperty, stringProperty } from "../../util/json.js";

type ChainOf = (sessionId: string) => readonly string[] | undefined;

/** `undefined` for what is none, and for the ask of a session that does not belong to the turn. */
export function permissionRequest(
  ask: unknown,
  chainOf: ChainOf,
  directory: string | undefined,
): PermissionRequest | undefined {
  const base = baseOf(ask, chainOf);
  const permission = stringProperty(ask, "permission");
  if (base === undefined || permission === undefined || !isRecord(ask)) return undefined;
  const tool = recordProperty(ask, "tool");
  const messageId = stringProperty(tool, "messageID");
  const callId = stringProperty(tool, "callID");
  return {
    ...base,
    permission,
    patterns: strings(ask["patterns"]),
    always: strings(ask["always"]),
    ...(directory === undefined ? {} : { directory }),
    metadata: recordProperty(ask, "metadata") ?? {},
    ...(messageId === undefined || callId === undefined ? {} : { tool: { messageId, callId } }),
  };
}

/** Likewise. */
export function questionRequest(ask: unknown, chainOf: ChainOf): QuestionRequest | undefined {
  const base = baseOf(ask, chainOf);
  if (base === undefined || !isRecord(ask) || !Array.isArray(ask["questions"])) return undefined;
  const callId = stringProperty(recordProperty(ask, "tool"), "callID");
  return {
    id: base.id,
    sessionId: base.sessionId,
    questions: questionsOf(ask["questions"]),
    ...(callId === undefined ? {} : { callId }),
  };
}

function baseOf(
  ask: unknown,
  chainOf: ChainOf,
): { id: string; sessionId: string; chain: readonly string[] } | undefined {
  const id = stringProperty(ask, "id");
  const sessionId = stringProperty(ask, "sessionID");
  if (id === undefined || sessionId === undefined) return undefined;
  const chain = chainOf(sessionId);
  return chain === undefined ? undefined : { id, sessionId, chain };
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
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
