/** What a turn does about its parked requests before it goes on and after its run is over. */
import type { ReadOptions } from "../../client/retry-transient.js";
import type { AssistantMessage, Denial, Part, ReadableMessage } from "../../types/answer.js";
import type { Approval, ApprovalStore } from "../../types/approval.js";
import { recordProperty, stringProperty } from "../../util/json.js";
import type { DirectoryContext } from "../context.js";
import { changeApproval } from "./change.js";
import { rootOf } from "./entry.js";
import type { PastDecisions } from "./park.js";

/** The prompt whose requests may be parked. */
export interface ParkedPrompt {
  readonly scope: DirectoryContext;
  readonly store: ApprovalStore;
  readonly sessionId: string;
  readonly messageId: string;
}

/** The entries of the prompt. */
async function entriesOf({ store, sessionId, messageId }: ParkedPrompt): Promise<Approval[]> {
  return (await store.list({ rootSessionId: sessionId })).filter(
    ({ request }) => request.messageId === messageId && rootOf(request) === sessionId,
  );
}

/** The agent has not been given a decision. */
function isUnused({ usedAt, state }: Approval): boolean {
  return usedAt === undefined && state !== "withdrawn";
}

/** The decisions that the agent has been given. */
export async function pastDecisions(prompt: ParkedPrompt): Promise<PastDecisions> {
  const used = (await entriesOf(prompt)).filter(({ usedAt }) => usedAt !== undefined);
  const refused = used.filter(({ state }) => state !== "approved");
  const callsOf = (entries: readonly Approval[]): Set<string> =>
    new Set(entries.flatMap(({ request }) => request.tool?.callId ?? []));
  const denials = refused.map(({ request, reason = "", decidedBy }): Denial => {
    const { permission, patterns, sessionId } = request;
    return { permission, patterns, reason, by: decidedBy === "reply()" ? "reply" : "approval", sessionId };
  });
  return { decided: callsOf(used), refused: callsOf(refused), denials };
}

/**
 * Before a stored prompt goes on. When its server has ended, the step that has asked is cut. The model is asked for the step once more:
 * where no tool of it has run, in its place. Resolves to the steps that an end of the server has aborted, and that are to be made again.
 */
export async function resumeParked(prompt: ParkedPrompt, call: ReadOptions): Promise<ReadonlySet<string>> {
  const { scope, sessionId, messageId } = prompt;
  const { api } = scope;
  const unused = (await entriesOf(prompt)).filter(isUnused);
  if (unused.length === 0) return new Set();
  const status = recordProperty(await scope.status(call), sessionId);
  if (status !== undefined && status["type"] !== "idle") return new Set();
  const messages = await api.messages.ofTurn(sessionId, messageId, call);
  const last = messages.at(-1);
  if (last === undefined || !isCut(last.info)) return new Set();
  const { id } = last.info;
  const isAsking = unused.some(({ request }) => request.tool?.messageId === id || request.chain.length > 1);
  if (!isAsking) return new Set();
  const asked = new Set(unused.map(({ request }) => request.tool?.callId));
  if (api.capabilities.deletesMessages && last.parts.every((part) => isUntouched(part, asked))) {
    await api.messages.delete(sessionId, id);
    return new Set();
  }
  return new Set([id]);
}

/** A step without an end, or one that the server has aborted when it was closed (1.18.33). */
function isCut(info: ReadableMessage["info"]): info is AssistantMessage {
  if (info.role !== "assistant") return false;
  return info.time.completed === undefined || info.error?.name === "MessageAbortedError";
}

/** The part is no tool that has run. */
function isUntouched(part: Part, asked: ReadonlySet<string | undefined>): boolean {
  if (part.type !== "tool" || asked.has(part.callID)) return true;
  return stringProperty(part.state, "status") === "pending";
}

/** After the run is over: nobody needs a decision about what was not asked again. */
export async function endParked(prompt: ParkedPrompt): Promise<void> {
  const { store, scope } = prompt;
  try {
    for (const { id } of (await entriesOf(prompt)).filter(isUnused)) {
      await changeApproval(store, id, (stored) =>
        stored.usedAt === undefined ? { ...stored, state: "withdrawn" } : undefined,
      );
    }
  } catch (error) {
    scope.api.logger.debug(`the approvals of ${prompt.messageId} cannot be withdrawn: ${String(error)}`);
  }
}
