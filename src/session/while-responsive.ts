/** Work that needs a server of ours: it ends when the server lives and does not respond any more. */
import { ServerUnresponsiveError } from "../errors/index.js";
import { linkSignals } from "../util/abort.js";
import type { ResponsivenessWatch } from "./context.js";

/** What such work is given. */
export interface ResponsiveWork {
  /** Ends its waiting: the caller's own signal, or the server's silence. */
  readonly signal: AbortSignal;
  /** The server's silence alone; `undefined` for a server that is not ours. */
  readonly unresponsive: AbortSignal | undefined;
}

/** Rejects with a `ServerUnresponsiveError` of its own when the server does not respond while `work` runs. */
export async function whileResponsive<T>(
  watch: ResponsivenessWatch | undefined,
  signal: AbortSignal,
  sessionId: string | undefined,
  work: (responsive: ResponsiveWork) => Promise<T>,
): Promise<T> {
  if (watch === undefined) return work({ signal, unresponsive: undefined });
  const unresponsive = watch.signal;
  const patient = linkSignals(signal, unresponsive);
  const leave = watch.enter();
  try {
    return await work({ signal: patient.signal, unresponsive });
  } catch (error) {
    const { reason } = unresponsive;
    if (signal.aborted || !(reason instanceof ServerUnresponsiveError)) throw error;
    const { message, silence } = reason;
    throw new ServerUnresponsiveError(message, { silence, sessionId, cause: reason });
  } finally {
    leave();
    patient.release();
  }
}
