/** Actions of the person on the displayed session. A failure is shown, not thrown. */
import type { Conversation } from "./conversation.js";
import { askText, confirm, type Dialogs } from "./dialogs.js";
import { byId } from "./dom.js";
import type { Notices } from "./notifications.js";
import { onSubagentStop } from "./subagent-stop.js";
import type { Turns } from "./turns.js";

export interface SessionActionsParts {
  readonly turns: Turns;
  readonly dialogs: Dialogs;
  readonly notices: Notices;
  /** The displayed conversation. */
  readonly current: () => Conversation | undefined;
}

export class SessionActions {
  readonly #parts: SessionActionsParts;

  constructor(parts: SessionActionsParts) {
    this.#parts = parts;
    const { turns } = parts;
    onSubagentStop(byId("list", HTMLElement), (id) => void this.#do(() => turns.stopSubagent(id)));
  }

  stop(): Promise<void> {
    const { turns, notices } = this.#parts;
    return this.#do(async ({ id, session }) => {
      // A turn of another tab or program is aborted on the agent.
      if (!(await turns.stop(id))) await session.abort();
      notices.announce("Stopped.");
    });
  }

  rename(): Promise<void> {
    return this.#do(async ({ title: before, session }) => {
      const title = await askText(this.#parts.dialogs, "Rename the session", before);
      if (title !== undefined) await session.rename(title);
    });
  }

  delete(): Promise<void> {
    const { turns, dialogs, current } = this.#parts;
    return this.#do(async (conversation) => {
      const text = `This deletes “${conversation.title}” and its messages. It does not change files.`;
      if (!(await confirm(dialogs, "Delete the session?", text, "Delete"))) return;
      await turns.stop(conversation.id);
      await conversation.session.delete();
      if (current() === conversation) location.hash = "";
    });
  }

  async #do(action: (current: Conversation) => Promise<void>): Promise<void> {
    const current = this.#parts.current();
    if (current === undefined) return;
    try {
      await action(current);
    } catch (error) {
      this.#parts.notices.error(error);
    }
  }
}
