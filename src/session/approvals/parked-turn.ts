/** What a turn does about its parked requests before it goes on and after its run is over. */
import type { ReadOptions } from "../../client/retry-transient.js";
import type { AssistantMessage, Part, ReadableMessage } from "../../types/answer.js";
import type { Approval, ApprovalStore } from "../../types/approval.js";
import { recordProperty, stringProperty } from "../../util/json.js";
import type { DirectoryContext } from "../context.js";
import { changeApproval } from "./change.js";
import { rootOf } from "./entry.js";
import type { PastDecisions, PastDenial } from "./park.js";

/** The session whose requests may be parked. */
export interface ParkedSession {
  readonly scope: DirectoryContext;
  readonly store: ApprovalStore;
  readonly sessionId: string;
  /** Of one prompt; `undefined`: of all. */
  readonly messageId?: string | undefined;
}

/** The prompt whose requests may be parked. */
export interface ParkedPrompt extends ParkedSession {
  readonly messageId: string;
}

/** The entries of the prompt, or of all. */
async function entriesOf({ store, sessionId, messageId }: ParkedSession): Promise<Approval[]> {
  return (await store.list({ rootSessionId: sessionId })).filter(
    ({ request }) => request.messageId === (messageId ?? request.messageId) && rootOf(request) === sessionId,
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
  const denials = refused.map(({ request, reason = "", decidedBy }): PastDenial => {
    const { permission, patterns, sessionId, tool } = request;
    const by = decidedBy === "reply()" ? "reply" : "approval";
    return { callId: tool?.callId, denial: { permission, patterns, reason, by, sessionId } };
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
  if (await isAborted(prompt, unused, call)) {
    await endParked(prompt);
    return new Set();
  }
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

/**
 * Of a session that is idle. An aborted run leaves its requests in the server's list, and the end of a server takes them with it
 * (1.18.33). Where they cannot be listed, the run was not aborted: then a person is asked again.
 */
async function isAborted({ scope }: ParkedPrompt, unused: readonly Approval[], call: ReadOptions): Promise<boolean> {
  const open = new Set((await scope.api.requests.permissions(call).catch(() => [])).map(({ id }) => id));
  return unused.some(({ request }) => open.has(request.id));
}

/** A step without an end, or one that the server has aborted when it was closed (1.18.33). */
function isCut(info: ReadableMessage["info"]): info is AssistantMessage {
  if (info.role !== "assistant") return false;
  return info.time.completed === undefined || info.error?.name === "MessageAbortedError";
}

/** The part is no tool that has run. A request that waits in the store may have been answered in another way. */
function isUntouched(part: Part, asked: ReadonlySet<string | undefined>): boolean {
  if (part.type !== "tool") return true;
  const status = stringProperty(part.state, "status");
  return status === "pending" || (status !== "completed" && asked.has(part.callID));
}

/** After the runs are over: nobody needs a decision about what was not asked again. Never rejects. */
export async function endParked(parked: ParkedSession): Promise<void> {
  const { store, scope, sessionId } = parked;
  try {
    for (const { id } of (await entriesOf(parked)).filter(isUnused)) {
      await changeApproval(store, id, (stored) =>
        stored.usedAt === undefined ? { ...stored, state: "withdrawn" } : undefined,
      );
    }
  } catch (error) {
    scope.api.logger.debug(`the approvals of ${sessionId} cannot be withdrawn: ${String(error)}`);
  }
}

/** After a run has ended without a turn. Where the end of the server has cut it, it goes on with its entries. Never rejects. */
export async function endLeft(prompt: ParkedPrompt, call: ReadOptions): Promise<void> {
  const { scope, sessionId, messageId } = prompt;
  try {
    const unused = (await entriesOf(prompt)).filter(isUnused);
    if (unused.length === 0) return;
    const last = (await scope.api.messages.ofTurn(sessionId, messageId, call)).at(-1);
    if (last !== undefined && isCut(last.info) && !(await isAborted(prompt, unused, call))) return;
    await endParked(prompt);
  } catch (error) {
    scope.api.logger.debug(`the approvals of ${messageId} cannot be withdrawn: ${String(error)}`);
  }
}
