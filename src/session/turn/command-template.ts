/**
 * What a command's arguments do to its template. The server puts them in and expands the whole text afterwards (1.18.33): what
 * looks like `` !`line` `` is run by a shell, unasked, and `@name` is read as a file or called as an agent, whoever wrote it. Here
 * it is found out beforehand. Pure.
 */

/** A piece of the text; `isForeign`: it comes from the arguments. */
interface Piece {
  readonly text: string;
  readonly isForeign: boolean;
}

/** How the arguments reach the model as they are. */
export type Delivery =
  /** The server can be given this in their place. */
  | { readonly by: "server"; readonly args: string }
  /** The server would expand them; this is the whole text, and nothing of it is to be expanded. */
  | { readonly by: "prompt"; readonly text: string }
  /** Neither: the template needs the server's expansion. `found` is what would be expanded with it. */
  | { readonly by: "nothing"; readonly found: string };

/** What the server runs, and what it reads as a name. */
const shellLine = /!`([^`]+)`/g;
const mention = /(?<![\w`])@(\.?[^\s`,.]*(?:\.[^\s`,.]+)*)/g;
const whole = "$ARGUMENTS";
const position = /\$(\d+)/g;

/**
 * Decides how `args` are given to a command with this template. `isSubtask`: a sub-agent gets the text, and the server looks for
 * names in it once more.
 */
export function deliver(template: string, args: string, isSubtask: boolean): Delivery {
  // A replacement text of JavaScript's: "$&" would be what it replaces.
  const given = template.includes(whole) ? args.replaceAll("$", "$$$$") : args;
  const theirs = filled(template, given, serverWords(given), args);
  const exact = filled(template, args, ownWords(args), args);
  const found = expansion(theirs);
  const isRight = found === undefined && serverText(template, given) === textOf(theirs);
  if (isRight && textOf(theirs) === textOf(exact)) return { by: "server", args: given };
  const inExact = isSubtask ? touched(exact, mention) : undefined;
  if (inExact === undefined && !isExpanded(template)) return { by: "prompt", text: textOf(exact) };
  // Split into words by the server: quotes and line breaks between them are lost, nothing is expanded.
  if (isRight && lettersOf(theirs) === lettersOf(exact)) return { by: "server", args: given };
  return { by: "nothing", found: inExact ?? found ?? "$" };
}

/** The template with the arguments as they are, for a server that does not fill it in; `shellLine`: one of the template's own. */
export function filledIn(
  template: string,
  args: string,
): { readonly text: string; readonly shellLine: string | undefined } {
  const [line] = matches(template, shellLine);
  return { text: textOf(filled(template, args, ownWords(args), args)), shellLine: line?.text };
}

/** Would the server expand something of the template itself? */
function isExpanded(template: string): boolean {
  return [...matches(template, shellLine), ...matches(template, mention)].length > 0;
}

/** What of the arguments the server would expand. A plain word in a line of the template's own is what that line is for. */
function expansion(pieces: readonly Piece[]): string | undefined {
  return touched(pieces, shellLine, isPlainUse) ?? touched(pieces, mention);
}

/** The first match that has something of the arguments in it, or beside it. */
function touched(
  pieces: readonly Piece[],
  pattern: RegExp,
  isFine: (pieces: readonly Piece[]) => boolean = () => false,
): string | undefined {
  for (const { start, end, text } of matches(pieces.map((piece) => piece.text).join(""), pattern)) {
    const inside = cut(pieces, start, end);
    // Beside a line that is run stands its output afterwards, which may end with "@".
    const beside = pattern === shellLine ? cut(pieces, end, end + 1) : [];
    if (inside.some(({ isForeign }) => isForeign) ? !isFine(inside) : beside.some(isAt)) return text;
  }
  return undefined;
}

/** Could this be the rest of a name whose "@" is somebody else's? */
function isAt({ text, isForeign }: Piece): boolean {
  return isForeign && !/^\s/.test(text);
}

function* matches(text: string, pattern: RegExp): Generator<{ start: number; end: number; text: string }> {
  for (const match of text.matchAll(pattern)) {
    if (match[1] !== "") yield { start: match.index, end: match.index + match[0].length, text: match[0] };
  }
}

