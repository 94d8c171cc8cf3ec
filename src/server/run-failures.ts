/** Runs that a server has dropped and says so in its log only (2.0 preview 1.18.18). */
import { addLogWitness } from "../api/v2/log-witness.js";

/** Lets turns on the server at this address look into its log until the result is called. */
export function witnessRuns(url: string, log: () => string): () => void {
  return addLogWitness(url, (sessionId) => runFailure(log(), sessionId));
}

/** The last failure of a session's run in the log: the tag of the error and its message. `undefined` where there is none. */
export function runFailure(log: string, sessionId: string): string | undefined {
  // An entry begins with its time, and has the session in its last lines.
  const entries = log.split(/^(?=\[\d\d:\d\d:\d\d\.\d{3}\] )/m);
  const entry = entries.findLast(
    (text) => failed.test(text) && text.includes(`sessionID: ${JSON.stringify(sessionId)}`),
  );
  return entry === undefined ? undefined : failed.exec(entry)?.[1]?.trim();
}

const failed = /^\[[\d:.]+\] ERROR \(#\d+\): Failed to drain Session (.{1,1000})/;
