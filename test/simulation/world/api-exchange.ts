/**
 * One call of an `AgentApi` method and its result. There are no bytes to cut: a fault of the wire is what the seam can say of it.
 * A cut answer is a lost one, an answer that ends early is one that does not match, and a gateway's status is a typed error.
 */
import type { EventReader, EventReading } from "../../../src/api/event-reader.js";
import { APIResponseValidationError, InternalServerError } from "../../../src/errors/index.js";
import type { Result } from "../../support/api-calls.js";
import { Exchange } from "./exchange.js";
import type { RequestFate, StreamFate } from "./faults.js";
import { Relay } from "./relay.js";

/** One call and its result, or its refusal by the agent. */
export class ApiExchange<T> extends Exchange<Result<T>> {
  protected override received(result: Result<T>, { fault, down }: RequestFate): void {
    if (fault === "cut inside") this.fail("ECONNRESET", down);
    else if (fault === "ended early") this.answer({ ok: false, error: invalid(this.name) }, down);
    else this.answer(result, down);
  }

  protected override refuse({ status, down }: Pick<RequestFate, "status" | "down">): void {
    this.answer({ ok: false, error: gateway(this.name, status) }, down);
  }

  protected answer(result: Result<T>, ms: number): void {
    this.later(ms, () => {
      this.resolve(result);
      this.end(result.ok ? "answered" : `refused: ${result.error instanceof Error ? result.error.name : "error"}`);
    });
  }
}

/** One connection to the events. */
export class ApiEvents extends ApiExchange<undefined> {
  /** Resolves or rejects as an `EventReader` does. */
  async read(fate: StreamFate, reading: EventReading, reader: EventReader): Promise<Result<undefined>> {
    const { note, clock, process: owner, fault: told } = this.options;
    const { onEvent, onActivity, onMalformed } = reading;
    const ended = this.begin();
    const { fault, start, down: latency } = fate;
    if (fault !== undefined) told();
    note(fault === undefined ? "opened" : `${fault} after ${fate.after.toFixed(0)} ms`);
    if (fault === "no stream") {
      this.refuse(fate);
      return ended;
    }
    this.open((signal) => {
      const relay = new Relay({ clock, owner, start, latency, onEnd: (how) => this.#over(how) });
      this.carrier = relay;
      const atAgent: EventReading = {
        signal,
        onEvent: (event) => relay.push(() => onEvent(event)),
        onActivity: () => relay.push(onActivity),
        onMalformed: () => relay.push(onMalformed),
      };
      reader(atAgent).then(
        () => relay.finishAfter("ended"),
        () => relay.finishAfter("broken"),
      );
      if (fault === "broken" || fault === "ended" || fault === "silent")
        clock.set(() => relay.finish(fault), fate.after, { owner, isOfWorld: true });
    }, fate);
    return ended;
  }

  #over(how: "ended" | "broken"): void {
    if (how === "ended") this.resolve({ ok: true, value: undefined });
    else this.reject(new TypeError("terminated"));
    this.end(`stream ${how}`);
  }
}

function gateway(name: string, status: number): InternalServerError {
  return new InternalServerError(`${name}: ${status} of a gateway`, { status });
}

function invalid(name: string): APIResponseValidationError {
  return new APIResponseValidationError(`${name}: the answer has ended early`);
}
