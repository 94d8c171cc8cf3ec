/** Cutting text without cutting a character in half. */

/** At most `length` UTF-16 units of the text, and not the first half of a pair: with what follows it would be another character. */
export function cut(text: string, length: number): string {
  const end = text.charCodeAt(length - 1);
  const isHalf = text.length > length && end >= 0xd800 && end <= 0xdbff;
  return text.slice(0, isHalf ? length - 1 : length);
}
