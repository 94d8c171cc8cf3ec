/**
 * How slow this machine is at this moment. Every wait and limit of the tests is a number of milliseconds on an idle
 * machine, times this: nothing fails for being slow, also when the machine becomes slow in the middle of a run.
 */
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { defaults } from "../../src/types/options.js";

/** ms in which, on an idle machine, whatever a test waits for has happened many times over. */
const longEnough = 60_000;

let last = 1;

/** 1 on an idle machine, 16 on one that needs sixteen times as long. Looked up at each call, see `speedometer.ts`. */
export function slowness(): number {
  const file = process.env["OPENCODE_TEST_SLOWNESS"];
  if (file === undefined) throw new Error("OPENCODE_TEST_SLOWNESS is not set: the global setup has not run");
  const measured = Number(readFileSync(file, "latin1"));
  if (measured >= 1) last = measured;
  return last;
}

/** What takes `ms` on an idle machine, in ms of this one. */
export function scaled(ms: number): number {
  return Math.round(ms * slowness());
}

/** Limits of the SDK, for tests that are not about them. */
export type Unhurried = Readonly<Record<"serverTimeout" | "requestTimeout" | "reconnectTimeout", number>>;

/** Twice what the defaults are on an idle machine: these limits stay as they are when the machine becomes slower. */
export function unhurried(): Unhurried {
  const { serverTimeout, requestTimeout, reconnectTimeout } = defaults;
  return {
    serverTimeout: scaled(2 * serverTimeout),
    requestTimeout: scaled(2 * requestTimeout),
    reconnectTimeout: scaled(2 * reconnectTimeout),
  };
}

/** The same for a client of a server that runs already. */
export function unhurriedConnection(): Omit<Unhurried, "serverTimeout"> {
  const { serverTimeout: _start, ...limits } = unhurried();
  return limits;
}

/** Resolves when `check` holds; rejects with what was waited for when that takes too long even for this machine. */
export async function eventually(what: string, check: () => boolean | Promise<boolean>): Promise<void> {
  const begun = performance.now();
  while (!(await check())) {
    const limit = scaled(longEnough); // anew each time: the machine may have become slow meanwhile
    if (performance.now() - begun > limit) throw new Error(`did not happen within ${limit} ms: ${what}`);
    await delay(20);
  }
}
