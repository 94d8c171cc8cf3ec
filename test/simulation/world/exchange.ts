/** One call to the agent and its answer, with what happens to them on their way; whatever form both have. */
import type { VirtualClock } from "./clock.js";
import type { RequestFate } from "./faults.js";
import type { PipeEnd } from "./pipe.js";
import type { Random } from "./random.js";

/** The owner of everything that happens at the agent's side. */
export const agentSide = "agent";

export interface ExchangeOptions<Answer> {
  readonly clock: VirtualClock;
  readonly process: string;
  readonly name: string;
  readonly random: Random;
  /** The caller's. */
  readonly signal: AbortSignal | undefined;
  /** The signal tells the agent that the client has gone. */
  readonly send: (signal: AbortSignal | undefined) => Promise<Answer>;
  readonly isUnreachable: () => boolean;
  readonly note: (what: string) => void;
  readonly fault: () => void;
  readonly silent: () => void;
  readonly onEnd: () => void;
}

/** What brings the pieces of a long answer to the process. */
export interface Carrier {
  /** Ends now. */
  finish(how: PipeEnd): void;
  /** The caller has given up. */
  give(reason: unknown): void;
  /** The caller's whole process is no more. */
  abandon(): void;
}

/** One call and its answer. */
export abstract class Exchange<Answer> {
  readonly name: string;
  protected readonly options: ExchangeOptions<Answer>;
  protected carrier: Carrier | undefined;
  /** Tells the agent that nobody waits any more. */
  #server: AbortController | undefined;
  #hasLeft = false;
  #hasVanished = false;
  #resolve: (answer: Answer) => void = () => {};
  #reject: (error: unknown) => void = () => {};
  #isOver = false;
  #isSilent = false;
  #isEnded = false;

  constructor(options: ExchangeOptions<Answer>) {
    this.options = options;
    this.name = options.name;
  }

  /** What the agent has answered, on its way back. */
  protected abstract received(answer: Answer, fate: RequestFate): void;
  /** A gateway answers in the agent's place. */
  protected abstract refuse(fate: RequestFate): void;

  async request(fate: RequestFate): Promise<Answer> {
    const { note, isUnreachable } = this.options;
    const answer = this.begin();
    const { fault, up, service } = fate;
    if (fault !== undefined) {
      this.options.fault();
      note(fault);
    } else note("sent");
    if (fault === "refused") this.fail("ECONNREFUSED", up);
    else if (fault === "cut before") this.fail("ECONNRESET", up);
    else if (fault === "gateway") this.refuse(fate);
    else
      this.#atAgent(() => {
        if (this.#hasVanished) return;
        if (isUnreachable()) {
          this.fail("EHOSTUNREACH", fate.down);
          return;
        }
        // The client may have gone; what it has sent comes through all the same.
        void this.options.send(undefined).then(
          (sent) => this.#done(sent, fate),
          (error: unknown) => this.fail(codeOf(error), fate.down),
        );
      }, up + service);
    return answer;
  }

  /** The connection breaks now. */
  breakOff(code: string): void {
    const { clock, process: owner } = this.options;
    const { carrier } = this;
    if (carrier === undefined) this.fail(code, 1);
    else clock.set(() => carrier.finish("broken"), 1, { owner, isOfWorld: true }); // told to the process, not by the world
  }

  silence(): void {
    this.#isSilent = true;
    this.carrier?.finish("silent");
  }

  /** The client's process is gone, and what it has sent with it, if it has not arrived. */
  vanish(): void {
    this.#hasVanished = true;
    this.#isOver = true;
    this.#isEnded = true;
    this.carrier?.abandon();
    this.#leave();
  }

  protected begin(): Promise<Answer> {
    const { signal } = this.options;
    const answer = new Promise<Answer>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    if (signal?.aborted === true) this.#given(signal.reason);
    else signal?.addEventListener("abort", () => this.#given(signal.reason), { once: true });
    return answer;
  }

  /** Has the agent open what stays open, after `ms`, if the client is still there and the agent can be reached. */
  protected open(start: (signal: AbortSignal) => void, { up, down }: Pick<RequestFate, "up" | "down">): void {
    this.#atAgent(() => {
      if (this.options.isUnreachable()) {
        this.fail("EHOSTUNREACH", down);
        return;
      }
      if (this.#hasLeft) return;
      this.#server = new AbortController();
      start(this.#server.signal);
    }, up);
  }

  protected fail(code: string, ms: number): void {
    this.later(ms, () => {
      this.reject(failedFetch(code));
      this.end(code);
    });
  }

  /** Brings something to the process, if it still waits for it. */
  protected later(ms: number, deliver: () => void): void {
    const { clock, process: owner } = this.options;
    const arrive = (): void => {
      if (!this.#isOver && !this.#isSilent) deliver();
    };
    clock.set(arrive, ms, { owner, isOfWorld: true });
  }

  protected resolve(answer: Answer): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#resolve(answer);
  }

  protected reject(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#reject(error);
  }

  protected end(what: string): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.options.note(what);
    this.options.onEnd();
    if (what.startsWith("stream")) this.#leave();
  }

  #done(answer: Answer, fate: RequestFate): void {
    const { fault } = fate;
    if (fault === "stalled") return;
    if (fault === "cut after") this.fail("ECONNRESET", fate.down);
    else if (fault === "gateway, passed") this.refuse(fate);
    else this.received(answer, fate);
  }

  /** The caller has given up. */
  #given(reason: unknown): void {
    if (reason instanceof Error && reason.message.includes("fell silent")) this.options.silent();
    if (this.#isOver) this.carrier?.give(reason);
    if (this.#isOver) return;
    this.#isOver = true;
    this.end("given up");
    this.#reject(reason);
    this.carrier?.give(reason);
    this.#leave();
  }

  /** The agent notices a moment later. */
  #leave(): void {
    this.#hasLeft = true;
    this.#atAgent(() => this.#server?.abort(new Error("the client went away")), 2);
  }

  #atAgent(callback: () => void, ms: number): void {
    this.options.clock.set(callback, ms, { owner: agentSide });
  }
}

/** As Node's `fetch` fails. */
function failedFetch(code: string): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(`read ${code}`), { code }) });
}

/** The code in an error of the agent's, or in its cause. */
export function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error ? (Reflect.get(cause, "code") ?? codeOf(cause)) : undefined;
  return typeof code === "string" ? code : "ECONNRESET";
}
