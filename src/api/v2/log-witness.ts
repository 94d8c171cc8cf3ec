/** What the log of a server says of a run that left no trace elsewhere. Only who started the server reads its log. */

/** The last failure of the session's run, in a sentence; `undefined` where the log has none. */
export type LogWitness = (sessionId: string) => string | undefined;

const witnesses = new Map<string, LogWitness>();

/** Names the witness of the server at this address until the result is called. */
export function addLogWitness(url: string, witness: LogWitness): () => void {
  witnesses.set(url, witness);
  return () => {
    if (witnesses.get(url) === witness) witnesses.delete(url);
  };
}

/** As {@link LogWitness}; `undefined` also for a server whose log nobody here reads. */
export function failureInLog(url: string, sessionId: string): string | undefined {
  return witnesses.get(url)?.(sessionId);
}
