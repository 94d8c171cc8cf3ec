/**
 * The asks of a session that are not answered yet. A refusal rejects all other open asks of its session as well, without a
 * reason (1.18.33): it waits until those that are allowed have been told.
 */
export class PendingRequests {
  readonly #open = new Map<string, Set<string>>();
  readonly #waiting = new Map<string, (() => void)[]>();

  /** One is being decided, in any session. */
  get isAny(): boolean {
    return this.#open.size > 0;
  }

  /** It is being decided. */
  begin(sessionId: string, id: string): void {
    const ids = this.#open.get(sessionId) ?? new Set();
    this.#open.set(sessionId, ids.add(id));
  }

  /** It is allowed and the server knows it, or it is to be refused. */
  end(sessionId: string, id: string): void {
    const ids = this.#open.get(sessionId);
    ids?.delete(id);
    if (ids !== undefined && ids.size > 0) return;
    this.#open.delete(sessionId);
    for (const go of this.#waiting.get(sessionId) ?? []) go();
    this.#waiting.delete(sessionId);
  }

  /** It is not open any more, whoever has answered it. */
  gone(id: string): void {
    for (const [sessionId, ids] of [...this.#open]) if (ids.has(id)) this.end(sessionId, id);
  }

  /** Resolves when none of the session's is being decided. */
  whenNone(sessionId: string): Promise<void> {
    if (!this.#open.has(sessionId)) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.set(sessionId, [...(this.#waiting.get(sessionId) ?? []), resolve]);
    });
  }
}
