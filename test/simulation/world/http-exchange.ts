/** One HTTP request and its answer: bytes, which can be cut anywhere. */
import { codeOf, Exchange } from "./exchange.js";
import type { RequestFate, StreamFate } from "./faults.js";
import { Pipe, type PipeEnd } from "./pipe.js";

/** One request and its answer. */
export class HttpExchange extends Exchange<Response> {
  async stream(fate: StreamFate): Promise<Response> {
    const { note, clock, process, fault: told, random, send } = this.options;
    const answer = this.begin();
    const { fault } = fate;
    if (fault !== undefined) told();
    note(fault === undefined ? "opened" : `${fault} after ${fate.after.toFixed(0)} ms`);
    if (fault === "no stream") {
      this.#answer(gateway(fate.status), { ...fate, isChunked: false, fault: undefined, at: 1 });
      return answer;
    }
    this.open((signal) => {
      void send(signal).then(
        (response) => {
          if (response.body === null || !response.ok) return this.fail("ECONNRESET", fate.down);
          const pipe = new Pipe({
            clock,
            owner: process,
            random,
            latency: fate.down,
            start: fate.start,
            isChunked: fate.isChunked,
            onEnd: (end) => this.end(`stream ${end}`),
          });
          this.carrier = pipe;
          clock.set(() => this.resolve(pipe.response(response)), fate.down + fate.start, {
            owner: process,
            isOfWorld: true,
          });
          void pipe.feed(response.body);
          if (fault === "broken" || fault === "ended" || fault === "silent")
            clock.set(() => pipe.finish(endOf[fault]), fate.after, { owner: process, isOfWorld: true });
        },
        (error: unknown) => this.fail(codeOf(error), fate.down),
      );
    }, fate);
    return answer;
  }

  protected override refuse(fate: RequestFate): void {
    this.#answer(gateway(fate.status), fate);
  }

  protected override async received(response: Response, fate: RequestFate): Promise<void> {
    const { fault } = fate;
    const { status, headers } = response;
    if (fault === "cut inside" || fault === "ended early" || fate.isChunked)
      return this.#answer({ status, headers, bytes: new Uint8Array(await response.arrayBuffer()) }, fate);
    // As it is: nothing happens to it on its way.
    this.later(fate.down, () => {
      this.resolve(response);
      this.end(`${status}`);
    });
  }

  #answer({ status, headers, bytes }: Answer, fate: Pick<RequestFate, "fault" | "down" | "at" | "isChunked">): void {
    const { clock, process: owner, random } = this.options;
    const { isChunked } = fate;
    const isCut = (fate.fault === "cut inside" || fate.fault === "ended early") && bytes.length > 0;
    const sent = isCut ? bytes.slice(0, Math.floor(bytes.length * fate.at)) : bytes;
    this.later(fate.down, () => {
      const init = { status, headers };
      if (bytes.length === 0 || (!isCut && !isChunked)) {
        this.resolve(new Response(bytes.length === 0 ? null : bytes, init));
        this.end(`${status}`);
        return;
      }
      const onEnd = (): void => this.end(`${status}`);
      const pipe = new Pipe({ clock, owner, random, start: 0, latency: 1, isChunked, onEnd });
      this.carrier = pipe;
      this.resolve(pipe.response(init));
      pipe.push(sent);
      pipe.finishAfter(isCut && fate.fault === "cut inside" ? "broken" : "ended");
    });
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
