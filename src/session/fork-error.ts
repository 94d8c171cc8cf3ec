/** Why a session could not be copied. */
import type { AgentApi } from "../api/agent-api.js";
import { isOutcomeUnknown } from "../client/retry-transient.js";
import { APIConnectionError, InternalServerError, isOpencodeError } from "../errors/index.js";
import { property } from "../util/json.js";

/** Messages that are looked through for the reason. */
const mostMessages = 10_000;

/** The error of `fork()`. `until` is the message up to before which was to be copied. */
export async function forkFailure(
  api: AgentApi,
  sessionId: string,
  until: string | undefined,
  error: unknown,
): Promise<unknown> {
  if (isOutcomeUnknown(error)) return unknownOutcome(sessionId, error);
  if (!(error instanceof InternalServerError)) return error;
  const found = await firstFormatted(api, sessionId, until).catch(() => undefined); // the error stands without a reason
  if (found === undefined) return error;
  const { method, path, status, body, ref } = error;
  return new InternalServerError(
    "the server cannot copy the session: a prompt for structured output is in it, and it cannot read those back",
    { method, path, status, body, ref, sessionId, cause: error, hint: hintFor(found), retryable: false },
  );
}

interface Formatted {
  readonly id: string | undefined;
  readonly isFirst: boolean;
}

function hintFor({ id, isFirst }: Formatted): string {
  const remedy = 'Ask with structured: "prompt" in sessions that are to be copied.';
  if (isFirst || id === undefined)
    return `It is the first prompt, so that no part of the session can be copied. ${remedy}`;
  return `What comes before it can be copied: fork({ messageId: "${id}" }). ${remedy}`;
}

/** The oldest prompt in the server's own form of structured output, among the messages to be copied. */
async function firstFormatted(
  api: AgentApi,
  sessionId: string,
  until: string | undefined,
): Promise<Formatted | undefined> {
  let found: { id: string | undefined } | undefined;
  let isAmong = until === undefined;
  let count = 0;
  let isFirst = false;
  for await (const { info } of api.messages.newestFirst(sessionId)) {
    if (isAmong) {
      isFirst = info.role === "unreadable" || (info.role === "user" && property(info, "format") !== undefined);
      if (isFirst) found = { id: info.id };
    }
    if (info.id === until) isAmong = true;
    count += 1;
    if (count >= mostMessages) return found === undefined ? undefined : { ...found, isFirst: false };
  }
  return found === undefined ? undefined : { ...found, isFirst };
}

function unknownOutcome(sessionId: string, cause: unknown): APIConnectionError {
  return new APIConnectionError(
    "the answer was lost: it is unknown whether the server has made a copy of the session",
    {
      ...(isOpencodeError(cause) ? { method: cause.method, path: cause.path } : {}),
      sessionId,
      cause,
      retryable: false,
      hint: 'Look before you fork again: a copy is among the newest of sessions(), with "(fork #" in its title.',
    },
  );
}
