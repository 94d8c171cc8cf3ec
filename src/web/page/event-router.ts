/** Routes each event of the agent to the parts of the page. */
import type { AgentEvent, SessionInfo } from "../../client.js";
import type { Busy } from "./activity.js";
import type { Conversation } from "./conversation.js";
import type { Dialogs } from "./dialogs.js";
import { pieceOf } from "./event-source.js";
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
  readonly onDeleted: (sessionId: string) => void;
}

export class EventRouter {
  readonly #parts: EventRouterParts;

  constructor(parts: EventRouterParts) {
    this.#parts = parts;
  }

  event(event: AgentEvent): void {
    const { partials, dialogs, busy, onActivity } = this.#parts;
    const current = this.#current(event.sessionId);
    const piece = pieceOf(event);
    if (piece !== undefined) {
      partials.append(piece.partId, piece.text);
      current?.transcript.touch(piece.messageId, piece.partId);
      return;
    }
    if (event.type === "permission-reply") dialogs.dismiss(event.id);
    if (event.type === "todo" && current !== undefined) showTodos(event.todos);
    if (busy.event(event)) onActivity();
    if (event.raw !== undefined) this.#raw(event.raw.type, event.raw.properties, event.sessionId);
  }

  #current(sessionId: string): Conversation | undefined {
    const current = this.#parts.current();
    return current?.id === sessionId ? current : undefined;
  }

  /** Handles raw events that have no event of the library. */
  #raw(type: string, properties: Readonly<Record<string, unknown>>, sessionId: string): void {
    const timeline = this.#current(sessionId)?.transcript.timeline;
    const { info, part, requestID, messageID, partID } = properties;
    if (type === "message.updated") {
      const message = asMessageInfo(info);
      if (message !== undefined) timeline?.message(message);
    } else if (type === "message.part.updated") this.#part(part, sessionId);
    else if (type === "message.removed") timeline?.removeMessage(String(messageID));
    else if (type === "message.part.removed") timeline?.removePart(String(messageID), String(partID));
    else if (type.startsWith("session.")) this.#session(type, info);
    else if (type === "question.replied" || type === "question.rejected") {
      this.#parts.dialogs.dismiss(String(requestID));
      this.#parts.busy.answered(sessionId, String(requestID));
      this.#parts.onActivity();
    }
  }

  #part(value: unknown, sessionId: string): void {
    const part = asPart(value);
    if (part === undefined) return;
    if (part.type === "text" || part.type === "reasoning") {
      if (part.time?.end !== undefined) this.#parts.partials.end(part.id);
      else if (part.text === "") this.#parts.partials.begin(part.id);
    }
    this.#current(sessionId)?.transcript.timeline.part(part);
  }

  #session(type: string, value: unknown): void {
    const info = asSession(value);
    if (info === undefined) return;
    if (type === "session.deleted") this.#parts.onDeleted(info.id);
    if (type !== "session.created" && type !== "session.updated") return;
    this.#parts.onSession(info);
    this.#current(info.id)?.update(info);
  }
}
