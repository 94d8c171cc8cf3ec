/**
 * Answers the permission requests of one turn. The order of the answers matters: a refusal rejects all other open requests of its
 * session (1.18.33), so it is sent after the allowances.
 */
import type { OpenPermission } from "../../api/api-event.js";
import type { PermissionAnswer, UnlistedPermission } from "../../api/inputs.js";
import { NotFoundError } from "../../errors/index.js";
import type { PermissionRequest } from "../../types/request.js";
import { raceAbort } from "../../util/abort.js";
import { PendingRequests } from "./pending-requests.js";
import type { Decided, PermissionDecisions } from "./permission-decisions.js";
import type { ResponderOptions } from "./responder-options.js";
import type { TakenRequest, TakenRequests } from "./taken-requests.js";

/** The look at the other open asks before a refusal, in ms. */
const longestRead = 5_000;

/** The parts that the permission responder of a turn works with. */
export interface PermissionResponderParts {
  readonly options: ResponderOptions;
  readonly requests: TakenRequests;
  readonly decisions: PermissionDecisions;
  /** Takes a request that a read has found. */
  readonly take: (ask: OpenPermission) => void;
}

/** The permission half of a turn's responder. */
export class PermissionResponder {
  readonly #parts: PermissionResponderParts;
  readonly #open = new PendingRequests();
  readonly #calls = new Set<string>();
  readonly #refused = new Set<string>();
  /** The steps that have asked: of an older run asks may be listed still (1.18.33). */
  readonly #steps = new Set<string>();

  constructor(parts: PermissionResponderParts) {
    this.#parts = parts;
  }

  /** The request of this tool call is, or was, ours to answer. */
  hasAnswered(callId: string): boolean {
    return this.#calls.has(callId);
  }

  /** The server was told our refusal, and its reason. */
  hasRefused(callId: string): boolean {
    return this.#refused.has(callId);
  }

  /**
   * Refuses the request of a call that the server cannot list, and with it all others of the session: not while one is being decided.
   * One that is none is left alone.
   */
  async refuseUnlisted({ callId, ...asked }: UnlistedPermission & { readonly callId: string }): Promise<void> {
    const { decisions, requests } = this.#parts;
    const { api, signal } = this.#parts.options;
    if (requests.isStopped || this.#calls.has(callId) || this.#open.isAny) return;
    const reason = "the server could not list the request, and its events were not heard";
    if ((await api.requests.refuseUnlisted?.(asked, reason, { signal })) !== true) return;
    this.#calls.add(callId);
    this.#refused.add(callId);
    const { permission, pattern, sessionId } = asked;
    decisions.refused({ permission, patterns: [pattern], reason, by: "nobody", sessionId });
  }

  /** The request is not open any more, whoever has answered it. */
  closed(id: string): void {
    this.#open.gone(id);
  }

  /** Decides about a request, and tells the server. `known` is called with the request when all of it is known. */
  async answer(
    request: PermissionRequest,
    taken: TakenRequest,
    known: (more: PermissionRequest) => void,
  ): Promise<void> {
    const { requests, decisions } = this.#parts;
    const { api, signal } = this.#parts.options;
    const { id, sessionId } = request;
    const reply = (answer: PermissionAnswer) => api.requests.answerPermission(id, answer, { signal });
    if (request.tool !== undefined) this.#calls.add(request.tool.callId);
    if (request.tool !== undefined) this.#steps.add(request.tool.messageId);
    this.#open.begin(sessionId, id);
    let refusal: string;
    let onTold: Decided["onTold"];
    let isUntold = false;
    try {
      const { isAllowed, reason, onTold: told } = await decisions.of(request, taken, known);
      if (requests.isStopped) return;
      // "always" is remembered on our side: the server would take it for all sessions of the directory.
      if (isAllowed) {
        isUntold = true; // until then a refusal of another one would reject it, too
        await reply({ reply: "once" });
        isUntold = false;
        return;
      }
      refusal = reason;
      onTold = told;
    } catch (error) {
      if (error instanceof NotFoundError) isUntold = false;
      throw error;
    } finally {
      if (!isUntold) this.#open.end(sessionId, id);
    }
    taken.open.told(); // whoever has refused need not wait for the others
    await this.#othersFirst(request);
    await raceAbort(this.#open.whenNone(sessionId), signal);
    await onTold?.();
    // With a reason the run goes on; a refusal without one ends it (1.18.33).
    await reply({ reply: "reject", message: refusal });
    if (request.tool !== undefined) this.#refused.add(request.tool.callId);
  }

  /** Takes the open asks of the steps that have asked, and those of sub-agents, that have not been heard of yet. */
  async takeOpen(): Promise<void> {
    const { take, options } = this.#parts;
    for (const ask of await this.#openAsks()) {
      const isSubAgents = (options.chainOf(ask.sessionId)?.length ?? 0) > 1;
      if (isSubAgents || this.#steps.has(ask.call.messageId ?? "")) take(ask);
    }
  }

  /** Asks of the same step that have not been heard of yet are decided before it is refused: it would reject them all. */
  async #othersFirst({ sessionId, tool }: PermissionRequest): Promise<void> {
    const { take } = this.#parts;
    if (tool === undefined) return;
    for (const ask of await this.#openAsks()) {
      if (ask.sessionId === sessionId && ask.call.messageId === tool.messageId) take(ask);
    }
  }

  /** Only a precaution: without it the events tell of them. */
  #openAsks(): Promise<OpenPermission[]> {
    const { api, signal } = this.#parts.options;
    return api.requests.permissions({ signal, timeout: longestRead, maxRetries: 0 }).catch(() => []);
  }
}