function cut(pieces: readonly Piece[], start: number, end: number): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const { text, isForeign } of pieces) {
    const part = text.slice(Math.max(0, start - at), Math.max(0, end - at));
    if (part !== "") found.push({ text: part, isForeign });
    at += text.length;
  }
  return found;
}

/**
 * Are the arguments words in a line of the template's, with nothing that a shell or an option parser makes more of, and not in the
 * place of a program's name?
 */
function isPlainUse(line: readonly Piece[]): boolean {
  let before = "";
  for (const { text, isForeign } of line) {
    const isWords = /^[\p{L}\p{N}_.][\p{L}\p{N}_./:-]*(?: [\p{L}\p{N}_.][\p{L}\p{N}_./:-]*)*$/u.test(text);
    if (isForeign && !(isWords && isAfterProgram(before))) return false;
    before += text;
  }
  return before.startsWith("!`") && before.endsWith("`") && line[0]?.isForeign === false && !line.at(-1)?.isForeign;
}

function isAfterProgram(before: string): boolean {
  const line = before.slice(2); // what follows "!`"
  return /\S/.test(line) && !/[;&|({`$\\\n=<>]\s*$/.test(line);
}

/** The template with the arguments in it. `shown` stands where all of them stand. */
function filled(template: string, args: string, words: Words, shown: string): Piece[] {
  const pieces: Piece[] = [];
  const numbers = [...template.matchAll(position)].map((match) => Number(match[1]));
  const last = Math.max(0, ...numbers);
  let from = 0;
  for (const match of template.matchAll(/\$(?:(\d+)|ARGUMENTS)/g)) {
    pieces.push({ text: template.slice(from, match.index), isForeign: false });
    const number = match[1] === undefined ? undefined : Number(match[1]);
    const text = number === undefined ? shown : number === last ? words.from(number - 1) : words.at(number - 1);
    pieces.push({ text, isForeign: true });
    from = match.index + match[0].length;
  }
  pieces.push({ text: template.slice(from), isForeign: false });
  if (from === 0 && args.trim() !== "") {
    // no place for them
    pieces.push({ text: "\n\n", isForeign: false }, { text: args, isForeign: true });
  }
  return pieces.filter(({ text }) => text !== "");
}

function textOf(pieces: readonly Piece[]): string {
  return pieces
    .map(({ text }) => text)
    .join("")
    .trim();
}

function lettersOf(pieces: readonly Piece[]): string {
  return textOf(pieces).replaceAll(/["'\s]/g, "");
}

/** The arguments as words: for `$1`, `$2` …, of which the last is given the rest. */
interface Words {
  at(index: number): string;
  from(index: number): string;
}

/** As the server splits them: quotes are lost, also those within a word, and the rest is joined by spaces. */
function serverWords(args: string): Words {
  const words = (args.match(/(?:\[Image\s+\d+\]|"[^"]*"|'[^']*'|[^\s"']+)/gi) ?? []).map((word) =>
    word.replace(/^["']|["']$/g, ""),
  );
  return { at: (index) => words[index] ?? "", from: (index) => words.slice(Math.max(0, index)).join(" ") };
}

/** Words at white space, or between quotes; the rest as it is. */
function ownWords(args: string): Words {
  const words = [...args.matchAll(/"[^"]*"(?!\S)|'[^']*'(?!\S)|\S+/g)];
  const at = (index: number): string => (words[index]?.[0] ?? "").replace(/^(["'])(.*)\1$/s, "$2");
  const rest = (index: number): string => args.slice(words[index]?.index ?? args.length).trim();
  return { at, from: (index) => (index === words.length - 1 ? at(index) : rest(index)) };
}

/** What the server makes of them before it looks for lines and names. */
function serverText(template: string, args: string): string {
  const words = serverWords(args);
  const numbers = [...template.matchAll(position)].map((match) => Number(match[1]));
  const last = Math.max(0, ...numbers);
  const positioned = template.replaceAll(position, (_match, digits: string) =>
    Number(digits) === last ? words.from(last - 1) : words.at(Number(digits) - 1),
  );
  const text = positioned.replaceAll(whole, args);
  const isAppended = numbers.length === 0 && !template.includes(whole) && args.trim() !== "";
  return (isAppended ? `${text}\n\n${args}` : text).trim();
}
