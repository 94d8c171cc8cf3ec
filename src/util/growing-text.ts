/** A text that grows by small pieces and is rarely read as a whole. */

/** The pieces are kept in a list: a string that each piece is added to costs the collector an object for each of them. */
export class GrowingText {
  #pieces: string[];
  #length: number;

  constructor(text = "") {
    this.#pieces = [text];
    this.#length = text.length;
  }

  /** In UTF-16 code units. */
  get length(): number {
    return this.#length;
  }

  add(piece: string): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  /** Replaces the whole. */
  set(text: string): void {
    this.#pieces = [text];
    this.#length = text.length;
  }

  /** The whole. The pieces are joined once. */
  toString(): string {
    if (this.#pieces.length > 1) this.#pieces = [this.#pieces.join("")];
    return this.#pieces[0] ?? "";
  }
}
