/** Short texts that stand for long ones. */

const seeds = [0x811c9dc5, 0x2545f491] as const;
const factors = [0x01000193, 0x5bd1e995] as const;

/** A text of a few characters: equal for equal texts, and for different ones by rare chance only. It is no protection against an attack. */
export function fingerprint(text: string): string {
  let [a, b]: readonly [number, number] = seeds;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, factors[0]);
    b = Math.imul(b ^ (code + at), factors[1]);
    b ^= b >>> 15; // the high bits of a product know the most of it
  }
  return [text.length, a >>> 0, b >>> 0].map((number) => number.toString(36)).join("-");
}
