/** The error that a turn rejects with, for one that its work has thrown. */
import { AbortedError, AgentError } from "../../errors/index.js";
import type { SessionContext } from "../context.js";
import { toAbortError } from "./abort-error.js";

/** `ofWork`: the error when nothing has stopped the turn. */
export function turnFailure(
  error: unknown,
  { connection, sessionId }: SessionContext,
  signal: AbortSignal,
  ofWork: (error: unknown) => unknown,
): unknown {
  if (connection.lifetime.aborted) return connection.lifetime.reason;
  if (!signal.aborted) return ofWork(error);
  // Stopped while it waited in line, or in a request: the run itself reports its own stop, with what it had until then.
  const isOwnReport = error instanceof AbortedError || (error instanceof AgentError && error.answer !== undefined);
  return isOwnReport ? error : toAbortError(signal.reason, { sessionId });
}
