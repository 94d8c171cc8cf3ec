/** Creates ids for prompts, so that the page can join the same prompt after a reload. */

const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
let last = 0;

/** In the server's format, which sorts by time: `msg_`, 12 hexadecimal digits of the time, 14 random letters (1.18.33). */
export function mintMessageId(now: number = Date.now()): string {
  last = Math.max(last + 1, now * 4096);
  const time = (BigInt(last) & 0xffff_ffff_ffffn).toString(16).padStart(12, "0");
  const random = [...crypto.getRandomValues(new Uint8Array(14))].map((byte) => letters[byte % letters.length]);
  return `msg_${time}${random.join("")}`;
}
