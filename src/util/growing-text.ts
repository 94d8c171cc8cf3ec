/** A text that grows by small pieces and is rarely read as a whole. */

/** Pieces that are held one by one. */
const longestTail = 1_024;

/**
 * The pieces are joined by the thousand: a string that each piece is added to, and a list of all pieces, cost the collector an object for
 * each piece.
 */
export class GrowingText {
  readonly #joined: string[] = [];
  #tail: string[] = [];
  #length = 0;

  constructor(text = "") {
    this.set(text);
  }

  /** In UTF-16 code units. */
  get length(): number {
    return this.#length;
  }

  add(piece: string): void {
    this.#length += piece.length;
    if (this.#tail.push(piece) < longestTail) return;
    this.#joined.push(this.#tail.join(""));
    this.#tail = [];
  }

  /** Replaces the whole. */
  set(text: string): void {
    this.#joined.length = 0;
    this.#tail = text === "" ? [] : [text];
    this.#length = text.length;
  }

  /** The whole. The pieces are joined once. */
  toString(): string {
    if (this.#joined.length > 0 || this.#tail.length > 1) this.set([...this.#joined, ...this.#tail].join(""));
    return this.#tail[0] ?? "";
  }
}
