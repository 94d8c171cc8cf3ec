/**
 * A run that was ended by our refusal although it should go on: of several tool calls of one step that ask, the refusal of
 * one rejects the others without a reason, and a rejection without a reason ends the run (1.18.33).
 */
import type { AssistantMessage, Part } from "../../types/answer.js";

const rejected = "The user rejected permission to use this specific tool call";

/**
 * `isAnswered`: the ask of this tool call was answered by us, and we always give a reason. `isRefused`: the server was told the reason; it
 * does not always tell it on (2.0 preview 1.18.18).
 */
export function endedByRejection(
  { info, parts }: { readonly info: AssistantMessage; readonly parts: readonly Part[] },
  isAnswered: (callId: string) => boolean,
  isRefused: (callId: string) => boolean,
): boolean {
  if (info.finish !== "tool-calls" || info.error !== undefined || info.structured !== undefined) return false;
  const ours = parts.flatMap((part) =>
    part.type === "tool" && part.state.status === "error" && isAnswered(part.callID)
      ? [{ error: part.state.error, isTold: isRefused(part.callID) }]
      : [],
  );
  // Somebody else's rejection without a reason is meant to end the run.
  const hasReason = ours.some(({ error, isTold }) => isTold || error.startsWith(`${rejected} with`));
  return hasReason && ours.some(({ error }) => error.startsWith(`${rejected}.`));
}
