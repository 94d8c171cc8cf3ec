/** Answers the questions of the agent in one turn. Leaving plan mode is a question, too. */
import type { AgentEvent } from "../../types/event.js";
import type { CallbackContext, QuestionReply, QuestionRequest } from "../../types/request.js";
import { isAnswers, isPlanExit } from "./owned-requests.js";
import type { ResponderOptions } from "./responder-options.js";
import type { TakenRequest, TakenRequests } from "./taken-requests.js";
import { timedCallback } from "./timed-callback.js";

/** The question half of a turn's responder. */
export class QuestionResponder {
  readonly #options: ResponderOptions;
  readonly #requests: TakenRequests;
  /** When the answer is lost on its way to the server, it is told again, and nobody is asked again. */
  readonly #replies = new Map<string, Promise<QuestionReply>>();

  constructor(options: ResponderOptions, requests: TakenRequests) {
    this.#options = options;
    this.#requests = requests;
  }

  /** Asks the user, and tells the server. */
  async answer(request: QuestionRequest, taken: TakenRequest): Promise<void> {
    const { api, signal } = this.#options;
    const answering = this.#replies.get(request.id) ?? this.#ask(request, taken);
    this.#replies.set(request.id, answering);
    const reply = await answering;
    if (this.#requests.isStopped) return;
    if (reply === "reject") await api.requests.rejectQuestion(request.id, { signal });
    else await api.requests.answerQuestion(request.id, reply, { signal });
  }

  /** The user's answer, or the default: no for leaving plan mode, and "unanswered" for anything else. */
  async #ask(request: QuestionRequest, taken: TakenRequest): Promise<QuestionReply> {
    const { onQuestion, onPlanExit } = this.#options;
    const isExit = isPlanExit(request);
    const event = this.#requests.tell(taken);
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
    { open }: TakenRequest,
  ): Promise<{ readonly reply: unknown; readonly isByReply: boolean } | undefined> {
    const byReply = open.replied.then((reply) => ({ reply, isByReply: true }));
    const byCallback = async (context: CallbackContext) => {
      if (callback === "reply") return new Promise<never>(() => {});
      if (callback === undefined) return this.#options.passed(event).then(() => undefined);
      return { reply: await callback(context), isByReply: false };
    };
    const first = (context: CallbackContext) => Promise.race([byReply, byCallback(context)]);
    try {
      return await timedCallback(this.#options, first, open.gone.signal);
    } catch (error) {
      open.gone.signal.throwIfAborted(); // it needs no answer any more
      this.#options.api.logger.warn(`a callback for the agent's question failed: ${String(error)}`);
      return undefined;
    }
  }
}
