/** Ids of the server: a prefix, and digits that ascend. */
import { randomText } from "../../../src/util/ids.js";

let last = 0;

/** A new id, for example `newId("msg")`. Later ids sort behind earlier ones. */
export function newId(prefix: "ses" | "msg" | "evt" | "per" | "frm" | "sh"): string {
  last = Math.max(Date.now() * 4096, last + 1);
  return `${prefix}_${(BigInt(last) & 0xffff_ffff_ffffn).toString(16).padStart(12, "0")}${randomText(14)}`;
}
