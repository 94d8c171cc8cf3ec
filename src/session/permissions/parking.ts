/**
 * The requests of a turn that wait in a store. When nobody decides in time the turn is to end, and its run to wait. Other calls of the
 * same step ask within moments: before the turn ends they are in the store, too.
 */
import { delay } from "../../util/delay.js";

/** Within this time of quiet (ms) no other request has come. */
const quiet = 150;
/** Requests that are not in the store by then (ms) are stored after the turn has ended. */
const longestQuiet = 3_000;

/** The parts of a turn that parking works with. */
export interface ParkingParts {
  /** Ends the turn. */
  readonly park: (error: Error) => void;
  /** Takes the open requests that have not been heard of. */
  readonly takeOpen: () => Promise<void>;
  /** The model is still writing a call of the step, which may ask, too. */
  readonly isCalling: () => boolean;
  /** Aborts when the turn is over. */
  readonly signal: AbortSignal;
}

/** The parked requests of one turn. */
export class Parking {
  readonly #parts: ParkingParts;
  /** Requests that are being decided. */
  readonly #deciding = new Set<string>();
  /** Those that wait in the store for longer than the turn does. */
  readonly #parked = new Map<string, Error>();
  #isSettling = false;

  constructor(parts: ParkingParts) {
    this.#parts = parts;
  }

  /** The request is being decided. */
  begin(id: string): void {
    this.#deciding.add(id);
  }

  /** The request is decided, or needs no decision. */
  end(id: string): void {
    this.#deciding.delete(id);
    this.#parked.delete(id);
  }

  /** Nobody has decided about the request in time. Ends the turn when the others are stored. */
  park(id: string, error: Error): void {
    if (this.#deciding.has(id)) this.#parked.set(id, error);
    if (this.#isSettling) return;
    this.#isSettling = true;
    void this.#settle().finally(() => {
      this.#isSettling = false;
    });
  }

  async #settle(): Promise<void> {
    const { takeOpen, isCalling, park, signal } = this.#parts;
    try {
      for (let waited = 0; waited < longestQuiet; waited += quiet) {
        const before = this.#deciding.size;
        await delay(quiet, signal);
        await takeOpen();
        const isQuiet = this.#deciding.size === before && !isCalling();
        if (isQuiet && this.#parked.size === this.#deciding.size) break;
      }
      const [error] = this.#parked.values();
      if (error !== undefined) park(error);
    } catch {
      // The turn is over.
    }
  }
}
