/** Waits until a session is idle, and aborts what runs in it. */
import { abortTimeout } from "../client/retry-transient.js";
import { AbortedError } from "../errors/index.js";
import { optionNames } from "../types/option-names.js";
import type { WaitOptions } from "../types/session-options.js";
import { linkSignals, raceAbort } from "../util/abort.js";
import { checkOptions } from "../util/check-options.js";
import { checkSignal } from "../util/invalid-option.js";
import type { Connection, DirectoryContext, SessionContext } from "./context.js";
import { toAbortError } from "./turn/abort-error.js";
import { whenIdle } from "./turn/when-idle.js";

/** Aborts what runs in the session and in those that belong to it, whoever asked for it, and waits for its end. */
export async function abortSession({ connection, sessionId, scope: open }: SessionContext): Promise<void> {
  const scope = await open();
  const { lifetime } = connection;
  const limit = linkSignals(lifetime);
  const { liveness } = scope.api;
  const retryTimeout = abortTimeout(liveness);
  const timer = setTimeout(() => limit.abort(), retryTimeout);
  const { signal } = limit;
  try {
    const children = (await scope.api.sessions.children(sessionId)).map(({ id }) => id);
    for (const id of [sessionId, ...children]) await scope.api.prompts.abort(id, { signal: lifetime });
    await whenIdle(scope, sessionId, "queue", { signal, retryTimeout, liveness });
    await withdrawApprovals(connection, scope, sessionId);
  } catch (cause) {
    if (lifetime.aborted) throw lifetime.reason;
    if (!signal.aborted) throw cause;
    throw new AbortedError(`the run did not end within ${retryTimeout} ms of its abort`, { sessionId, cause });
  } finally {
    clearTimeout(timer);
    limit.release();
  }
}

/** Nobody needs decisions about what was aborted. */
async function withdrawApprovals(
  { permissionContext }: Connection,
  scope: DirectoryContext,
  sessionId: string,
): Promise<void> {
  const store = await permissionContext.usedApprovalStore()?.catch(() => undefined);
  if (store === undefined) return;
  const { endParked } = await import("./approvals/parked-turn.js");
  await endParked({ scope, store, sessionId });
}

/** Resolves when nothing runs in the session; rejects with `AbortedError` when the `signal` aborts before. */
export async function waitUntilIdle(
  { connection, sessionId, scope: open }: SessionContext,
  options: WaitOptions,
): Promise<void> {
  checkOptions(options, optionNames.wait, "waitUntilIdle()");
  checkSignal(options.signal);
  const { signal } = options;
  const { lifetime, reconnectTimeout } = connection;
  const stop = linkSignals(signal, lifetime);
  try {
    const scope = await raceAbort(open(), stop.signal);
    const retryOptions = { signal: stop.signal, retryTimeout: reconnectTimeout, liveness: scope.api.liveness };
    await whenIdle(scope, sessionId, "queue", retryOptions);
  } catch (error) {
    if (signal?.aborted === true) throw toAbortError(signal.reason, { sessionId });
    throw error;
  } finally {
    stop.release();
  }
}
