/** Waits until another client's run of a session has ended, or until the server may queue a prompt behind it. */
import { type ReadOptions, type RetryOptions, retryTransient } from "../../client/retry-transient.js";
import { SessionBusyError } from "../../errors/index.js";
import { delay } from "../../util/delay.js";
import { recordProperty } from "../../util/json.js";
import type { DirectoryContext } from "../context.js";

/** Between two reads of the status, in ms. */
const firstBusyWait = 50;
const longestBusyWait = 1_000;

/**
 * Resolves when nothing runs in the session. The status is polled: events would not say when the run began. `mayQueue` is asked once,
 * when something runs: resolves to `"busy"` where the server queues the prompt.
 *
 * @throws SessionBusyError with `"reject"`, when something runs.
 */
export async function whenIdle(
  scope: DirectoryContext,
  sessionId: string,
  whenBusy: "queue" | "reject" | "steer",
  retryOptions: RetryOptions,
  mayQueue?: (call: ReadOptions) => Promise<boolean>,
): Promise<"idle" | "busy"> {
  const { signal } = retryOptions;
  let isAsked = mayQueue === undefined;
  for (let wait = firstBusyWait; ; wait = Math.min(wait * 2, longestBusyWait)) {
    const type = recordProperty(await retryTransient(scope.status, retryOptions), sessionId)?.["type"];
    if (type === undefined || type === "idle") return "idle";
    if (whenBusy === "reject") {
      throw new SessionBusyError("the session is running a turn of another client, or one that waits for an approval", {
        status: 409,
        sessionId,
        hint: 'Wait for it, or leave out whenBusy: "reject".',
      });
    }
    if (!isAsked && (await retryTransient(async (call) => mayQueue?.(call), retryOptions)) === true) return "busy";
    isAsked = true;
    await delay(wait, signal);
  }
}
