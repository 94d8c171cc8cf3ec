/** The decisions about the permission requests of one turn: by the chain of deciders, written to the audit, one for each request. */
import type { Decision, ParkingPlace } from "../../permissions/policy/deciders.js";
import type { Denial } from "../../types/answer.js";
import type { AuditEntry, DecidedBy } from "../../types/decision.js";
import type { CallbackContext, PermissionRequest } from "../../types/request.js";
import { messageOf } from "../../util/error-message.js";
import { redact } from "../../util/redact.js";
import { Parking } from "./parking.js";
import type { ResponderOptions } from "./responder-options.js";
import type { TakenRequest, TakenRequests } from "./taken-requests.js";
import { timedCallback } from "./timed-callback.js";

/** A decision, and who made it. */
export interface Decided extends Decision {
  readonly by: DecidedBy;
}

/** The decisions of one turn. */
export class PermissionDecisions {
  readonly #options: ResponderOptions;
  readonly #requests: TakenRequests;
  /** When the answer is lost on its way to the server, the decision is told again, and nobody is asked again. */
  readonly #decisions = new Map<string, Promise<Decided>>();
  readonly #denials: Denial[] = [];
  readonly #reasons = new Map<string, string>();
  readonly #parking: Parking | undefined;

  /** `takeOpen` takes the open requests of the turn that have not been heard of. */
  constructor(options: ResponderOptions, requests: TakenRequests, takeOpen: () => Promise<void>) {
    this.#options = options;
    this.#requests = requests;
    const { parking, signal } = options;
    if (parking !== undefined) this.#parking = new Parking({ ...parking, takeOpen, signal });
  }

  /** The refusals until now. */
  get denials(): readonly Denial[] {
    return this.#denials;
  }

  /** A refusal without a decision. */
  refused(denial: Denial): void {
    this.#denials.push(denial);
  }

  /** Why the request was refused; `undefined` for one that was allowed, or that somebody else has answered. */
  reasonOf(id: string): string | undefined {
    return this.#reasons.get(id);
  }

  /** The decision about a request: made now, or before. `known` is called with the request when all of it is known. */
  of(request: PermissionRequest, taken: TakenRequest, known: (more: PermissionRequest) => void): Promise<Decided> {
    const decision = this.#decisions.get(request.id) ?? this.#decide(request, taken, known);
    this.#decisions.set(request.id, decision);
    return decision;
  }

  async #decide(...asked: Parameters<PermissionDecisions["of"]>): Promise<Decided> {
    const [{ id }] = asked;
    this.#parking?.begin(id);
    try {
      return await this.#decideOnce(...asked);
    } finally {
      this.#parking?.end(id);
    }
  }

  async #decideOnce(
    asked: PermissionRequest,
    taken: TakenRequest,
    known: (more: PermissionRequest) => void,
  ): Promise<Decided> {
    const { lookUp, signal } = this.#options;
    const request = await lookUp(asked, signal);
    known(request);
    const judged = await this.#decider(request, taken);
    this.#requests.tell(taken);
    taken.open.gone.signal.throwIfAborted();
    taken.open.decided(judged.by);
    const decided = await this.#audited(request, judged);
    if (decided.isAllowed) return decided;
    const { permission, patterns, sessionId } = request;
    this.#denials.push({ permission, patterns, reason: decided.reason, by: decided.by, sessionId });
    this.#reasons.set(request.id, decided.reason);
    return decided;
  }

  async #decider(request: PermissionRequest, taken: TakenRequest): Promise<Decided> {
    const { passed, deciders, onPending } = this.#options;
    const { replied, gone } = taken.open;
    const parking = this.#placeOf(request, taken);
    for (const { by, decide: decider, isCallback, isPatient = false, asksUser } of deciders) {
      if (asksUser === true) this.#requests.tell(taken);
      const call = ({ signal }: CallbackContext) =>
        decider(request, { signal, replied, parking, passed: () => passed(this.#requests.tell(taken)) });
      if (isPatient) onPending(1);
      try {
        const ruling = isCallback
          ? await timedCallback(this.#options, call, gone.signal)
          : await call({ signal: gone.signal });
        if (ruling !== undefined) return { ...ruling, by: ruling.by ?? by };
      } catch (error) {
        gone.signal.throwIfAborted(); // it needs no answer any more
        const who = by === "onPermission" ? "the permission handler" : `the ${by}`;
        const reason = `${who} failed: ${messageOf(error)}`;
        return { isAllowed: false, reason, by };
      } finally {
        if (isPatient) onPending(-1);
      }
    }
    return { isAllowed: false, reason: "no permission handler was given, so the request was refused", by: "nobody" };
  }

  #placeOf({ id }: PermissionRequest, { open }: TakenRequest): ParkingPlace | undefined {
    const { parking } = this.#options;
    if (parking === undefined) return undefined;
    return {
      messageId: parking.messageId,
      isVoid: () => this.#requests.isStopped || open.isAnswered,
      park: (error) => this.#parking?.park(id, error),
      close: () => this.#requests.closed(id),
    };
  }

  /** What is to be written down and cannot be is refused. */
  async #audited(request: PermissionRequest, decided: Decided): Promise<Decided> {
    const { audit } = this.#options;
    if (audit === undefined) return decided;
    const { sessionId, chain, permission, patterns, tool, agent, directory } = request;
    try {
      await timedCallback(this.#options, async () =>
        audit({
          time: new Date().toISOString(),
          sessionId,
          chain,
          requestId: request.id,
          permission,
          patterns: patterns.map((pattern) => redact(pattern)),
          ...(tool?.name === undefined ? {} : { tool: tool.name }),
          ...(agent === undefined ? {} : { agent }),
          ...(directory === undefined ? {} : { directory }),
          decision: decided.isAllowed ? "allow" : "refuse",
          by: decided.by,
          reason: redact(decided.reason),
          ...auditedApproval(decided),
        }),
      );
      return decided;
    } catch (error) {
      const reason = `the decision could not be written to the audit: ${messageOf(error)}`;
      this.#options.api.logger.error(reason);
      return { isAllowed: false, reason, by: decided.by };
    }
  }
}

/** Who has decided about a stored approval. */
function auditedApproval({ approval }: Decided): Pick<AuditEntry, "approvalId" | "decidedBy"> {
  if (approval === undefined) return {};
  const { id, decidedBy } = approval;
  return { approvalId: id, ...(decidedBy === undefined ? {} : { decidedBy: redact(decidedBy) }) };
}
