/**
 * The requests of the agent that are open in the turns of one connection: `opencode.reply()` answers them from anywhere in the
 * process. A request has one answer: the first that is given.
 */
import { AbortedError, ConflictError, NotFoundError, type OpencodeError } from "../../errors/index.js";

/** A permission, or a question (leaving plan mode is one). */
export type RequestKind = "permission" | "question";

/** One request that a turn has taken. */
export class OpenRequest {
  readonly id: string;
  readonly kind: RequestKind;
  readonly sessionId: string;
  /** Resolves to what `opencode.reply()` was given. */
  readonly replied: Promise<unknown>;
  /** Aborts when nobody needs an answer any more: somebody else has given it, or the turn is over. */
  readonly gone: AbortController = new AbortController();
  #take: (reply: unknown) => void = () => {};
  #done: () => void = () => {};
  #failed: (error: OpencodeError) => void = () => {};
  readonly #settled: Promise<void>;
  #isGiven = false;
  #isAnswered = false;
  #decidedBy: string | undefined;

  constructor(id: string, kind: RequestKind, sessionId: string) {
    this.id = id;
    this.kind = kind;
    this.sessionId = sessionId;
    this.replied = new Promise((resolve) => {
      this.#take = resolve;
    });
    this.#settled = new Promise((resolve, reject) => {
      this.#done = resolve;
      this.#failed = reject;
    });
    this.#settled.catch(() => {}); // told to whoever has replied
  }

  /** Resolves when the server has the answer; rejects when there is another one already, or nobody to take it. */
  async give(reply: unknown): Promise<void> {
    if (this.#isGiven || this.#decidedBy !== undefined) throw this.#late();
    this.#isGiven = true;
    this.#take(reply);
    await this.#settled;
  }

  /** The answer stands, whoever gave it. A reply that lost is told so. */
  decided(by: string): void {
    this.#decidedBy = by;
    if (by !== "reply") this.#failed(this.#late());
  }

  /** The server has an answer, whoever gave it. */
  get isAnswered(): boolean {
    return this.#isAnswered;
  }

  /** The server has the answer. */
  told(): void {
    this.#done();
  }

  /** Nobody will tell the server any more. */
  end(reason: "answered" | "over"): void {
    if (reason === "answered") this.#isAnswered = true;
    if (this.#decidedBy === "reply" && reason === "answered") this.#done();
    else this.#failed(reason === "answered" ? notOpen(this.id, this.sessionId) : this.#over());
    this.gone.abort(notOpen(this.id, this.sessionId));
  }

  #late(): ConflictError {
    const by = this.#decidedBy === undefined || this.#decidedBy === "reply" ? "another reply" : this.#decidedBy;
    return new ConflictError(`the request ${this.id} has its answer already: ${by}`, {
      status: 409,
      sessionId: this.sessionId,
      hint: "A request is answered once. `permission-reply` tells the answer.",
    });
  }

  #over(): AbortedError {
    return new AbortedError(`the turn of the request ${this.id} is over`, { sessionId: this.sessionId });
  }
}

/** The open requests of a connection, by their ids. */
export class ReplyDesk {
  readonly #open = new Map<string, OpenRequest>();

  /** A turn has taken it. */
  add(request: OpenRequest): void {
    this.#open.set(request.id, request);
  }

  get(id: string): OpenRequest | undefined {
    return this.#open.get(id);
  }

  /** Not open any more. */
  remove(request: OpenRequest): void {
    if (this.#open.get(request.id) === request) this.#open.delete(request.id);
  }
}

/** For a request that the server does not list, or that is answered. */
export function notOpen(id: string, sessionId?: string): NotFoundError {
  return new NotFoundError(`the request ${id} is not open: it has been answered, or its run is over`, {
    status: 404,
    ...(sessionId === undefined ? {} : { sessionId }),
    hint: "The ids are in the events permission-request and question.",
  });
}
