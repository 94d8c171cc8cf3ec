/** Puts a simulated clock and seeded chance in the place of the real ones, for the time of one simulation. */
import type { TimerHandle, VirtualClock } from "./clock.js";
import { LightHeaders, LightResponse } from "./light-response.js";
import type { Random } from "./random.js";

/** Replaces timers, dates and randomness of this process; returns the way back. */
export function install(clock: VirtualClock, random: Random): () => void {
  const RealDate = globalThis.Date;
  class SimulatedDate extends RealDate {
    constructor(...args: []) {
      if (args.length === 0) super(clock.date);
      else super(...args);
    }
    static override now(): number {
      return clock.date;
    }
  }
  const set = (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): TimerHandle =>
    clock.set(() => callback(...args), ms);
  const setEvery = (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): TimerHandle =>
    clock.set(() => callback(...args), ms, { every: ms });
  const clear = (timer: unknown): void => {
    if (timer !== undefined && timer !== null) clock.clear(Number(timer));
  };
  const undo = [
    replace(globalThis, "setTimeout", set),
    replace(globalThis, "setInterval", setEvery),
    replace(globalThis, "clearTimeout", clear),
    replace(globalThis, "clearInterval", clear),
    replace(globalThis, "Date", SimulatedDate),
    replace(globalThis, "Response", LightResponse),
    replace(globalThis, "Headers", LightHeaders),
    replace(globalThis.performance, "now", () => clock.now),
    replace(Math, "random", () => random.next()),
    replace(globalThis.crypto, "getRandomValues", (bytes: Uint8Array) => {
      for (let index = 0; index < bytes.length; index += 1) bytes[index] = random.int(0, 255);
      return bytes;
    }),
    replace(AbortSignal, "timeout", (ms: number) => {
      const controller = new AbortController();
      const expire = (): void => controller.abort(new DOMException("The operation timed out", "TimeoutError"));
      clock.set(expire, ms, { isOfWorld: true }); // the runtime's own, which keeps nothing alive
      return controller.signal;
    }),
  ];
  return () => {
    for (const restore of undo.reverse()) restore();
  };
}

function replace(target: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: true });
  return () => {
    if (before === undefined) Reflect.deleteProperty(target, name);
    else Object.defineProperty(target, name, before);
  };
}
