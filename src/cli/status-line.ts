/**
 * A status line at the cursor while nothing else is written: the activity and the elapsed time. It is drawn behind the text
 * of an open line, and erased before any other output.
 */

/** Delay before the first status, in ms: fast work needs none. */
const firstSign = 400;
/** Time between two frames, in ms. */
const pace = 250;
const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** Saves the cursor and turns line wrapping off; and the reverse. */
const [begin, end] = ["\u001b7\u001b[?7l", "\u001b[K\u001b[?7h\u001b8"];
const toEndOfLine = "\u001b[K";

/** The current text; `undefined` for none. */
export type StatusText = () => string | undefined;

/** The status line of one terminal. */
export class StatusLine {
  readonly #write: (text: string) => void;
  readonly #canDraw: () => boolean;
  #text: StatusText | undefined;
  #since = 0;
  #quietSince = 0;
  #frame = 0;
  #isDrawn = false;

  /** `canDraw`: no prompt uses the terminal, and there is room behind the cursor. */
  constructor(write: (text: string) => void, canDraw: () => boolean) {
    this.#write = write;
    this.#canDraw = canDraw;
  }

  /** Shows the status while `work` runs. Of nested calls the inner text is shown. */
  async during<T>(text: StatusText, work: () => Promise<T>): Promise<T> {
    const [outer, since] = [this.#text, this.#since];
    this.#text = text;
    this.#since = Date.now();
    this.#quietSince = this.#since;
    const timer = outer === undefined ? setInterval(() => this.#draw(), pace) : undefined;
    timer?.unref();
    try {
      return await work();
    } finally {
      clearInterval(timer);
      this.erase();
      this.#text = outer;
      this.#since = since;
    }
  }

  /** Call before any other output. */
  erase(): void {
    this.#quietSince = Date.now();
    if (!this.#isDrawn) return;
    this.#isDrawn = false;
    this.#write(toEndOfLine);
  }

  #draw(): void {
    const now = Date.now();
    const text = this.#text?.();
    if (text === undefined || !this.#canDraw() || now - this.#quietSince < firstSign) return;
    this.#frame = (this.#frame + 1) % frames.length;
    this.#isDrawn = true;
    const seconds = Math.round((now - this.#since) / 1_000);
    this.#write(`${begin}${frames[this.#frame]} ${text.replace("%s", `${seconds} s`)}${end}`);
  }
}
