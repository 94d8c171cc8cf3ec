/** Tracks the sessions that the agent works on. Pure. */
import type { AgentEvent } from "../../client.js";

/** The activity of a session. */
export interface Activity {
  readonly type: "busy" | "retry";
  readonly text: string;
}

export class Busy {
  readonly #sessions = new Map<string, Activity>();
  readonly #asks = new Map<string, Set<string>>();

  /** From `GET /session/status`: sessions that it does not list are idle. */
  read(statuses: Readonly<Record<string, { readonly type: string }>>): void {
    for (const id of [...this.#sessions.keys()]) if (statuses[id] === undefined) this.#sessions.delete(id);
    for (const [id, { type }] of Object.entries(statuses)) {
      if (type === "idle") this.#sessions.delete(id);
      else if (!this.#sessions.has(id)) this.#sessions.set(id, { type: "busy", text: "Working…" });
    }
  }

  /** Returns true if the event changed the state. */
  event(event: AgentEvent): boolean {
    const { sessionId } = event;
    switch (event.type) {
      case "status":
        if (event.status === "idle") this.#asks.delete(sessionId);
        return event.status === "idle" ? this.#sessions.delete(sessionId) : this.#set(sessionId, "busy", "Working…");
      case "retry":
        return this.#set(sessionId, "retry", `The model failed (${event.message}). Retrying…`);
      case "permission-request":
      case "question":
        this.#asks.set(sessionId, (this.#asks.get(sessionId) ?? new Set()).add(event.id));
        return true;
      case "permission-reply":
        return this.#asks.get(sessionId)?.delete(event.id) ?? false;
      default:
        return false;
    }
  }

  /** Records that any client answered a request of the agent. */
  answered(sessionId: string, askId: string): void {
    this.#asks.get(sessionId)?.delete(askId);
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
