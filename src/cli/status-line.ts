/**
 * A sign of life where the cursor stands, as long as nothing else is written: what goes on, and for how long. It is written
 * behind the text of an open line and taken away before anything else comes.
 */

/** Until the first sign, in ms: what is fast needs none. */
const firstSign = 400;
/** Between two, in ms. */
const pace = 250;
const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** Saves the cursor and lets a long line be cut, and back. */
const [begin, end] = ["\u001b7\u001b[?7l", "\u001b[K\u001b[?7h\u001b8"];
const toEndOfLine = "\u001b[K";

/** What is shown; `undefined` for nothing at the moment. */
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

  /** `canDraw`: nothing else has the terminal, and there is room behind the cursor. */
  constructor(write: (text: string) => void, canDraw: () => boolean) {
    this.#write = write;
    this.#canDraw = canDraw;
  }

  /** Shows it while `work` goes on. Inside of another one the inner text is shown. */
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

  /** To be called before anything else is written. */
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
