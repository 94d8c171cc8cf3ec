/**
 * The streaming texts of all sessions. The agent stores a text only when it is complete, and returns "" until then
 * (1.18.33): the events are the only source. The texts survive a reload.
 */
import { isRecord } from "./storage.js";

/** Maximum total characters of the streaming texts, and of those that survive a reload. */
const maxCharacters = 4_000_000;
const maxKept = 1_000_000;
const storageName = "partials";
/** Marks missed events; the complete text replaces it at the end. */
export const gapMark = "\n\n…\n\n";

interface Partial {
  text: string;
  /** Text may be missing at its end. */
  hasGap: boolean;
}

/** Texts by the id of their part. Pure, except for `keep` and `restore`. */
export class Partials {
  readonly #texts = new Map<string, Partial>();
  #size = 0;

  /** The part starts now: none of its text was missed. */
  begin(id: string): void {
    if (!this.#texts.has(id)) this.#texts.set(id, { text: "", hasGap: false });
  }

  append(id: string, text: string): void {
    const known = this.#texts.get(id) ?? { text: "", hasGap: true };
    const piece = known.hasGap ? gapMark + text : text;
    known.text += piece;
    known.hasGap = false;
    this.#size += piece.length;
    this.#texts.set(id, known);
    for (const oldest of this.#texts.keys()) {
      if (this.#size <= maxCharacters || oldest === id) break;
      this.end(oldest);
    }
  }

  textOf(id: string): string {
    return this.#texts.get(id)?.text ?? "";
  }

  end(id: string): void {
    this.#size -= this.#texts.get(id)?.text.length ?? 0;
    this.#texts.delete(id);
  }

  /** The connection was lost: pieces before the next one may be missing. */
  gap(): void {
    for (const partial of this.#texts.values()) partial.hasGap = true;
  }

  /** Stores the texts for the page after a reload. */
  keep(): void {
    let room = maxKept;
    const kept = [...this.#texts].reverse().flatMap(([id, { text }]) => {
      room -= text.length;
      return room < 0 ? [] : [[id, text]];
    });
    try {
      sessionStorage.setItem(storageName, JSON.stringify(Object.fromEntries(kept)));
    } catch {
      // full or denied: the text appears when it is complete
    }
  }

  restore(): void {
    try {
      const kept: unknown = JSON.parse(sessionStorage.getItem(storageName) ?? "null");
      sessionStorage.removeItem(storageName);
      for (const [id, text] of Object.entries(isRecord(kept) ? kept : {})) {
        if (typeof text !== "string") continue;
        this.#texts.set(id, { text, hasGap: true });
        this.#size += text.length;
      }
    } catch {
      // not readable: treated as not stored
    }
  }
}
