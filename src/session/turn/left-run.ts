/** The end of a run that the turn does not see: it is aborted, or it stays on the server and is looked after. */
import { isTransient, type ReadOptions, readTimeout } from "../../client/retry-transient.js";
import { APIResponseValidationError } from "../../errors/index.js";
import { linkSignals } from "../../util/abort.js";
import { delay } from "../../util/delay.js";
import { createNotifier, type Notifier } from "../../util/notifier.js";
import type { Responder } from "../permissions/responder.js";
import { abortRun, type WaitingPrompt } from "./abort-run.js";
import { longestPoll } from "./poll-schedule.js";
import type { TurnPoller } from "./poller.js";
import type { PromptBody } from "./prompt.js";
import type { Turn } from "./turn.js";
import type { TurnContext } from "./turn-context.js";

/** A run that was left behind is looked after so often (ms). */
const leftPoll = 1_000;
/** What cannot be read so often in a row is not looked after any more. */
const mostUnreadable = 20;

/** The parts of a turn that outlive it with its run. */
export interface LeftRunParts {
  readonly context: TurnContext;
  readonly turn: Turn;
  readonly check: TurnPoller;
  readonly responder: Responder;
  /** Ends the run: the caller's stop, or a limit. */
  readonly stop: AbortSignal;
  /** The prompt has been sent again and may set the run going yet. */
  readonly isOnItsWay: () => boolean;
  /** The prompt; `undefined` for commands and shell lines. */
  readonly body: PromptBody | undefined;
  /** Called when the run is not looked after any more. */
  readonly onEnd: () => void;
}

/** One run, from the moment when its turn gives it up. */
export class LeftRun {
  readonly #parts: LeftRunParts;
  /** The last request to abort. */
  #aborting: Promise<unknown> | undefined;
  #isLeft = false;
  readonly #begun: Notifier = createNotifier();

  constructor(parts: LeftRunParts) {
    this.#parts = parts;
  }

  /** The run goes on without its turn: it is looked after, and nobody is told of it. */
  get isLeft(): boolean {
    return this.#isLeft;
  }

  /** A prompt that has waited on the server begins. */
  begun(): void {
    this.#begun.notify();
  }

  /** Aborts the run. What could not be aborted in time is aborted later: the session's next prompt waits for it. */
  async abort(): Promise<void> {
    const { lifetime } = this.#parts.context.session.connection;
    if (await this.#abort(lifetime)) return;
    this.#leave((ended) => this.#abortLater(ended));
  }

  /** Leaves the run on the server: what it asks is answered until it is over, or has come to one of its limits. */
  leave(): void {
    this.#leave((ended) => this.#tend(ended));
  }

  /** Leaves a run that waits for the decision of a person, as `leave()`. It outlives the connection, and is not aborted with it. */
  park(): void {
    this.#leave((ended) => this.#tend(ended), true);
  }

  /** Within `abortTimeout` ms; `undefined`: until it is over. */
  #abort(signal: AbortSignal, ...retryTimeout: [undefined?]): Promise<boolean> {
    const { context, turn, check, responder, isOnItsWay, body } = this.#parts;
    const { scope, session } = context;
    const { lifetime } = session.connection;
    const onAbort = (request: Promise<unknown>): void => {
      this.#aborting = request;
    };
    const { prompts } = scope.api;
    const waiting: WaitingPrompt = {
      begun: this.#begun,
      withdraw: async (call) => (body && prompts.withdraw(turn.sessionId, body, call)) ?? "begun",
    };
    const given = { scope, turn, check, signal, lifetime, onAbort, isOnItsWay, waiting };
    responder.stop();
    return abortRun(retryTimeout.length === 0 ? given : { ...given, retryTimeout: undefined });
  }

  async #abortLater(ended: AbortSignal): Promise<void> {
    await this.#abort(ended, undefined);
    await this.#aborting;
  }

  /** The run stays on the server, and somebody must be there for it. */
  #leave(tend: (signal: AbortSignal) => Promise<void>, isLasting: boolean = false): void {
    const { context, turn, onEnd } = this.#parts;
    const { connection } = context.session;
    this.#isLeft = true;
    // A prompt that waits is looked after until it is gone: the next turn's prompt would make it run.
    const isWaiting = turn.isQueued;
    connection.left.leave(turn, {
      tend: (ended, joined) => tend(isWaiting ? joined : ended).finally(onEnd),
      abort: isLasting ? undefined : () => this.#abort(connection.lifetime),
    });
  }

  async #tend(ended: AbortSignal): Promise<void> {
    const { context, check, stop } = this.#parts;
    const either = linkSignals(ended, stop);
    let unreadable = 0;
    try {
      for (let wait = leftPoll; unreadable < mostUnreadable; wait = Math.min(wait * 1.5, longestPoll)) {
        await delay(wait, either.signal, { unref: true });
        const timeout = readTimeout(context.scope.api.liveness);
        const call = { signal: either.signal, timeout, maxRetries: 0 };
        try {
          if ((await check.poll(call)) !== "running") return await this.#over(call);
          unreadable = 0;
        } catch (error) {
          if (either.signal.aborted || !isTransient(error)) throw error;
          if (error instanceof APIResponseValidationError) unreadable += 1;
        }
      }
    } catch {
      if (ended.aborted || !stop.aborted) return; // taken up by another turn, closed, or gone
      await this.#abortLater(ended);
    } finally {
      either.release();
    }
  }
  /** The run has ended: nobody needs a decision about what it has asked. */
  async #over(call: ReadOptions): Promise<void> {
    const { context, turn } = this.#parts;
    const { scope, permissions } = context;
    if (permissions.parked === undefined) return;
    const { sessionId, messageId } = turn;
    const { endLeft } = await import("../approvals/parked-turn.js");
    await endLeft({ scope, store: permissions.parked.store, sessionId, messageId }, call);
  }
}
