/** Text that is hard to carry: characters of several bytes, pairs, joined and combining ones, and what looks like a protocol. */
import type { Random } from "./random.js";

const alphabets: readonly (readonly string[])[] = [
  ["the ", "agent ", "answers ", "slowly, ", "piece ", "by ", "piece. ", "0123456789 ", "- ", "# "],
  ["日本語", "中文字符", "한국어", "、", "。", "漢字 ", "ﾊﾝｶｸ"],
  ["😀", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "👍🏽", "🫠 ", "𝒳", "𐍈"],
  ["é", "ñ", "a̐", "ö̲", "क्षि ", "ก็", "Z͑ͫ̓ͪ̂ͫ̽͏̴"],
  ["שלום ", "مرحبا ", "\u200f", "\u200b", "\ufeff", "\u2028", "\u00a0"],
  ['"', "\\", "\\n", "{}", '{"type":"x"}', "data: x\n\n", "\n", "\t", "\r\n", "event: y\n", "</html>", "%41", "\u0001"],
];

/** Text of about so many bytes of UTF-8. It neither begins nor ends with white space. */
export function hardText(random: Random, bytes: number): string {
  let text = "";
  let length = 0;
  while (length < bytes) {
    // A run of one alphabet, as real text has it.
    const alphabet = random.pick(alphabets);
    for (let left = random.int(1, 12); left > 0 && length < bytes; left -= 1) {
      const item = random.pick(alphabet);
      text += item;
      length += Buffer.byteLength(item);
    }
  }
  return `‹${text}›`;
}

/** The text in so many pieces, cut between any two code points: also inside of what a reader sees as one character. */
export function piecesOf(random: Random, text: string, count: number): string[] {
  const points = [...text];
  const cuts = Array.from({ length: Math.max(0, count - 1) }, () => random.int(1, points.length - 1));
  const places = [0, ...[...new Set(cuts)].sort((a, b) => a - b), points.length];
  return places.slice(1).map((end, index) => points.slice(places[index], end).join(""));
}
