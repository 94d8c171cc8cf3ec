/** The prompts that were put into a run: their order, and which of them a step has answered. No I/O, no clock. */
import type { Part } from "../../types/answer.js";
import { recordProperty } from "../../util/json.js";

/** Under this name the mark of a steer stands in the metadata of its first text, for clients that did not send it. */
const markName = "opencode-ts:steer";

/** The mark. */
export const steerMark: Readonly<Record<string, unknown>> = { [markName]: {} };

/** The part is a steer's. A server that keeps no metadata of parts shows none. */
export function isSteerPart(part: Part): boolean {
  return part.type === "text" && recordProperty(part.metadata, markName) !== undefined;
}

/** The steers of one turn. */
export class SteerPlaces {
  /** In order of their sending; the value says whether they are this client's. */
  readonly #ids = new Map<string, boolean>();
  /** Prompts that a step answers. */
  readonly #answered = new Set<string>();

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Another client of this library has steered the run. */
  get hasOthers(): boolean {
    return [...this.#ids.values()].includes(false);
  }

  add(id: string, isOwn: boolean): void {
    this.#ids.set(id, isOwn);
  }

  /** There is a step that answers the prompt. */
  answered(promptId: string): void {
    this.#answered.add(promptId);
  }

  /** A step answers the steer, or a prompt that came after it. */
  isAnswered(id: string, isAfter: (other: string) => boolean): boolean {
    return this.#answered.has(id) || [...this.#answered].some(isAfter);
  }

  /** The last of ours that is among `stored`. */
  newestOf(stored: ReadonlySet<string>): string | undefined {
    return [...this.#ids].findLast(([id, isOwn]) => isOwn && stored.has(id))?.[0];
  }

  /** Positive if `id` was sent after `other`; `undefined` if they are not both ours. */
  compare(id: string, other: string): number | undefined {
    if (this.#ids.get(id) !== true || this.#ids.get(other) !== true) return undefined;
    const order = [...this.#ids.keys()];
    return order.indexOf(id) - order.indexOf(other);
  }
}
