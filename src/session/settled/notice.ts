/** From the result of a turn to the notice of it. */
import { AbortedError, AgentError, ApprovalPendingError, isOpencodeError } from "../../errors/index.js";
import type { Answer } from "../../types/answer.js";
import type { SettledNotice, SettledTurn } from "../../types/settled.js";
import { messageOf } from "../../util/error-message.js";
import { randomText } from "../../util/ids.js";
import { redact } from "../../util/redact.js";

/** Characters of a text that are told. */
const longestText = 8_000;
const longestMessage = 2_000;

/** What is known of a turn that has settled. */
export interface SettledFacts {
  readonly sessionId: string | undefined;
  readonly messageId: string | undefined;
  /** ms since the epoch. */
  readonly startedAt: number;
  readonly result: { readonly answer: Answer<unknown> } | { readonly error: unknown };
}

/** The notice. Asked again under its `messageId`, a turn with the same end has a notice with the same id. */
export function noticeOf({ sessionId, messageId, startedAt, result }: SettledFacts): SettledNotice {
  const now = Date.now();
  const error = "error" in result ? result.error : undefined;
  const partial = error instanceof AgentError ? error.answer : undefined;
  const answer = "answer" in result ? result.answer : undefined;
  const known = answer ?? partial;
  const outcome = answer !== undefined ? "answered" : error instanceof AbortedError ? "aborted" : "failed";
  const data: SettledTurn = {
    sessionId: known?.sessionId ?? sessionId,
    messageId: known?.messageId ?? messageId,
    outcome,
    durationMs: now - startedAt,
    text: cut(redact(known?.text ?? ""), longestText),
    finishReason: answer?.finishReason,
    model: known === undefined || known.model === "" ? undefined : known.model,
    usage: known?.usage,
    cost: known?.cost,
    error: answer === undefined ? describe(error) : undefined,
  };
  const id = noticeId(data.messageId, endOf(data));
  return { id, type: "turn.settled", timestamp: new Date(now).toISOString(), data };
}

/** A receiver of one notice that comes twice knows it by this. Without a full stop, which separates it in what is signed. */
export function noticeId(messageId: string | undefined, end: string): string {
  return `${messageId ?? `turn_${randomText(24)}`}-${end}`;
}

/** A prompt may wait for several approvals, one after the other: each is an end of its own. */
function endOf({ outcome, error }: SettledTurn): string {
  if (error === undefined || outcome !== "failed") return outcome;
  return [outcome, error.code, ...(error.approvalId === undefined ? [] : [error.approvalId])].join("-");
}

function describe(error: unknown): SettledTurn["error"] {
  const { name, code } = isOpencodeError(error) ? error : { name: "Error", code: "unknown" };
  const approvalId = error instanceof ApprovalPendingError ? error.approvalId : undefined;
  return { name, code, message: cut(redact(messageOf(error)), longestMessage), approvalId };
}

/** Not in the middle of a character. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\uD800-\uDBFF]$/, "");
}
