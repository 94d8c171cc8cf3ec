/**
 * Answers what the agent asks while it works on one turn: permissions, questions, and leaving plan mode; its own asks and
 * those of its sub-agents. An unanswered ask would hang the run for ever, so every one gets an answer: the caller's, or a
 * refusal that is reported.
 */
import type { OpenPermission, OpenQuestion } from "../../api/api-event.js";
import type { Denial } from "../../types/answer.js";
import type { ServerEvent } from "../../types/event.js";
import type { PermissionRequest } from "../../types/request.js";
import { permissionRequest, questionRequest } from "./owned-requests.js";
import { PermissionDecisions } from "./permission-decisions.js";
import { PermissionResponder } from "./permission-responder.js";
import { QuestionResponder } from "./question-responder.js";
import { permissionEvent, questionEvent } from "./request-events.js";
import type { ResponderOptions } from "./responder-options.js";
import { TakenRequests } from "./taken-requests.js";

/** One turn's responder. */
export class Responder {
  readonly #options: ResponderOptions;
  readonly #requests: TakenRequests;
  readonly #decisions: PermissionDecisions;
  readonly #permissions: PermissionResponder;
  readonly #questions: QuestionResponder;

  constructor(options: ResponderOptions) {
    this.#options = options;
    const requests = new TakenRequests(options);
    const decisions = new PermissionDecisions(options, requests, () => this.#permissions.takeOpen());
    this.#requests = requests;
    this.#decisions = decisions;
    this.#permissions = new PermissionResponder({ options, requests, decisions, take: (ask) => this.permission(ask) });
    this.#questions = new QuestionResponder(options, requests);
  }

  /** What was refused so far, by us. */
  get denials(): readonly Denial[] {
    return this.#decisions.denials;
  }

  /** From here on nothing is answered any more: the run is to end. */
  stop(): void {
    this.#requests.stop();
  }

  /** The ask is not open any more, whoever has answered it. */
  closed(id: string): void {
    this.#requests.closed(id);
    this.#permissions.closed(id);
  }

  /** What some sessions ask is void, because their runs were ended: no event tells (1.18.33), and lists have it still. */
  closeIn(isEnded: (sessionId: string) => boolean): void {
    for (const id of this.#requests.openIn(isEnded)) this.closed(id);
  }

  /** These are open, and no others. */
  onlyOpen(ids: ReadonlySet<string>): void {
    for (const id of this.#requests.failed) if (!ids.has(id)) this.closed(id);
  }

  /** An answer did not come through, and the ask may still be open. */
  get hasFailed(): boolean {
    return this.#requests.failed.size > 0;
  }

  /** Why we have refused this ask; `undefined` for one that was allowed, or that somebody else has answered. */
  reasonOf(id: string): string | undefined {
    return this.#decisions.reasonOf(id);
  }

  /** The ask of this tool call is, or was, ours to answer. */
  hasAnswered(callId: string): boolean {
    return this.#permissions.hasAnswered(callId);
  }

  /** The server was told our refusal of this tool call, and its reason. */
  hasRefused(callId: string): boolean {
    return this.#permissions.hasRefused(callId);
  }

  /** Refuses what a call asks and no list has. */
  refuseUnlisted(asked: Parameters<PermissionResponder["refuseUnlisted"]>[0]): Promise<void> {
    return this.#permissions.refuseUnlisted(asked);
  }

  /** A permission request, from an event or a read; one that is being answered, or is none of the turn's, is left alone. */
  permission(ask: OpenPermission, raw?: ServerEvent): void {
    const { chainOf, api } = this.#options;
    const request = permissionRequest(ask, chainOf, api.directory);
    if (request === undefined) return;
    const taken = this.#requests.take("permission", request, () => permissionEvent(request, raw));
    if (taken === undefined) return;
    const known = (more: PermissionRequest): void => {
      taken.toEvent = () => permissionEvent(more, raw);
    };
    void this.#requests.settle(taken, this.#permissions.answer(request, taken, known));
  }

  /** A question of the agent, likewise. */
  question(ask: OpenQuestion, raw?: ServerEvent): void {
    const request = questionRequest(ask, this.#options.chainOf);
    if (request === undefined) return;
    const taken = this.#requests.take("question", request, () => questionEvent(request, raw));
    if (taken !== undefined) void this.#requests.settle(taken, this.#questions.answer(request, taken));
  }
}
