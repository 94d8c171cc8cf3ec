/**
 * Answers what the agent asks while it works on one turn: permissions, questions, and leaving plan mode; its own asks and
 * those of its sub-agents. An unanswered ask would hang the run for ever, so every one gets an answer: the caller's, or a
 * refusal that is reported.
 */
import type { OpencodeClient } from "../client/client.js";
import { NotFoundError } from "../errors.js";
import { linkedController, orAbort } from "../internal/abort.js";
import { delay } from "../internal/delay.js";
import { isRecord, recordProperty, stringProperty } from "../internal/json.js";
import type { Denial } from "../types/answer.js";
import type { TurnOptions } from "../types/options.js";
import type {
  CallbackContext,
  PermissionReply,
  PermissionRequest,
  QuestionReply,
  QuestionRequest,
} from "../types/request.js";

export type ResponderOptions = Pick<TurnOptions<unknown>, "onPermission" | "onQuestion" | "onPlanExit"> & {
  /** Milliseconds a callback may take. */
  readonly callbackTimeout: number;
  readonly client: OpencodeClient;
  /** From the root session to the given one; `undefined` when it does not belong to the turn. */
  readonly chainOf: (sessionId: string) => readonly string[] | undefined;
  /** Told when a callback is asked (1), and when it has answered (-1). */
  readonly onPending: (change: 1 | -1) => void;
  /** Ends all callbacks: the turn is over. */
  readonly signal: AbortSignal;
};

/** One turn's responder. */
export class Responder {
  readonly #options: ResponderOptions;
  readonly #handled = new Set<string>();
  readonly #denials: Denial[] = [];

  constructor(options: ResponderOptions) {
    this.#options = options;
  }

  /** What was refused so far, by us. */
  get denials(): readonly Denial[] {
    return this.#denials;
  }

  /** A permission ask, from an event or a read; anything else, and one that is being answered, is left alone. */
  permission(ask: unknown): void {
    const request = this.#permissionRequest(ask);
    if (request !== undefined && this.#take(request.id)) void this.#settle(request.id, this.#answerPermission(request));
  }

  /** A question of the agent, likewise. */
  question(ask: unknown): void {
    const request = this.#questionRequest(ask);
    if (request !== undefined && this.#take(request.id)) void this.#settle(request.id, this.#answerQuestion(request));
  }

  #take(id: string): boolean {
    if (this.#handled.has(id)) return false;
    this.#handled.add(id);
    return true;
  }

  async #settle(id: string, work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (error instanceof NotFoundError || this.#options.signal.aborted) return; // somebody else has answered, or it is void
      this.#options.client.logger.warn(`could not answer ${id}: ${String(error)}`);
      this.#handled.delete(id); // the next read of the open asks tries again
    }
  }

  async #answerPermission(request: PermissionRequest): Promise<void> {
    const { onPermission, client, signal } = this.#options;
    let refusal = "no permission handler was given, so the request was refused";
    let reply: "once" | "always" | undefined;
    if (onPermission !== undefined) {
      try {
        const decision = await this.#bounded((context) => onPermission(request, context));
        if (isApproval(decision)) reply = decision;
        else refusal = refusalOf(decision);
      } catch (error) {
        if (signal.aborted) return;
        refusal = `the permission handler failed: ${error instanceof Error ? error.message : String(error)}`;
      }
    }
    if (reply === undefined) {
      this.#denials.push({
        permission: request.permission,
        patterns: request.patterns,
        reason: refusal,
        sessionId: request.sessionId,
      });
    }
    // With a reason the run goes on; a refusal without one ends it (1.18.33).
    const body = reply === undefined ? { reply: "reject" as const, message: refusal } : { reply };
    await client.POST("/permission/{requestID}/reply", { params: { path: { requestID: request.id } }, body });
  }

  async #answerQuestion(request: QuestionRequest): Promise<void> {
    const { client } = this.#options;
    const reply = isPlanExit(request) ? await this.#planExit(request) : await this.#answers(request);
    const params = { path: { requestID: request.id } };
    if (reply === "reject") await client.POST("/question/{requestID}/reject", { params });
    else
      await client.POST("/question/{requestID}/reply", {
        params,
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
    const link = linkedController(this.#options.signal);
    const { callbackTimeout } = this.#options;
    const late = delay(callbackTimeout, link.signal).then(() => {
      link.abort(new Error(`no answer within ${callbackTimeout} ms`));
    });
    late.catch(() => {}); // the callback was in time
    this.#options.onPending(1);
    try {
      return await orAbort(Promise.resolve(callback({ signal: link.signal })), link.signal);
    } finally {
      this.#options.onPending(-1);
      link.abort(new Error("the callback has ended"));
      link.release();
    }
  }

  #permissionRequest(ask: unknown): PermissionRequest | undefined {
    const base = this.#base(ask);
    const permission = stringProperty(ask, "permission");
    if (base === undefined || permission === undefined || !isRecord(ask)) return undefined;
    const tool = recordProperty(ask, "tool");
    const messageId = stringProperty(tool, "messageID");
    const callId = stringProperty(tool, "callID");
    const { directory } = this.#options.client;
    return {
      ...base,
      permission,
      patterns: strings(ask["patterns"]),
      always: strings(ask["always"]),
      ...(directory === undefined ? {} : { directory }),
      metadata: recordProperty(ask, "metadata") ?? {},
      ...(messageId === undefined || callId === undefined ? {} : { tool: { messageId, callId } }),
    };
  }

  #questionRequest(ask: unknown): QuestionRequest | undefined {
    const base = this.#base(ask);
    if (base === undefined || !isRecord(ask) || !Array.isArray(ask["questions"])) return undefined;
    const questions = ask["questions"].map((item) => ({
      question: stringProperty(item, "question") ?? "",
      header: stringProperty(item, "header") ?? "",
      options: optionsOf(item),
      multiple: isRecord(item) && item["multiple"] === true,
    }));
    return { id: base.id, sessionId: base.sessionId, questions };
  }

  #base(ask: unknown): { id: string; sessionId: string; chain: readonly string[] } | undefined {
    const id = stringProperty(ask, "id");
    const sessionId = stringProperty(ask, "sessionID");
    if (id === undefined || sessionId === undefined) return undefined;
    const chain = this.#options.chainOf(sessionId);
    return chain === undefined ? undefined : { id, sessionId, chain };
  }
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function isApproval(decision: unknown): decision is "once" | "always" {
  return decision === "once" || decision === "always";
}

function refusalOf(decision: PermissionReply | string): string {
  if (decision === "reject") return "the permission handler refused the request";
  const reason = stringProperty(decision, "reject");
  return (
    reason ??
    `the permission handler answered ${JSON.stringify(decision)}: expected "once", "always", "reject" or { reject: reason }`
  );
}

/** The server asks for leaving plan mode as a question with this header (1.18.33). */
function isPlanExit({ questions }: QuestionRequest): boolean {
  const [only] = questions;
  return questions.length === 1 && only?.header === "Build Agent" && only.options.some(({ label }) => label === "Yes");
}

function isAnswers(value: unknown): value is readonly (readonly string[])[] {
  return (
    Array.isArray(value) && value.every((item) => Array.isArray(item) && item.every((text) => typeof text === "string"))
  );
}

function optionsOf(item: unknown): { label: string; description: string }[] {
  const options = isRecord(item) ? item["options"] : undefined;
  if (!Array.isArray(options)) return [];
  return options.map((option) => ({
    label: stringProperty(option, "label") ?? "",
    description: stringProperty(option, "description") ?? "",
  }));
}
