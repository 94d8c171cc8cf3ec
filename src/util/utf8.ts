/** UTF-8 in pieces, where a mistake must be noticed without ending everything. */

const nothing: Uint8Array = new Uint8Array(0);

/**
 * Bytes to text, piece by piece. A line with bytes that are no UTF-8 gets NUL characters in their place: no JSON may
 * contain one, so that what is in this line is then found to be broken, instead of to be something else. (U+FFFD, which a
 * `TextDecoder` puts there, may as well have been sent.) A byte order mark at the beginning is left out.
 */
export function createDecoder(): (bytes: Uint8Array) => string {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let begun = nothing;
  let isFirst = true;
  return (bytes) => {
    const all = begun.length === 0 ? bytes : concatenated(begun, bytes);
    const end = endOfWhole(all);
    const isWhole = end === all.length;
    begun = isWhole ? nothing : all.slice(end);
    const whole = isWhole ? all : all.subarray(0, end);
    let text = decoder.decode(whole);
    if (isBroken(text, whole)) text = linesOf(whole).map(marked).join("");
    if (isFirst && text !== "") {
      isFirst = false;
      return text.startsWith("\ufeff") ? text.slice(1) : text;
    }
    return text;
  };
  function marked(line: Uint8Array): string {
    const text = decoder.decode(line);
    return isBroken(text, line) ? text.replaceAll("\ufffd", "\0") : text;
  }
}

/** Where the last character begins, if the bytes end within it; otherwise the end. */
function endOfWhole(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue; // not the first of its character
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** U+FFFD is in the text more often than EF BF BD is in the bytes, which decode to it wherever they stand. */
function isBroken(text: string, bytes: Uint8Array): boolean {
  let shown = 0;
  for (let at = text.indexOf("\ufffd"); at >= 0; at = text.indexOf("\ufffd", at + 1)) shown += 1;
  if (shown === 0) return false;
  for (let at = bytes.indexOf(0xef); at >= 0; at = bytes.indexOf(0xef, at + 1)) {
    if (bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd) shown -= 1;
  }
  return shown > 0;
}

/** Each with the LF or CR that ends it: those bytes are part of no other character. */
function linesOf(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (const [at, byte] of bytes.entries()) {
    if (byte !== 0x0a && byte !== 0x0d) continue;
    lines.push(bytes.subarray(start, at + 1));
    start = at + 1;
  }
  return [...lines, bytes.subarray(start)];
}

function concatenated(a: Uint8Array, b: Uint8Array): Uint8Array {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
