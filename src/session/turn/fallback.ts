/** The models that one turn may go on with, and how far it has come with them. Loads with the first turn that has some. */
import { type RetryOptions, retryTransient } from "../../client/retry-transient.js";
import { AbortedError, AgentError, ProviderRateLimitError } from "../../errors/index.js";
import type { AssistantMessage, Attempt } from "../../types/answer.js";
import type { AgentEvent } from "../../types/event.js";
import type { DirectoryContext } from "../context.js";
import { failureOf } from "./agent-error.js";
import { attemptsOf } from "./answer.js";
import { isOutageWait, type LongWait, reasonOf } from "./fallback-reasons.js";
import type { Turn } from "./turn.js";
import type { TurnRequest } from "./turn-request.js";

/** A run that has failed. */
export interface FailedRun {
  readonly scope: DirectoryContext;
  readonly turn: Turn;
  readonly request: TurnRequest;
  /** The server has had the prompt before: another process may have given it up. */
  readonly isStored: boolean;
  readonly retryOptions: RetryOptions;
  readonly emit: (events: readonly AgentEvent[]) => void;
  /** Rejects when the turn may use nothing more. Afterwards messages can be removed: their use is noted. */
  readonly checkBudget: () => Promise<void>;
}

/** One turn's: its repairs go on with the model that has answered. */
export class Fallback {
  readonly #models: readonly string[];
  readonly #variant: string | undefined;
  readonly #failed: Attempt[] = [];
  /** The model that the turn is at; `undefined`: the one that it began with. */
  #current: { readonly model: string; readonly keepsVariant: boolean } | undefined;
  /** The failure behind a wait that was too long: the run is being ended for it. */
  #waiting: AgentError | undefined;

  /** `variant`: the turn's. */
  constructor(models: readonly string[], variant: string | undefined) {
    this.#models = models;
    this.#variant = variant;
  }

