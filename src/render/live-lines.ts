/** The output of a running command as lines: none for a quick command, and of a burst the last. Pure. */

/** A command that writes for longer than this (ms) has its output shown. */
const patience = 1_000;
/** Lines of one burst. */
const mostLines = 40;
/** Characters that are held of a line without an end. */
const longestLine = 10_000;

/** Of one call. */
export class LiveLines {
  /** When the first piece came, in ms. */
  #started: number | undefined;
  #lines: string[] = [];
  #open = "";
  #left = 0;
  #isShown = false;

  /** The output is shown. */
  get isShown(): boolean {
    return this.#isShown;
  }

  /** Takes a piece in at the time `now`, in ms; returns the lines to show. */
  add(text: string, now: number): string[] {
    const [first = "", ...others] = text.split("\n");
    const last = others.pop();
    if (last === undefined) this.#open = (this.#open + first).slice(-longestLine);
    else {
      this.#keep([this.#open + first, ...others]);
      this.#open = last.slice(-longestLine);
    }
    this.#started ??= now;
    if (now - this.#started >= patience) this.#isShown = true;
    return this.#isShown ? this.#shown() : [];
  }

  /** The command has ended: the rest of its output, if it was shown before. */
  end(): string[] {
    if (!this.#isShown) return [];
    if (this.#open !== "") this.#keep([this.#open]);
    this.#open = "";
    return this.#shown();
  }

  #keep(lines: readonly string[]): void {
    const all = [...this.#lines, ...lines];
    this.#left += Math.max(0, all.length - mostLines);
    this.#lines = all.slice(-mostLines);
  }

  #shown(): string[] {
    const lines = this.#left === 0 ? this.#lines : [`… ${this.#left} more lines`, ...this.#lines];
    this.#lines = [];
    this.#left = 0;
    return lines;
  }
}
