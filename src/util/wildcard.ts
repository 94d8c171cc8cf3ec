/** The server's wildcards, in bounded time. */

/**
 * True when `pattern` covers the whole text: `*` stands for any characters, line breaks and `/` included, `?` for one. A
 * pattern that ends with `" *"` also covers the text without it: `git log *` covers `git log` (observed on 1.18.33). Case
 * counts. Time is at most the product of the two lengths; no backtracking beyond the last `*`.
 */
export function matchesWildcard(text: string, pattern: string): boolean {
  return covers(text, pattern) || (pattern.endsWith(" *") && covers(text, pattern.slice(0, -2)));
}

function covers(text: string, pattern: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    const wanted = pattern[inPattern];
    if (wanted === "*") {
      star = inPattern;
      resume = at;
      inPattern += 1;
    } else if (wanted !== undefined && (wanted === "?" || wanted === text[at])) {
      at += 1;
      inPattern += 1;
    } else if (star >= 0) {
      resume += 1;
      at = resume;
      inPattern = star + 1;
    } else return false;
  }
  while (pattern[inPattern] === "*") inPattern += 1;
  return inPattern === pattern.length;
}

export function hasWildcard(pattern: string): boolean {
  return /[*?]/.test(pattern);
}