  /** The same for another turn, which begins with its own model. */
  anew(): Fallback {
    return new Fallback(this.#models, this.#variant);
  }

  /** The models that have failed, in order. */
  get failed(): readonly Attempt[] {
    return this.#failed;
  }

  /** The run is being ended because of its wait. */
  get isEnding(): boolean {
    return this.#waiting !== undefined;
  }

  /** Gives a request the model that the turn is at. */
  apply(request: TurnRequest): void {
    const current = this.#current;
    if (current !== undefined) request.useModel?.(current.model, current.keepsVariant);
  }

  /** The server waits for too long before it calls the model again. Returns whether there is another model: the run is to be ended then. */
  endWait(waiting: LongWait, request: TurnRequest): boolean {
    if (request.useModel === undefined || this.#rest(this.#nameOf(request)).length === 0) return false;
    const { error } = waiting;
    const { message } = error;
    this.#waiting = isOutageWait(waiting)
      ? new AgentError(message, { serverName: "APIError", retryable: true })
      : error;
    return true;
  }

  /** The model has answered after all. */
  answered(): void {
    this.#waiting = undefined;
  }

  /** A prompt that was stored before: which models have failed, and which one it is at. */
  async recall({ turn, request, scope, retryOptions }: FailedRun): Promise<void> {
    const infos = turn.answerMessages().map(({ info }) => info);
    const last = infos.at(-1);
    if (this.#failed.length === 0) {
      for (const [index, info] of infos.entries()) {
        const next = infos[index + 1];
        if (next === undefined || modelOf(next) === modelOf(info)) continue;
        const error = errorOf(info, turn.sessionId);
        if (error !== undefined) this.#failed.push({ model: modelOf(info), error });
      }
    }
    if (last === undefined || this.#current !== undefined || !this.#models.includes(modelOf(last))) return;
    await this.#use(modelOf(last), request, scope, retryOptions);
  }

  /**
   * Gets a run that has failed ready to go on with the next model: it is to be sent again. Resolves to the failure that stands when there is
   * none, or no reason; `undefined`: the run goes on.
   */
  async passOn(run: FailedRun, failure: Error): Promise<Error | undefined> {
    const { turn, request, scope, retryOptions, emit, checkBudget } = run;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    const last = turn.isPassedOn ? undefined : turn.answerMessages().at(-1)?.info;
    const from = last === undefined ? this.#nameOf(request) : modelOf(last);
    const given = reasonOf(failure) === undefined ? (waiting ?? endedWait(run, failure, last)) : undefined;
    const error = given ?? failure;
    const reason = reasonOf(error);
    const [to] = this.#rest(from);
    const isAlone = turn.foreignMessages.length === 0;
    if (reason === undefined || to === undefined || !isAlone || request.useModel === undefined) return error;
    this.#failed.push({ model: from, error });
    await checkBudget();
    await scope.names.validate({ model: to }, retryOptions.signal, { sessionId: turn.sessionId });
    const known = turn.ownSteps;
    const { prompts } = scope.api;
    const clear = (call: Parameters<typeof prompts.clearFailure>[2]) =>
      prompts.clearFailure(turn.sessionId, turn.messageId, call);
    const removed = await retryTransient(clear, retryOptions);
    await this.#use(to, request, scope, retryOptions);
    emit([...turn.passOn(removed, known), { type: "fallback", sessionId: turn.sessionId, from, to, reason }]);
    return undefined;
  }

  /** The models that were asked, for an error of the turn. `ofLast`: the end of the last one, where it has not failed by itself. */
  attempts(turn: Turn, request: TurnRequest, ofLast: Error | undefined): readonly Attempt[] {
    const last = turn.isPassedOn ? undefined : turn.answerMessages().at(-1)?.info;
    const model = last === undefined ? (this.#current?.model ?? this.#nameOf(request)) : modelOf(last);
    const all = attemptsOf(this.#failed, model);
    const ending = all.at(-1);
    const isOpen = ofLast !== undefined && ending !== undefined && ending.error === undefined;
    return isOpen ? [...all.slice(0, -1), { model, error: ofLast }] : all;
  }

  async #use(model: string, request: TurnRequest, scope: DirectoryContext, retryOptions: RetryOptions): Promise<void> {
    const variant = this.#variant;
    const keepsVariant = variant !== undefined && (await hasVariant(model, variant, scope, retryOptions));
    this.#current = { model, keepsVariant };
    this.apply(request);
  }

  /** Behind the one that has failed; the turn's own model has no place among them. */
  #rest(model: string): string[] {
    const failed = this.#failed.map((attempt) => attempt.model);
    const behind = this.#current === undefined ? 0 : this.#models.indexOf(model) + 1;
    return this.#models.slice(behind).filter((one) => one !== model && !failed.includes(one));
  }

  #nameOf({ body }: TurnRequest): string {
    const model = body?.model;
    return this.#current?.model ?? (model === undefined ? "" : `${model.providerID}/${model.modelID}`);
  }
}

function modelOf({ providerID, modelID }: AssistantMessage): string {
  return `${providerID}/${modelID}`;
}

/** The failure of a stored step; `undefined` for a step without one. */
function errorOf(info: AssistantMessage, sessionId: string): Error | undefined {
  if (info.error !== undefined) return failureOf(info.error, { sessionId });
  return isEndedWait(info) ? gaveUpWaiting(sessionId) : undefined;
}

/** The run was ended while the server waited before it called the model again: neither an end nor an error (1.18.33). */
function isEndedWait({ error, finish, structured, time, summary }: AssistantMessage): boolean {
  const isOver = time.completed !== undefined && summary !== true;
  return isOver && error === undefined && finish === undefined && structured === undefined;
}

/** Another process has ended the wait of a stored prompt, and has not come to ask the next model. */
function endedWait({ isStored, turn }: FailedRun, failure: Error, last: AssistantMessage | undefined) {
  const isGivenUp = isStored && failure instanceof AbortedError && last !== undefined && isEndedWait(last);
  return isGivenUp ? gaveUpWaiting(turn.sessionId) : undefined;
}

function gaveUpWaiting(sessionId: string): AgentError {
  return new ProviderRateLimitError("the run was ended while the server waited to call the model again", { sessionId });
}

async function hasVariant(
  model: string,
  variant: string,
  { api }: DirectoryContext,
  retryOptions: RetryOptions,
): Promise<boolean> {
  const providers = await retryTransient((call) => api.catalog.providers(call), retryOptions);
  const provider = providers.find(({ id }) => model.startsWith(`${id}/`));
  const found = provider?.models[model.slice(`${provider.id}/`.length)];
  return Object.hasOwn(found?.variants ?? {}, variant);
}
