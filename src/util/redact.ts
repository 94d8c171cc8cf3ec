/** The one place that takes credentials out of text. Works in time linear to the text: what is logged may be hostile. */

// Forms that show by themselves what they are. No repetition may begin within what another start of it has scanned.
const selfEvident: readonly [RegExp, string][] = [
  [/\b(basic|bearer)\s+[\w+/=.~-]{6,}/gi, "$1 [redacted]"],
  [/(\/\/)[^/\s:@]*:[^/\s?#]*@/g, "$1[redacted]@"],
  [/(^|[^\w-]|\\[nrt])eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, "$1[redacted]"], // a JSON Web Token (RFC 7519)
  // The options of programs: `--password x`, `--api-key x`.
  [
    /(?<![\w-])(--?[\w-]{0,24}(?:passw(?:or)?d|passphrase|token|secret|api-?key|access-?key)[ \t]+)(?!-)(?:"[^"]*"|'[^']*'|[^\s;,&}"'\\]+)/gi,
    "$1[redacted]",
  ],
  // After a line break within JSON's quotes the "n" of "\n" stands where a word boundary would be.
  [/(\b|\\[nrt])(?:(?:sk|xai|ghp|gho|ghs|ghu|ghr|xox[abprs])[-_]|github_pat_|AIza)[\w-]{10,}/g, "$1[redacted]"],
];

/**
 * A name that says that a secret follows, and the `=` or `:` after it. Nothing optional before the names: with it, a long
 * word would take time in the square of its length. The short names are too common to mean anything without quotes.
 */
const named =
  /(?:authorization|passw(?:or)?d|passphrase|secret[\w-]{0,24}|credentials?|(?:api|access|private|[_-])key|token|["'](?:key|access|refresh)(?=\\*["']))(?:\\*["'])?\s*[=:]\s*/gi;

const secretName =
  /authorization|passw(?:or)?d|passphrase|secret|credential|(?:api|access|private|[_-])key|token$|^(?:key|access|refresh)$/i;

/** The text without anything that looks like a credential. */
export function redact(text: string): string {
  return redactNamed(
    selfEvident.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text),
  );
}

/**
 * A copy of JSON data with `clean` applied to its names and texts, and without the texts whose names say that they are
 * secret. Objects with a JSON form of their own (a `Date`) are kept.
 */
export function redactData(data: unknown, clean: (text: string) => string = redact, depth = 0): unknown {
  if (typeof data === "string") return clean(data);
  if (typeof data !== "object" || data === null || hasOwnForm(data)) return data;
  if (depth === deepest) return "[too deep]"; // also ends cycles
  if (Array.isArray(data)) return data.map((entry) => redactData(entry, clean, depth + 1));
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => {
      const isSecret = typeof value === "string" && value !== "" && secretName.test(name);
      return [clean(name), isSecret ? "[redacted]" : redactData(value, clean, depth + 1)];
    }),
  );
}

/** A member `toJSON` that is no function is data: parsed JSON may have one. */
function hasOwnForm(data: object): boolean {
  return "toJSON" in data && typeof data.toJSON === "function";
}

/** The secrets in headers whose names say that they hold one: each value, and the pieces of it. */
export function headerSecrets(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers)
    .filter(([name]) => secretName.test(name) || name === "cookie")
    .flatMap(([, value]) => [value, ...value.split(/[\s;,=]+/).filter((piece) => piece.length > "bearer".length)]);
}

/** Shorter secrets are not looked for: they would be found in words, and are none to speak of. */
const shortestSecret = 6;

/**
 * A function that takes these very secrets out of a text, in whatever context they stand: what a server sends back may
 * quote the credentials that it was sent. Also as a URL and as JSON write them, and the beginning of one at the end of a
 * text, which may have been cut there.
 */
export function concealer(secrets: readonly string[]): (text: string) => string {
  const forms = new Set(secrets.filter((secret) => secret.length >= shortestSecret).flatMap(formsOf));
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  return (text) =>
    longestFirst.reduce((result, form) => withoutBeginning(result.replaceAll(form, "[redacted]"), form), text);
}

function formsOf(secret: string): string[] {
  const isWellFormed = !/\p{Surrogate}/u.test(secret); // of anything else there is no form in a URL
  return [secret, JSON.stringify(secret).slice(1, -1), ...(isWellFormed ? [encodeURIComponent(secret)] : [])];
}

function withoutBeginning(text: string, form: string): string {
  const at = text.lastIndexOf(form.slice(0, shortestSecret));
  return at >= 0 && form.startsWith(text.slice(at)) ? `${text.slice(0, at)}[redacted]` : text;
}

const deepest = 20;

function redactNamed(text: string): string {
  let result = "";
  let done = 0;
  for (const match of text.matchAll(named)) {
    if (match.index < done) continue; // within a value that has been taken out
    const start = match.index + match[0].length;
    const end = endOfValue(text, start);
    if (end === start) continue;
    result += `${text.slice(done, start)}[redacted]`;
    done = end;
  }
  return result + text.slice(done);
}

const quote = /(\\*)(["'])/y;
const bare = /(?:(?:basic|bearer)\s+)?[^\s,;&}]+/iy;

/** A value in quotes goes to the quote that ends it, or to the end of the text; any other to the next separator. */
function endOfValue(text: string, start: number): number {
  quote.lastIndex = start;
  const [opening, slashes = "", mark = ""] = quote.exec(text) ?? [];
  if (opening !== undefined) return endOfQuoted(text, start + opening.length, mark, slashes.length);
  bare.lastIndex = start;
  return start + (bare.exec(text)?.[0].length ?? 0);
}

/**
 * Behind the quote that ends the value. Quotes of JSON within JSON have 1, 3, 7 … backslashes before them; quotes that
 * belong to the value have more, in a number that tells them apart.
 */
function endOfQuoted(text: string, from: number, mark: string, level: number): number {
  for (let at = text.indexOf(mark, from); at >= 0; at = text.indexOf(mark, at + 1)) {
    let backslashes = 0;
    while (at - backslashes > from && text[at - backslashes - 1] === "\\") backslashes += 1;
    if (backslashes < level) return at - backslashes; // the quote of the JSON around it: the value was cut
    if (((backslashes - level) / (level + 1)) % 2 < 1) return at + 1;
  }
  return text.length;
}
