/**
 * Ids in the server's format: prefix, 12 hex digits of (milliseconds · 4096 + counter, low 48 bits), 14 characters of
 * base 62. Ascending within a process, so that the server's paging cursors keep their order.
 */

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
let lastTime = 0;
let counter = 0;

/** A new id, for example `msg_1a2b3c4d5e6fAbCdEfGhIjKlMn`. */
export function mintId(prefix: "msg" | "prt"): string {
  const now = Date.now();
  if (now > lastTime) {
    lastTime = now;
    counter = 0;
  } else {
    counter += 1; // also when the clock goes back: the order must hold
  }
  const time = (BigInt(lastTime) * 4096n + BigInt(counter)) & 0xffff_ffff_ffffn;
  return `${prefix}_${time.toString(16).padStart(12, "0")}${randomText(14)}`;
}

/** Part ids that follow from the message's id, so that a repeated prompt carries the same ones. */
export function partId(messageId: string, index: number): string {
  return `prt_${messageId.replace(/^msg_?/, "")}${index.toString().padStart(3, "0")}`;
}

/** Random characters of base 62: 5.95 bits each. */
export function randomText(length: number): string {
  let text = "";
  // Bytes of 248 and above would favour the alphabet's first characters.
  while (text.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length * 2))) {
      if (byte < 248 && text.length < length) text += alphabet[byte % 62];
    }
  }
  return text;
}
