/** One request and its answer, with what happens to them on their way. */
import type { VirtualClock } from "./clock.js";
import type { RequestFate, streamFate } from "./faults.js";
import { Pipe, type PipeEnd } from "./pipe.js";
import type { Random } from "./random.js";

/** The owner of everything that happens at the agent's side. */
export const agentSide = "agent";

export interface ExchangeOptions {
  readonly clock: VirtualClock;
  readonly process: string;
  readonly name: string;
  readonly random: Random;
  /** The caller's. */
  readonly signal: AbortSignal | undefined;
  /** The signal tells the agent that the client has gone. */
  readonly send: (signal: AbortSignal | undefined) => Promise<Response>;
  readonly isUnreachable: () => boolean;
  readonly note: (what: string) => void;
  readonly fault: () => void;
  readonly silent: () => void;
  readonly onEnd: () => void;
}

/** One request and its answer. */
export class Exchange {
  readonly name: string;
  readonly #options: ExchangeOptions;
  /** Tells the agent that nobody waits any more. */
  #server: AbortController | undefined;
  #hasLeft = false;
  #hasVanished = false;
  #resolve: (response: Response) => void = () => {};
  #reject: (error: unknown) => void = () => {};
  #pipe: Pipe | undefined;
  #isOver = false;
  #isSilent = false;
  #isEnded = false;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.name = options.name;
  }

  async request(fate: RequestFate): Promise<Response> {
    const { note, isUnreachable } = this.#options;
    const answer = this.#begin();
    const { fault, up, service } = fate;
    if (fault !== undefined) {
      this.#options.fault();
      note(fault);
    } else note("sent");
    if (fault === "refused") this.#fail("ECONNREFUSED", up);
    else if (fault === "cut before") this.#fail("ECONNRESET", up);
    else if (fault === "gateway") this.#answer(gateway(fate.status), fate);
    else
      this.#atAgent(() => {
        if (this.#hasVanished) return;
        if (isUnreachable()) {
          this.#fail("EHOSTUNREACH", fate.down);
          return;
        }
        // The client may have gone; what it has sent comes through all the same.
        void this.#options.send(undefined).then(
          (response) => this.#received(response, fate),
          (error: unknown) => this.#fail(codeOf(error), fate.down),
        );
      }, up + service);
    return answer;
  }

  async stream(fate: ReturnType<typeof streamFate>): Promise<Response> {
    const { note, isUnreachable, clock, process } = this.#options;
    const answer = this.#begin();
    const { fault } = fate;
    if (fault !== undefined) this.#options.fault();
    note(fault === undefined ? "opened" : `${fault} after ${fate.after.toFixed(0)} ms`);
    if (fault === "no stream") {
      this.#answer(gateway(fate.status), { ...fate, isChunked: false, fault: undefined, at: 1 });
      return answer;
    }
    this.#atAgent(() => {
      if (isUnreachable()) {
        this.#fail("EHOSTUNREACH", fate.down);
        return;
      }
      if (this.#hasLeft) return;
      this.#server = new AbortController();
      void this.#options.send(this.#server.signal).then(
        (response) => {
          if (response.body === null || !response.ok) return this.#fail("ECONNRESET", fate.down);
          const pipe = new Pipe({
            clock,
            owner: process,
            random: this.#options.random,
            latency: fate.down,
            start: fate.start,
            isChunked: fate.isChunked,
            onEnd: (end) => this.#end(`stream ${end}`),
          });
          this.#pipe = pipe;
          clock.set(() => this.#settle(() => this.#resolve(pipe.response(response))), fate.down + fate.start, {
            owner: process,
            isOfWorld: true,
          });
          void pipe.feed(response.body);
          if (fault === "broken" || fault === "ended" || fault === "silent")
            clock.set(() => pipe.finish(endOf[fault]), fate.after, { owner: process, isOfWorld: true });
        },
        (error: unknown) => this.#fail(codeOf(error), fate.down),
      );
    }, fate.up);
    return answer;
  }

  /** The connection breaks now. */
  breakOff(code: string): void {
    const { clock, process: owner } = this.#options;
    const pipe = this.#pipe;
    if (pipe === undefined) this.#fail(code, 1);
    else clock.set(() => pipe.finish("broken"), 1, { owner, isOfWorld: true }); // told to the process, not by the world
  }

  silence(): void {
    this.#isSilent = true;
    this.#pipe?.finish("silent");
  }

  /** The client's process is gone, and what it has sent with it, if it has not arrived. */
  vanish(): void {
    this.#hasVanished = true;
    this.#isOver = true;
    this.#isEnded = true;
    this.#pipe?.abandon();
    this.#leave();
  }

  #begin(): Promise<Response> {
    const { signal } = this.#options;
    const answer = new Promise<Response>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    if (signal?.aborted === true) this.#given(signal.reason);
    else signal?.addEventListener("abort", () => this.#given(signal.reason), { once: true });
    return answer;
  }

  /** The caller has given up. */
  #given(reason: unknown): void {
    if (reason instanceof Error && reason.message.includes("fell silent")) this.#options.silent();
    if (this.#isOver) this.#pipe?.give(reason);
    if (this.#isOver) return;
    this.#isOver = true;
    this.#end("given up");
    this.#reject(reason);
    this.#pipe?.give(reason);
    this.#leave();
  }

  /** The agent notices a moment later. */
  #leave(): void {
    this.#hasLeft = true;
    this.#atAgent(() => this.#server?.abort(new Error("the client went away")), 2);
  }

  #atAgent(callback: () => void, ms: number): void {
    this.#options.clock.set(callback, ms, { owner: agentSide });
  }

  async #received(response: Response, fate: RequestFate): Promise<void> {
    const { fault } = fate;
    if (fault === "stalled") return;
    if (fault === "cut after") return this.#fail("ECONNRESET", fate.down);
    if (fault === "gateway, passed") return this.#answer(gateway(fate.status), fate);
    const { status, headers } = response;
    if (fault === "cut inside" || fault === "ended early" || fate.isChunked)
      return this.#answer({ status, headers, bytes: new Uint8Array(await response.arrayBuffer()) }, fate);
    // As it is: nothing happens to it on its way.
    this.#later(fate.down, () => {
      this.#settle(() => this.#resolve(response));
      this.#end(`${status}`);
    });
  }

  #answer({ status, headers, bytes }: Answer, fate: Pick<RequestFate, "fault" | "down" | "at" | "isChunked">): void {
    const { clock, process: owner, random } = this.#options;
    const { isChunked } = fate;
    const isCut = (fate.fault === "cut inside" || fate.fault === "ended early") && bytes.length > 0;
    const sent = isCut ? bytes.slice(0, Math.floor(bytes.length * fate.at)) : bytes;
    this.#later(fate.down, () => {
      const init = { status, headers };
      if (bytes.length === 0 || (!isCut && !isChunked)) {
        this.#settle(() => this.#resolve(new Response(bytes.length === 0 ? null : bytes, init)));
        this.#end(`${status}`);
        return;
      }
      const onEnd = (): void => this.#end(`${status}`);
      const pipe = new Pipe({ clock, owner, random, start: 0, latency: 1, isChunked, onEnd });
      this.#pipe = pipe;
      this.#settle(() => this.#resolve(pipe.response(init)));
      pipe.push(sent);
      pipe.finishAfter(isCut && fate.fault === "cut inside" ? "broken" : "ended");
    });
  }

  #fail(code: string, ms: number): void {
    this.#later(ms, () => {
      this.#settle(() => this.#reject(failedFetch(code)));
      this.#end(code);
    });
  }

  /** Brings something to the process, if it still waits for it. */
  #later(ms: number, deliver: () => void): void {
    const { clock, process: owner } = this.#options;
    const arrive = (): void => {
      if (!this.#isOver && !this.#isSilent) deliver();
    };
    clock.set(arrive, ms, { owner, isOfWorld: true });
  }

  #settle(how: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    how();
  }

  #end(what: string): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#options.note(what);
    this.#options.onEnd();
    if (what.startsWith("stream")) this.#leave();
  }
}

const endOf = { broken: "broken", ended: "ended", silent: "silent" } as const satisfies Record<string, PipeEnd>;

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const encoder = new TextEncoder();

function gateway(status: number): Answer {
  const names: Readonly<Record<number, string>> = {
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
  };
  return {
    status,
    headers: new Headers({ "content-type": "text/plain" }),
    bytes: new Uint8Array(encoder.encode(names[status] ?? "no")),
  };
}

/** As Node's `fetch` fails. */
function failedFetch(code: string): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(`read ${code}`), { code }) });
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error ? Reflect.get(cause, "code") : undefined;
  return typeof code === "string" ? code : "ECONNRESET";
}
