/**
 * Ids in the server's format: prefix, 12 hex digits of (milliseconds · 4096 + counter, low 48 bits), 14 characters of
 * base 62. Ascending within a process, so that the server's paging cursors keep their order.
 */

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
let lastTime = 0;
let counter = 0;

/** A new id, for example `msg_1a2b3c4d5e6fAbCdEfGhIjKlMn`. */
export function mintId(prefix: "msg" | "prt"): string {
  return `${prefix}_${timeDigitsOf(nextTime())}${randomText(14)}`;
}

/** A new id of a session. Descending, as the server's own: a list by ids begins with the newest. */
export function mintSessionId(): string {
  return `ses_${timeDigitsOf(~nextTime())}${randomText(14)}`;
}

/**
 * Makes new ids that are older than `before` (ms since 1970), each newer than the last: for messages of another server, in front of
 * which no new one may come.
 */
export function olderIds(before: number): (prefix: "msg" | "prt") => string {
  let time = BigInt(before - olderBy) * 4096n;
  return (prefix) => {
    time += 1n;
    return `${prefix}_${timeDigitsOf(time)}${randomText(14)}`;
  };
}

/** In ms: for clocks that differ, and for as many ids as 4096 times that. */
const olderBy = 86_400_000;

function timeDigitsOf(time: bigint): string {
  return (time & 0xffff_ffff_ffffn).toString(16).padStart(12, "0");
}

/** Milliseconds · 4096 + counter. */
function nextTime(): bigint {
  const now = Date.now();
  if (now > lastTime) {
    lastTime = now;
    counter = 0;
  } else {
    counter += 1; // also when the clock goes back: the order must hold
  }
  return BigInt(lastTime) * 4096n + BigInt(counter);
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

/** The digits of the time: 48 bits of ms · 4096, which begin again every 795 days (last on 2026-08-14). */
const timeDigits = /^[a-z]+_([0-9a-f]{12})/;
const wrap = 2 ** 48;

/**
 * Which of two ids of one kind was made first: negative for `a`, positive for `b`. The counter in them begins again, so
 * that they are compared as serial numbers are (RFC 1982): right for ids that were made within 397 days of each other.
 * Other forms of ids are compared as text.
 */
export function compareIds(a: string, b: string): number {
  const one = timeDigits.exec(a)?.[1];
  const other = timeDigits.exec(b)?.[1];
  if (one === undefined || other === undefined || one === other) return a < b ? -1 : a > b ? 1 : 0;
  const ahead = (Number.parseInt(other, 16) - Number.parseInt(one, 16) + wrap) % wrap;
  return ahead < wrap / 2 ? -1 : 1;
}
