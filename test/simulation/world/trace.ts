/** What happened in a simulated world, line by line: for a person to read, and for comparing two runs byte by byte. */
import { createHash } from "node:crypto";
import type { VirtualClock } from "./clock.js";

const idPattern = /\b(ses|msg|prt|per|que|call|evt|err)_[A-Za-z0-9]+(?:-[a-z0-9]+)?/g;

/** The time line of one run. */
export class Trace {
  readonly #clock: VirtualClock;
  readonly #lines: string[] = [];
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** One line: who, and what it did. */
  add(who: string, what: string): void {
    this.#lines.push(`${this.#clock.now.toFixed(3)} ${who} ${what}`);
  }

  /** Everything until now; ids are told apart by short names. */
  get lines(): string[] {
    return this.#lines.map((line) => this.named(line));
  }

  /** With ids as short names: `ses_1`, in the order in which they appear. */
  named(text: string): string {
    return text.replace(idPattern, (id, kind: string) => {
      const known = this.#names.get(id);
      if (known !== undefined) return known;
      const count = (this.#counts.get(kind) ?? 0) + 1;
      this.#counts.set(kind, count);
      const name = `${kind}${count}`;
      this.#names.set(id, name);
      return name;
    });
  }

  /** Of everything until now, ids as they are. */
  get hash(): string {
    return createHash("sha256").update(this.#lines.join("\n")).digest("hex").slice(0, 16);
  }
}

/** The time line as a person reads it: seconds, and who did it in columns. */
export function printed(lines: readonly string[]): string {
  return lines
    .map((line) => {
      const [at = "", who = "", ...rest] = line.split(" ");
      return `${(Number(at) / 1_000).toFixed(3).padStart(10)} s  ${who.padEnd(10)} ${rest.join(" ")}`;
    })
    .join("\n");
}
