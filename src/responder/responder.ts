/**
 * Answers what the agent asks while it works on one turn: permissions, questions, and leaving plan mode; its own asks and
 * those of its sub-agents. An unanswered ask would hang the run for ever, so every one gets an answer: the caller's, or a
 * refusal that is reported.
 */

import type { OpencodeClient } from "../client/client.js";
import { NotFoundError } from "../errors.js";
import { orAbort } from "../internal/abort.js";
import { bounded } from "../internal/bounded.js";
import { redact } from "../internal/redact.js";
import type { Judge, Ruling } from "../permissions/judges.js";
import type { Denial } from "../types/answer.js";
import type { AuditSink, DecidedBy } from "../types/decision.js";
import type {
  CallbackContext,
  PermissionRequest,
  PlanExitHandler,
  QuestionHandler,
  QuestionReply,
  QuestionRequest,
} from "../types/request.js";
import { isAnswers, isPlanExit, permissionRequest, questionRequest } from "./asks.js";
import { OpenAsks } from "./open-asks.js";

export interface ResponderOptions {
  /** Who decides about permissions, in order. When none does the request is refused. */
  readonly judges: readonly Judge[];
  /** Told every decision about a permission before it is sent. */
  readonly audit: AuditSink | undefined;
  readonly onQuestion: QuestionHandler | undefined;
  readonly onPlanExit: PlanExitHandler | undefined;
  /** Milliseconds a callback may take. */
  readonly callbackTimeout: number;
  readonly client: OpencodeClient;
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

interface Decided extends Ruling {
  readonly by: DecidedBy;
}

/** One turn's responder. */
export class Responder {
  readonly #options: ResponderOptions;
  /** Asks that are being answered, or have been. */
  readonly #taken = new Set<string>();
  /** What was decided: when the way to the server is lost, it is told again, and nobody is asked again. */
  readonly #decisions = new Map<string, Promise<Decided>>();
  readonly #replies = new Map<string, Promise<QuestionReply>>();
  readonly #denials: Denial[] = [];
  readonly #reasons = new Map<string, string>();
  readonly #open = new OpenAsks();
  readonly #calls = new Set<string>();
  /** Asks whose answer did not come through. */
  readonly #failed = new Set<string>();
  #isStopped = false;

