/** Work that needs a server of ours: it ends when the server lives and does not respond any more. */
import { ServerUnresponsiveError } from "../errors/index.js";
import { linkSignals } from "../util/abort.js";
import type { ResponsivenessWatch } from "./context.js";

/** Such work, from its beginning to its `release()`. */
export interface ResponsiveWork {
  /** Ends its waiting: the caller's own signal, or the server's silence. */
  readonly signal: AbortSignal;
  /** The server's silence alone; `undefined` for a server that is not ours. */
  readonly unresponsive: AbortSignal | undefined;
  /** Its error: a `ServerUnresponsiveError` of its own when the server does not respond and `signal` of the caller has not aborted. */
  readonly failure: (error: unknown) => unknown;
  readonly release: () => void;
}

/** Watches the server until `release()`; `undefined` where there is no watch. */
export function enterResponsive(
  watch: ResponsivenessWatch | undefined,
  signal: AbortSignal,
  sessionId?: string,
): ResponsiveWork {
  if (watch === undefined) return { signal, unresponsive: undefined, failure: (error) => error, release: () => {} };
  const unresponsive = watch.signal;
  const patient = linkSignals(signal, unresponsive);
  const leave = watch.enter();
  return {
    signal: patient.signal,
    unresponsive,
    failure: (error) => {
      const { reason } = unresponsive;
      if (signal.aborted || !(reason instanceof ServerUnresponsiveError)) return error;
      const { message, silentFor } = reason;
      return new ServerUnresponsiveError(message, { silentFor, sessionId, cause: reason });
    },
    release: () => {
      leave();
      patient.release();
    },
  };
}

/** Calls `work` while the server is watched; rejects with a `ServerUnresponsiveError` when the server does not respond meanwhile. */
export async function whileResponsive<T>(
  watch: ResponsivenessWatch | undefined,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const responsive = enterResponsive(watch, signal);
  try {
    return await work(responsive.signal);
  } catch (error) {
    throw responsive.failure(error);
  } finally {
    responsive.release();
  }
}
