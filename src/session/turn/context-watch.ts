/** Tells when the model's context is fuller than `contextWarning`: once, and again after a compaction. */
import type { RetryOptions } from "../../client/retry-transient.js";
import { retryTransient } from "../../client/retry-transient.js";
import type { AssistantMessage } from "../../types/answer.js";
import type { AgentEvent } from "../../types/event.js";
import { messageOf } from "../../util/error-message.js";
import type { DirectoryContext } from "../context.js";
import { contextLimit, contextOf } from "../history/context-usage.js";

/** Of one turn. */
export interface ContextWatchParts {
  readonly scope: DirectoryContext;
  /** The share of the limit, above 0. */
  readonly warning: number;
  readonly sessionId: string;
  readonly emit: (event: AgentEvent) => void;
  readonly retryOptions: RetryOptions;
}

/** Looks at each step that has ended. */
export class ContextWatch {
  readonly #parts: ContextWatchParts;
  #limit: Promise<number | undefined> | undefined;
  #limitOf: string | undefined;
  #seen: string | undefined;
  #isTold = false;
  #telling: Promise<void> = Promise.resolve();

  constructor(parts: ContextWatchParts) {
    this.#parts = parts;
  }

  /** As `check`. Resolves when all steps until now were compared. Never rejects. */
  checkAll(steps: readonly AssistantMessage[]): Promise<void> {
    this.check(steps);
    return this.#telling;
  }

  /** Compares the last of the steps that have ended. */
  check(steps: readonly AssistantMessage[]): void {
    const last = steps.findLast(({ summary, time }) => summary !== true && time.completed !== undefined);
    if (last === undefined || last.id === this.#seen || contextOf(last) === 0) return;
    this.#seen = last.id;
    this.#telling = this.#telling.then(() => this.#tell(last));
  }

  async #tell(step: AssistantMessage): Promise<void> {
    const { warning, sessionId, emit } = this.#parts;
    const limit = await this.#limitFor(`${step.providerID}/${step.modelID}`);
    if (limit === undefined) return;
    const used = contextOf(step);
    const isFull = used / limit > warning;
    if (isFull && !this.#isTold) emit({ type: "context", sessionId, used, limit });
    this.#isTold = isFull;
  }

  #limitFor(model: string): Promise<number | undefined> {
    if (this.#limit === undefined || this.#limitOf !== model) {
      this.#limitOf = model;
      this.#limit = this.#read(model);
    }
    return this.#limit;
  }

  async #read(model: string): Promise<number | undefined> {
    const { scope, retryOptions } = this.#parts;
    try {
      return (await retryTransient((call) => contextLimit(scope.api, model, call), retryOptions))?.limit;
    } catch (error) {
      scope.api.logger.debug(`the limit of ${model} cannot be read: ${messageOf(error)}`);
      return undefined;
    }
  }
}
