/**
 * The texts that are being written, of all sessions. The agent stores a text only when it is whole, and a read gives it as
 * "" until then (1.18.33): what has come as events is all that there is. It is kept over a reload.
 */
import { isRecord } from "./storage.js";

/** Characters of all running texts together, and how many of them survive a reload. */
const maxCharacters = 4_000_000;
const maxKept = 1_000_000;
const storageName = "partials";
/** Stands where events were missed; the whole text replaces it in the end. */
export const gapMark = "\n\n…\n\n";

interface Partial {
  text: string;
  /** Something may be missing at its end. */
  hasGap: boolean;
}

/** Texts by the id of their part. Pure, but for `keep` and `restore`. */
export class Partials {
  readonly #texts = new Map<string, Partial>();
  #size = 0;

  /** The part begins now: nothing of it was missed. */
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

  /** The connection was lost: the next piece of a text may not be the one that follows. */
  gap(): void {
    for (const partial of this.#texts.values()) partial.hasGap = true;
  }

  /** Keeps the texts for the page that this one becomes by a reload. */
  keep(): void {
    let room = maxKept;
    const kept = [...this.#texts].reverse().flatMap(([id, { text }]) => {
      room -= text.length;
      return room < 0 ? [] : [[id, text]];
    });
    try {
      sessionStorage.setItem(storageName, JSON.stringify(Object.fromEntries(kept)));
    } catch {
      // full or forbidden: the text comes when it is whole
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
      // not readable: as if nothing had been kept
    }
  }
}
