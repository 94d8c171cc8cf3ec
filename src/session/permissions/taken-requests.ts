/**
 * The requests that one turn has taken. Each is taken once and told to the listener once. It is open for `opencode.reply()` until
 * the server has its answer. A request whose answer did not come through is taken again.
 */
import { NotFoundError } from "../../errors/index.js";
import type { AgentEvent } from "../../types/event.js";
import { onAbort } from "../../util/abort.js";
import { OpenRequest, type RequestKind } from "./reply-registry.js";
import type { ResponderOptions } from "./responder-options.js";

/** A request from its arrival to its answer. */
export interface TakenRequest {
  readonly open: OpenRequest;
  /** The listener was told of it. */
  event?: AgentEvent;
  /** Makes the event for the listener of the facts that are known. */
  toEvent: () => AgentEvent;
}

/** The requests of one turn. */
export class TakenRequests {
  readonly #options: ResponderOptions;
  /** Requests that are being answered, or have been. */
  readonly #taken = new Set<string>();
  readonly #requests = new Map<string, TakenRequest>();
  /** Requests whose answer did not come through. */
  readonly #failed = new Set<string>();
  #isStopped = false;

  constructor(options: ResponderOptions) {
    this.#options = options;
    onAbort(options.signal, () => this.#over());
  }

  /** Nothing is answered any more. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Requests whose answer did not come through, and that may still be open. */
  get failed(): ReadonlySet<string> {
    return this.#failed;
  }

  /** Ids of the open requests of some sessions. */
  openIn(isOne: (sessionId: string) => boolean): string[] {
    const open = [...this.#requests.values()].filter((request) => !request.open.gone.signal.aborted);
    return open.filter((request) => isOne(request.open.sessionId)).map((request) => request.open.id);
  }

  /** From here on nothing is answered any more: the run is to end. */
  stop(): void {
    this.#isStopped = true;
  }

  /** `undefined` for a request that is being answered. A request whose answer did not come through is the same again. */
  take(
    kind: RequestKind,
    { id, sessionId }: { readonly id: string; readonly sessionId: string },
    toEvent: () => AgentEvent,
  ): TakenRequest | undefined {
    if (this.#taken.has(id)) return undefined;
    this.#taken.add(id);
    this.#failed.delete(id);
    const known = this.#requests.get(id);
    if (known !== undefined) return known;
    const taken: TakenRequest = { open: new OpenRequest(id, kind, sessionId), toEvent };
    this.#requests.set(id, taken);
    if (this.#options.signal.aborted) taken.open.end("over");
    else this.#options.desk.add(taken.open);
    return taken;
  }

  /** Tells the listener of a request, once. */
  tell(request: TakenRequest): AgentEvent {
    if (request.event === undefined) {
      request.event = request.toEvent();
      if (!this.#isStopped && !this.#options.signal.aborted) this.#options.emit(request.event);
    }
    return request.event;
  }

  /** Waits for the work that answers a request. Never rejects. */
  async settle(request: TakenRequest, work: Promise<void>): Promise<void> {
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

  /** The request is not open any more, whoever has answered it. */
  closed(id: string): void {
    const request = this.#requests.get(id);
    if (request !== undefined) {
      this.tell(request); // before its `permission-reply`
      this.#end(request, "answered");
    }
    this.#failed.delete(id);
  }

  #over(): void {
    for (const request of this.#requests.values()) this.#end(request, "over");
  }

  #end({ open }: TakenRequest, reason: "answered" | "over"): void {
    open.end(reason);
    this.#options.desk.remove(open);
  }
}