  constructor(options: ResponderOptions) {
    this.#options = options;
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
  closed(id: unknown): void {
    if (typeof id !== "string") return;
    this.#failed.delete(id);
    this.#open.gone(id);
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

  /** A permission ask, from an event or a read; anything else, and one that is being answered, is left alone. */
  permission(ask: unknown): void {
    const { chainOf, client } = this.#options;
    const request = permissionRequest(ask, chainOf, client.directory);
    if (request !== undefined && this.#take(request.id)) void this.#settle(request.id, this.#answerPermission(request));
  }

  /** A question of the agent, likewise. */
  question(ask: unknown): void {
    const request = questionRequest(ask, this.#options.chainOf);
    if (request !== undefined && this.#take(request.id)) void this.#settle(request.id, this.#answerQuestion(request));
  }

  #take(id: string): boolean {
    if (this.#taken.has(id)) return false;
    this.#taken.add(id);
    this.#failed.delete(id);
    return true;
  }

  async #settle(id: string, work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (error instanceof NotFoundError || this.#options.signal.aborted) return; // somebody else has answered, or it is void
      this.#options.client.logger.warn(`could not answer ${id}: ${String(error)}`);
      this.#taken.delete(id); // the next read of the open asks tries again
      this.#failed.add(id);
    }
  }

  async #answerPermission(request: PermissionRequest): Promise<void> {
    const { client, signal } = this.#options;
    const { id, sessionId } = request;
    const reply = (body: { reply: "once" } | { reply: "reject"; message: string }) =>
      client.POST("/permission/{requestID}/reply", { params: { path: { requestID: id } }, body, signal });
    if (request.tool !== undefined) this.#calls.add(request.tool.callId);
    this.#open.begin(sessionId, id);
    let refusal: string;
    let isUntold = false;
    try {
      const decision = this.#decisions.get(id) ?? this.#decide(request);
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
    await this.#othersFirst(request);
    await orAbort(this.#open.whenNone(sessionId), signal);
    // With a reason the run goes on; a refusal without one ends it (1.18.33).
    await reply({ reply: "reject", message: refusal });
  }

  /** Asks of the same step that have not been heard of yet are decided before it is refused: it would reject them all. */
  async #othersFirst({ sessionId, tool }: PermissionRequest): Promise<void> {
    const { client, signal } = this.#options;
    if (tool === undefined) return;
    const open = await client
      .GET("/permission", { signal, timeout: longestRead, maxRetries: 0 })
      .catch(() => undefined); // only a precaution
    for (const ask of open?.data ?? []) {
      if (ask.sessionID === sessionId && ask.tool?.messageID === tool.messageId) this.permission(ask);
    }
  }

  async #decide(asked: PermissionRequest): Promise<Decided> {
    const { judges, lookUp, signal } = this.#options;
    const request = judges.length === 0 && this.#options.audit === undefined ? asked : await lookUp(asked, signal);
    const decided = await this.#audited(request, await this.#judge(request));
    if (decided.isAllowed) return decided;
    const { permission, patterns, sessionId } = request;
    this.#denials.push({ permission, patterns, reason: decided.reason, by: decided.by, sessionId });
    this.#reasons.set(request.id, decided.reason);
    return decided;
  }

  async #judge(request: PermissionRequest): Promise<Decided> {
    for (const { by, judge, isCallback } of this.#options.judges) {
      const call = (context: CallbackContext) => judge(request, context);
      try {
        const ruling = isCallback ? await this.#bounded(call) : await call({ signal: this.#options.signal });
        if (ruling !== undefined) return { ...ruling, by: ruling.by ?? by };
      } catch (error) {
        const who = by === "onPermission" ? "the permission handler" : `the ${by}`;
        const reason = `${who} failed: ${error instanceof Error ? error.message : String(error)}`;
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
      const reason = `the decision could not be written to the audit: ${error instanceof Error ? error.message : String(error)}`;
      this.#options.client.logger.error(reason);
      return { isAllowed: false, reason, by: decided.by };
    }
  }

  async #answerQuestion(request: QuestionRequest): Promise<void> {
    const { client, signal } = this.#options;
    const answering =
      this.#replies.get(request.id) ?? (isPlanExit(request) ? this.#planExit(request) : this.#answers(request));
    this.#replies.set(request.id, answering);
    const reply = await answering;
    if (this.#isStopped) return;
    const params = { path: { requestID: request.id } };
    if (reply === "reject") await client.POST("/question/{requestID}/reject", { params, signal });
    else
      await client.POST("/question/{requestID}/reply", {
        params,
        signal,
        body: { answers: reply.map((answer) => [...answer]) },
      });
  }

  async #planExit(request: QuestionRequest): Promise<QuestionReply> {
    const { onPlanExit } = this.#options;
    const allowed =
      onPlanExit === undefined ? false : await this.#orElse(false, (context) => onPlanExit(request, context));
    return [[allowed === true ? "Yes" : "No"]];
  }

  async #answers(request: QuestionRequest): Promise<QuestionReply> {
    const { onQuestion } = this.#options;
    // No answers tells the agent "unanswered" and lets it go on; a reject would end the run (1.18.33).
    if (onQuestion === undefined) return [];
    const reply = await this.#orElse<QuestionReply | string>([], (context) => onQuestion(request, context));
    return reply === "reject" || isAnswers(reply) ? reply : [];
  }

  async #orElse<T>(fallback: T, callback: (context: CallbackContext) => T | Promise<T>): Promise<T> {
    try {
      return await this.#bounded(callback);
    } catch (error) {
      this.#options.client.logger.warn(`a callback for the agent's question failed: ${String(error)}`);
      return fallback;
    }
  }

  async #bounded<T>(callback: (context: CallbackContext) => T | Promise<T>): Promise<T> {
    const { callbackTimeout: timeout, signal, onPending } = this.#options;
    onPending(1);
    try {
      return await bounded(callback, { timeout, signal });
    } finally {
      onPending(-1);
    }
  }
}
