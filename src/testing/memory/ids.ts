/** Ids in the server's format, in ascending order for one agent. */
import { randomText } from "../../util/ids.js";

const mask = 0xffff_ffff_ffffn;

/** The ids of one agent. */
export class Ids {
  #last = 0;
  #counter = 0;

  /** `PREFIX_`, 12 hex digits of time and counter, 14 random characters. Session ids descend, as the server's do. */
  next(prefix: "msg" | "prt" | "ses" | "per" | "que" | "evt" | "err"): string {
    const now = Date.now();
    if (now > this.#last) {
      this.#last = now;
      this.#counter = 0;
    }
    this.#counter += 1;
    const time = (BigInt(this.#last) * 4096n + BigInt(this.#counter)) & mask;
    const shown = prefix === "ses" ? ~time & mask : time;
    return `${prefix}_${shown.toString(16).padStart(12, "0")}${randomText(14)}`;
  }
}
