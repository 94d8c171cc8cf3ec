/** What a session is doing, as others hold it. */
import { linkSignals, raceAbort } from "../../util/abort.js";
import type { Info, Message } from "./records.js";

/** The reason of a run that somebody has ended. */
export class Aborted extends Error {}

/** A prompt that cannot be run; `trace` is what the server adds for the one who did not wait. */
export class PromptFailure extends Error {
  readonly trace: string;

  constructor(name: string, message: string) {
    super(message);
    this.trace = `${name}: ${message}\n    at <anonymous> (the agent in memory)`;
  }
}

/** What a session is doing. */
export class Run {
  readonly signal: AbortSignal;
  /** The session's last assistant message, when all is done. */
  done: Promise<Message> = Promise.reject(new Error("not started"));
  readonly abort: () => void;
  /** Resolves once an abort or a failure has been told: what is left of the tools is stored after that. */
  readonly isTold: Promise<void>;
  readonly tell: () => void;
  readonly release: () => void;
  readonly #users: Info[] = [];

  /** `life`: aborts when the agent crashes. */
  constructor(life: AbortSignal) {
    const controller = linkSignals(life);
    this.signal = controller.signal;
    this.abort = () => controller.abort(new Aborted("Aborted"));
    this.release = controller.release;
    let tell = (): void => {};
    this.isTold = new Promise((resolve) => {
      tell = resolve;
    });
    this.tell = tell;
    this.done.catch(() => {});
  }

  /** The promise's result, or a rejection as soon as the run is to end. */
  listen<T>(promise: Promise<T>): Promise<T> {
    return raceAbort(promise, this.signal);
  }

  /** Notes that what a prompt has changed is to be told. */
  summarize(user: Info): void {
    this.#users.push(user);
  }

  /** Takes what was noted. */
  takeUsers(): Info[] {
    return this.#users.splice(0);
  }
}
