/** Routes each event of the agent to the parts of the page. */
import type { SessionInfo, UserMessage } from "../../client.js";
import type { Busy } from "./activity.js";
import type { Conversation } from "./conversation.js";
import type { Dialogs } from "./dialogs.js";
import type { ServerNews } from "./event-source.js";
import { showTodos } from "./panel.js";
import type { Partials } from "./partials.js";
import { asMessageInfo, asPart, asSession } from "./validators.js";

export interface EventRouterParts {
  readonly partials: Partials;
  readonly busy: Busy;
  readonly dialogs: Dialogs;
  /** The displayed session. */
  readonly current: () => Conversation | undefined;
  /** The agent's activity has changed. */
  readonly onActivity: () => void;
  readonly onSession: (info: SessionInfo) => void;
  /** A session is new or has changed, and the event does not describe it. */
  readonly onStale: (sessionId: string) => void;
  readonly onDeleted: (sessionId: string) => void;
}

export class EventRouter {
  readonly #parts: EventRouterParts;
  /** The agent describes sessions that have changed (1.x). */
  #describes = false;

  constructor(parts: EventRouterParts) {
    this.#parts = parts;
  }

  event(event: ServerNews): void {
    const { partials, dialogs, busy, onActivity } = this.#parts;
    const { sessionId } = event;
    const current = this.#current(sessionId);
    const timeline = current?.transcript.timeline;
    if (busy.event(event)) onActivity();
    switch (event.type) {
      case "part-delta":
        partials.append(event.partId, event.text);
        current?.transcript.touch(event.messageId, event.partId);
        return;
      case "part-stored":
        this.#part(event.part, sessionId);
        return;
      case "message-stored": {
        const info = asMessageInfo(headOf(event));
        if (info !== undefined) timeline?.message(info);
        return;
      }
      case "message-removed":
        timeline?.removeMessage(event.messageId);
        return;
      case "part-removed":
        timeline?.removePart(event.messageId, event.partId);
        return;
      case "permission-answered":
      case "question-answered":
        dialogs.dismiss(event.requestId);
        return;
      case "todo":
        if (current !== undefined) showTodos(event.todos);
        return;
      default:
        if (sessionId !== undefined) this.#session(event, sessionId);
    }
  }

  #current(sessionId: string | undefined): Conversation | undefined {
    const current = this.#parts.current();
    return current?.id === sessionId ? current : undefined;
  }

  #part(value: unknown, sessionId: string | undefined): void {
    const part = asPart(value);
    if (part === undefined) return;
    if (part.type === "text" || part.type === "reasoning") {
      if (part.time?.end !== undefined) this.#parts.partials.end(part.id);
      else if (part.text === "") this.#parts.partials.begin(part.id);
    }
    this.#current(sessionId)?.transcript.timeline.part(part);
  }

  /** 1.x describes a session that has changed; 2.x says at most that it has. */
  #session({ type, raw }: ServerNews, sessionId: string): void {
    if (raw.type === "session.deleted") this.#parts.onDeleted(sessionId);
    const info =
      raw.type === "session.created" || raw.type === "session.updated" ? asSession(raw.properties["info"]) : undefined;
    if (info !== undefined) {
      this.#describes ||= raw.type === "session.updated";
      this.#parts.onSession(info);
      this.#current(info.id)?.update(info);
    } else if (
      type === "session-created" ||
      raw.type === "session.renamed" ||
      (type === "session-idle" && !this.#describes)
    )
      this.#parts.onStale(sessionId);
  }
}

/** The head of a message. Of a prompt only what the page shows. */
function headOf({ message, sessionId }: Extract<ServerNews, { type: "message-stored" }>): unknown {
  if (message.role === "assistant") return message.info;
  const { id, createdAt } = message;
  const model = { providerID: "", modelID: "" };
  const time = { created: createdAt };
  return { id, role: "user", sessionID: sessionId, time, agent: "", model } satisfies Partial<
    Record<keyof UserMessage, unknown>
  >;
}
