/**
 * Answers what the agent asks while it works on one turn: permissions, questions, and leaving plan mode; its own asks and
 * those of its sub-agents. An unanswered ask would hang the run for ever, so every one gets an answer: the caller's, or a
 * refusal that is reported.
 */

import type { AgentApi } from "../../api/agent-api.js";
import type { OpenPermission, OpenQuestion } from "../../api/api-event.js";
import type { PermissionAnswer } from "../../api/inputs.js";
import { NotFoundError } from "../../errors/index.js";
import type { Decider, Decision } from "../../permissions/policy/deciders.js";
import type { Denial } from "../../types/answer.js";
import type { AuditSink, DecidedBy } from "../../types/decision.js";
import type { AgentEvent, ServerEvent } from "../../types/event.js";
import type {
  CallbackContext,
  PermissionRequest,
  PlanExitHandler,
  QuestionHandler,
  QuestionReply,
  QuestionRequest,
} from "../../types/request.js";
import { raceAbort } from "../../util/abort.js";
import { messageOf } from "../../util/error-message.js";
import { redact } from "../../util/redact.js";
import { withTimeout } from "../../util/with-timeout.js";
import { PendingRequests } from "./pending-requests.js";
import { OpenRequest, type ReplyDesk, type RequestKind } from "./reply-registry.js";
import { permissionEvent, questionEvent } from "./request-events.js";
import { isAnswers, isPlanExit, permissionRequest, questionRequest } from "./requests.js";

export interface ResponderOptions {
  /** Who decides about permissions, in order. When none does the request is refused. */
  readonly deciders: readonly Decider[];
  /** Told every decision about a permission before it is sent. */
  readonly audit: AuditSink | undefined;
  readonly onQuestion: QuestionHandler | "reply" | undefined;
  readonly onPlanExit: PlanExitHandler | "reply" | undefined;
  /** Where `opencode.reply()` finds what is open. */
  readonly desk: ReplyDesk;
  /** Tells the listener of a request. */
  readonly emit: (event: AgentEvent) => void;
  /** Resolves when the reader of the events has gone on after this one; at once when nobody reads them. */
  readonly passed: (event: AgentEvent) => Promise<void>;
  /** Milliseconds a callback may take. */
  readonly callbackTimeout: number;
  readonly api: AgentApi;
  /** From the root session to the given one; `undefined` when it does not belong to the turn. */
  readonly chainOf: (sessionId: string) => readonly string[] | undefined;
  /** What the server's event does not tell: the tool, the agent, the directories. Never rejects. */
  readonly lookUp: (request: PermissionRequest, signal: AbortSignal) => Promise<PermissionRequest>;
  /** Told when a callback is asked (1), and when it has answered (-1). */
  readonly onPending: (change: 1 | -1) => void;
  /** Ends all callbacks: the turn is over. */
  readonly signal: AbortSignal;
}

/** The look at the other open asks before a refusal, in ms. */
const longestRead = 5_000;

interface Decided extends Decision {
  readonly by: DecidedBy;
}

/** A request from its arrival to its answer. */
interface Taken {
  readonly open: OpenRequest;
  /** The listener was told of it. */
  event?: AgentEvent;
  /** Makes what it is told of what is known. */
  toEvent: () => AgentEvent;
}

/** One turn's responder. */
export class Responder {
  readonly #options: ResponderOptions;
  /** Asks that are being answered, or have been. */
  readonly #taken = new Set<string>();
  readonly #requests = new Map<string, Taken>();
  /** What was decided: when the way to the server is lost, it is told again, and nobody is asked again. */
  readonly #decisions = new Map<string, Promise<Decided>>();
  readonly #replies = new Map<string, Promise<QuestionReply>>();
  readonly #denials: Denial[] = [];
  readonly #reasons = new Map<string, string>();
  readonly #open = new PendingRequests();
  readonly #calls = new Set<string>();
  /** Asks whose answer did not come through. */
  readonly #failed = new Set<string>();
  #isStopped = false;

  constructor(options: ResponderOptions) {
    this.#options = options;
    options.signal.addEventListener("abort", () => this.#over(), { once: true });
  }

  /** What was refused so far, by us. */
  get denials(): readonly Denial[] {
    return this.#denials;
  }

  /** From here on nothing is answered any more: the run is to end. */
  stop(): void {
    this.#isStopped = true;
  }

  /** The ask is not open any more, whoever has answered it. */
  closed(id: string): void {
    const request = this.#requests.get(id);
    if (request !== undefined) {
      this.#tell(request); // before its `permission-reply`
      this.#end(request, "answered");
    }
    this.#failed.delete(id);
    this.#open.gone(id);
  }

  #over(): void {
    for (const request of this.#requests.values()) this.#end(request, "over");
  }

  #end({ open }: Taken, reason: "answered" | "over"): void {
    open.end(reason);
    this.#options.desk.remove(open);
  }

  /** Tells the listener of a request, once. */
  #tell(request: Taken): AgentEvent {
    if (request.event === undefined) {
      request.event = request.toEvent();
      if (!this.#isStopped && !this.#options.signal.aborted) this.#options.emit(request.event);
    }
    return request.event;
  }

