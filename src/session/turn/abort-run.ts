/** Stopping a run on the server, and what the turn rejects with then. */

import type { ApiCall } from "../../api/inputs.js";
import { abortTimeout, isTransient, readTimeout } from "../../client/retry-transient.js";
import { AbortedError } from "../../errors/index.js";
import { linkSignals, raceAbort } from "../../util/abort.js";
import { delay } from "../../util/delay.js";
import type { Notifier } from "../../util/notifier.js";
import type { DirectoryContext } from "../context.js";
import type { TurnPoller } from "./poller.js";
import { sessionsCalled } from "./sessions-called.js";
import type { Turn } from "./turn.js";

const firstWait = 15;
const longestWait = 500;
/** After the turn has given up it is tried so often (ms). */
const patientWait = 5_000;

/** A prompt that waits on the server behind another client's run. */
export interface WaitingPrompt {
  /** Rings when it begins. */
  readonly begun: Notifier;
  /** As `PromptsApi.withdraw`. */
  readonly withdraw: (call: ApiCall) => Promise<"withdrawn" | "waiting" | "begun">;
}

export interface AbortOptions {
  readonly scope: DirectoryContext;
  readonly turn: Turn;
  readonly check: TurnPoller;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Ends the requests: one that is cut off could arrive all the same, in the session's next turn. */
  readonly lifetime: AbortSignal;
  /** Told of each request to abort: before the session's next turn it must have come to its end. */
  readonly onAbort: (request: Promise<unknown>) => void;
  /** The prompt has been sent again and may set the run going yet. */
  readonly isOnItsWay: () => boolean;
  /** A prompt that waits on the server. */
  readonly waiting: WaitingPrompt;
  /** How long it is tried, in ms; `undefined`: until it is over. Default 5,000. */
  readonly retryTimeout?: number | undefined;
}

/**
 * Aborts the run and its sub-agents and waits until they have ended, so that the session's next turn starts clean. A prompt that waits
 * on the server is taken back; where that is impossible, the abort gives up at once, and without a limit of time it waits. An
 * abort before the run has begun has no effect on the server, so it is repeated while the session is busy. Resolves to
 * whether it is known to be over. Never rejects.
 */
export async function abortRun(options: AbortOptions): Promise<boolean> {
  const { scope, turn, check, signal, lifetime, onAbort, isOnItsWay, waiting } = options;
  const retryTimeout = "retryTimeout" in options ? options.retryTimeout : abortTimeout(scope.api.liveness);
  const limit = linkSignals(signal);
  const timer =
    retryTimeout === undefined
      ? undefined
      : setTimeout(() => limit.abort(new AbortedError("the run did not end")), retryTimeout);
  const most = retryTimeout === undefined ? patientWait : longestWait;
  turn.abort();
  try {
    for (let wait = firstWait; !turn.isSettled || isOnItsWay(); wait = Math.min(wait * 2, most)) {
      const call = { signal: limit.signal, timeout: retryTimeout ?? readTimeout(scope.api.liveness), maxRetries: 0 };
      try {
        if (turn.isQueued) {
          const state = await waiting.withdraw(call);
          if (state === "withdrawn") return true;
          // The run that is going on is another client's. Ours is ended as soon as it begins.
          if (state === "waiting" && retryTimeout !== undefined) return false;
          if (state === "waiting") {
            await waiting.begun.wait(wait, limit.signal);
            continue;
          }
        }
        const request = abortAll(scope, turn, {
          ...call,
          signal: lifetime,
          timeout: readTimeout(scope.api.liveness),
        });
        onAbort(request.catch(() => {}));
        await raceAbort(request, limit.signal);
        if ((await check.poll(call)) === "over" && !isOnItsWay()) return true;
      } catch (error) {
        scope.api.logger.debug(`abort of ${turn.sessionId}: ${String(error)}`); // the way may be broken: again
        if (retryTimeout === undefined && !isTransient(error)) return true; // the session is gone, or the credential
      }
      await delay(wait, limit.signal);
    }
    return true;
  } catch {
    return false; // the time is up
  } finally {
    clearTimeout(timer);
    limit.release();
  }
}

/** Asks the server to end the run and its sub-agents, once. */
export async function abortAll(scope: DirectoryContext, turn: Turn, call: ApiCall): Promise<void> {
  const called = turn.answerMessages().flatMap(sessionsCalled);
  const ids = new Set([turn.sessionId, ...turn.subAgents.ids, ...called]);
  await Promise.all([...ids].map((sessionId) => scope.api.prompts.abort(sessionId, call)));
}
