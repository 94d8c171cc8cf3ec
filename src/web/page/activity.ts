/** Tracks the sessions that the agent works on. Pure. */
import type { ServerNews } from "./event-source.js";

/** The activity of a session. */
export interface Activity {
  readonly type: "busy" | "retry";
  readonly text: string;
}

export class Busy {
  readonly #sessions = new Map<string, Activity>();
  readonly #asks = new Map<string, Set<string>>();

  /** From a read: sessions that are not listed are idle. */
  read(statuses: Readonly<Record<string, { readonly type: string }>>): void {
    for (const id of [...this.#sessions.keys()]) if (statuses[id] === undefined) this.#sessions.delete(id);
    for (const [id, { type }] of Object.entries(statuses)) {
      if (type === "idle") this.#sessions.delete(id);
      else if (!this.#sessions.has(id)) this.#sessions.set(id, { type: "busy", text: "Working…" });
    }
  }

  /** Returns true if the event changed the state. */
  event(event: ServerNews): boolean {
    const { sessionId = "" } = event;
    switch (event.type) {
      case "session-status":
        if (event.status === "idle") this.#asks.delete(sessionId);
        return event.status === "idle" ? this.#sessions.delete(sessionId) : this.#set(sessionId, "busy", "Working…");
      case "retry":
        return this.#set(sessionId, "retry", `The model failed (${event.message}). Retrying…`);
      case "permission-asked":
      case "question-asked":
        this.#asks.set(sessionId, (this.#asks.get(sessionId) ?? new Set()).add(event.request.id));
        return true;
      case "permission-answered":
      case "question-answered":
        return this.#asks.get(sessionId)?.delete(event.requestId) ?? false;
      default:
        return false;
    }
  }

  isBusy(sessionId: string): boolean {
    return this.#sessions.has(sessionId);
  }

  /** The text for the line below the conversation. */
  textOf(sessionId: string): string {
    if ((this.#asks.get(sessionId)?.size ?? 0) > 0 && this.isBusy(sessionId)) return "Waiting for an answer…";
    return this.#sessions.get(sessionId)?.text ?? "";
  }

  #set(sessionId: string, type: Activity["type"], text: string): boolean {
    if (this.#sessions.get(sessionId)?.text === text) return false;
    this.#sessions.set(sessionId, { type, text });
    return true;
  }
}