  /** These are open, and no others. */
  onlyOpen(ids: ReadonlySet<string>): void {
    for (const id of this.#failed) if (!ids.has(id)) this.closed(id);
  }

  /** An answer did not come through, and the ask may still be open. */
  get hasFailed(): boolean {
    return this.#failed.size > 0;
  }

  /** Why we have refused this ask; `undefined` for one that was allowed, or that somebody else has answered. */
  reasonOf(id: string): string | undefined {
    return this.#reasons.get(id);
  }

  /** The ask of this tool call is, or was, ours to answer. */
  hasAnswered(callId: string): boolean {
    return this.#calls.has(callId);
  }

  /** A permission request, from an event or a read; one that is being answered, or is none of the turn's, is left alone. */
  permission(ask: OpenPermission, raw?: ServerEvent): void {
    const { chainOf, api } = this.#options;
    const request = permissionRequest(ask, chainOf, api.directory);
    if (request === undefined) return;
    const taken = this.#take("permission", request, () => permissionEvent(request, raw));
    if (taken === undefined) return;
    const known = (more: PermissionRequest): void => {
      taken.toEvent = () => permissionEvent(more, raw);
    };
    void this.#settle(taken, this.#answerPermission(request, taken, known));
  }

  /** A question of the agent, likewise. */
  question(ask: OpenQuestion, raw?: ServerEvent): void {
    const request = questionRequest(ask, this.#options.chainOf);
    if (request === undefined) return;
    const taken = this.#take("question", request, () => questionEvent(request, raw));
    if (taken !== undefined) void this.#settle(taken, this.#answerQuestion(request, taken));
  }

  /** `undefined` for one that is being answered. One whose answer did not come through is the same again. */
  #take(
    kind: RequestKind,
    { id, sessionId }: Pick<QuestionRequest, "id" | "sessionId">,
    toEvent: () => AgentEvent,
  ): Taken | undefined {
    if (this.#taken.has(id)) return undefined;
    this.#taken.add(id);
    this.#failed.delete(id);
    const known = this.#requests.get(id);
    if (known !== undefined) return known;
    const taken: Taken = { open: new OpenRequest(id, kind, sessionId), toEvent };
    this.#requests.set(id, taken);
    if (this.#options.signal.aborted) taken.open.end("over");
    else this.#options.desk.add(taken.open);
    return taken;
  }

  async #settle(request: Taken, work: Promise<void>): Promise<void> {
    const { id } = request.open;
    try {
      await work;
      if (this.#isStopped) return; // told to nobody
      request.open.told();
      this.#options.desk.remove(request.open);
    } catch (error) {
      if (error instanceof NotFoundError) this.#end(request, "answered"); // by somebody else, or it is void
      if (error instanceof NotFoundError || this.#options.signal.aborted) return;
      this.#options.api.logger.warn(`could not answer ${id}: ${String(error)}`);
      this.#taken.delete(id); // the next read of the open asks tries again
      this.#failed.add(id);
    }
  }

  async #answerPermission(
    request: PermissionRequest,
    taken: Taken,
    known: (more: PermissionRequest) => void,
  ): Promise<void> {
    const { api, signal } = this.#options;
    const { id, sessionId } = request;
    const reply = (answer: PermissionAnswer) => api.requests.answerPermission(id, answer, { signal });
    if (request.tool !== undefined) this.#calls.add(request.tool.callId);
    this.#open.begin(sessionId, id);
    let refusal: string;
    let isUntold = false;
    try {
      const decision = this.#decisions.get(id) ?? this.#decide(request, taken, known);
      this.#decisions.set(id, decision);
      const { isAllowed, reason } = await decision;
      if (this.#isStopped) return;
      // "always" is remembered on our side: the server would take it for all sessions of the directory.
      if (isAllowed) {
        isUntold = true; // until then a refusal of another one would reject it, too
        await reply({ reply: "once" });
        isUntold = false;
        return;
      }
      refusal = reason;
    } catch (error) {
      if (error instanceof NotFoundError) isUntold = false;
      throw error;
    } finally {
      if (!isUntold) this.#open.end(sessionId, id);
    }
    taken.open.told(); // whoever has refused need not wait for the others
    await this.#othersFirst(request);
    await raceAbort(this.#open.whenNone(sessionId), signal);
    // With a reason the run goes on; a refusal without one ends it (1.18.33).
    await reply({ reply: "reject", message: refusal });
  }

  /** Asks of the same step that have not been heard of yet are decided before it is refused: it would reject them all. */
  async #othersFirst({ sessionId, tool }: PermissionRequest): Promise<void> {
    const { api, signal } = this.#options;
    if (tool === undefined) return;
    const open = await api.requests.permissions({ signal, timeout: longestRead, maxRetries: 0 }).catch(() => []); // only a precaution
    for (const ask of open) {
      if (ask.sessionId === sessionId && ask.call.messageId === tool.messageId) this.permission(ask);
    }
  }

  async #decide(asked: PermissionRequest, taken: Taken, known: (more: PermissionRequest) => void): Promise<Decided> {
    const { lookUp, signal } = this.#options;
    const request = await lookUp(asked, signal);
    known(request);
    const judged = await this.#decider(request, taken);
    this.#tell(taken);
    taken.open.gone.signal.throwIfAborted();
    taken.open.decided(judged.by);
    const decided = await this.#audited(request, judged);
    if (decided.isAllowed) return decided;
    const { permission, patterns, sessionId } = request;
    this.#denials.push({ permission, patterns, reason: decided.reason, by: decided.by, sessionId });
    this.#reasons.set(request.id, decided.reason);
    return decided;
  }

  async #decider(request: PermissionRequest, taken: Taken): Promise<Decided> {
    const { passed } = this.#options;
    const { replied, gone } = taken.open;
    for (const { by, decide: decider, isCallback, asksUser } of this.#options.deciders) {
      if (asksUser === true) this.#tell(taken);
      const call = ({ signal }: CallbackContext) =>
        decider(request, { signal, replied, passed: () => passed(this.#tell(taken)) });
      try {
        const ruling = isCallback ? await this.#bounded(call, gone.signal) : await call({ signal: gone.signal });
        if (ruling !== undefined) return { ...ruling, by: ruling.by ?? by };
      } catch (error) {
        gone.signal.throwIfAborted(); // it needs no answer any more
        const who = by === "onPermission" ? "the permission handler" : `the ${by}`;
        const reason = `${who} failed: ${messageOf(error)}`;
        return { isAllowed: false, reason, by };
      }
    }
    return { isAllowed: false, reason: "no permission handler was given, so the request was refused", by: "nobody" };
  }

  /** What is to be written down and cannot be is refused. */
  async #audited(request: PermissionRequest, decided: Decided): Promise<Decided> {
    const { audit } = this.#options;
    if (audit === undefined) return decided;
    const { sessionId, chain, permission, patterns, tool, agent, directory } = request;
    try {
      await this.#bounded(async () =>
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
        }),
      );
      return decided;
    } catch (error) {
      const reason = `the decision could not be written to the audit: ${messageOf(error)}`;
      this.#options.api.logger.error(reason);
      return { isAllowed: false, reason, by: decided.by };
    }
  }

  async #answerQuestion(request: QuestionRequest, taken: Taken): Promise<void> {
    const { api, signal } = this.#options;
    const answering = this.#replies.get(request.id) ?? this.#ask(request, taken);
    this.#replies.set(request.id, answering);
    const reply = await answering;
    if (this.#isStopped) return;
    if (reply === "reject") await api.requests.rejectQuestion(request.id, { signal });
    else await api.requests.answerQuestion(request.id, reply, { signal });
  }

  /** The user's answer, or the default: no for leaving plan mode, and "unanswered" for anything else. */
  async #ask(request: QuestionRequest, taken: Taken): Promise<QuestionReply> {
    const { onQuestion, onPlanExit } = this.#options;
    const isExit = isPlanExit(request);
    const event = this.#tell(taken);
    const answer = isExit
      ? await this.#user(
          onPlanExit === "reply" ? onPlanExit : onPlanExit && ((context) => onPlanExit(request, context)),
          event,
          taken,
        )
      : await this.#user(
          onQuestion === "reply" ? onQuestion : onQuestion && ((context) => onQuestion(request, context)),
          event,
          taken,
        );
    taken.open.gone.signal.throwIfAborted();
    taken.open.decided(answer?.isByReply === true ? "reply" : "a handler");
    const reply = answer?.reply;
    if (isExit && (typeof reply === "boolean" || reply === undefined)) return [[reply === true ? "Yes" : "No"]];
    // No answers tells the agent "unanswered" and lets it go on; a reject would end the run (1.18.33).
    return reply === "reject" || isAnswers(reply) ? reply : [];
  }

  /** What `opencode.reply()` or the callback says first; `undefined` when neither does. */
  async #user(
    callback: "reply" | ((context: CallbackContext) => unknown) | undefined,
    event: AgentEvent,
    { open }: Taken,
  ): Promise<{ readonly reply: unknown; readonly isByReply: boolean } | undefined> {
    const byReply = open.replied.then((reply) => ({ reply, isByReply: true }));
    const byCallback = async (context: CallbackContext) => {
      if (callback === "reply") return new Promise<never>(() => {});
      if (callback === undefined) return this.#options.passed(event).then(() => undefined);
      return { reply: await callback(context), isByReply: false };
    };
    try {
      return await this.#bounded((context) => Promise.race([byReply, byCallback(context)]), open.gone.signal);
    } catch (error) {
      open.gone.signal.throwIfAborted(); // it needs no answer any more
      this.#options.api.logger.warn(`a callback for the agent's question failed: ${String(error)}`);
      return undefined;
    }
  }

  /** `signal` ends it, as the end of the turn does. */
  async #bounded<T>(
    callback: (context: CallbackContext) => T | Promise<T>,
    signal: AbortSignal = this.#options.signal,
  ): Promise<T> {
    const { callbackTimeout: timeout, onPending } = this.#options;
    onPending(1);
    try {
      return await withTimeout(callback, { timeout, signal });
    } finally {
      onPending(-1);
    }
  }
}
