/** The JSON value in what a model wrote, in time linear in its length, whatever it is. */

/** Pieces that are tried: a failed try costs time, whatever its length. */
const maxTries = 5_000;

/**
 * The values that may be the answer, the likeliest first: the whole text; fenced blocks from the last on; objects from the last
 * on, since a draft comes before the answer; arrays from the first on, since footnotes look like arrays and come after it.
 */
export function* jsonIn(text: string): Generator<unknown, void> {
  let tries = 0;
  for (const candidate of candidates(text)) {
    const found = parse(candidate);
    if (found !== undefined) yield found;
    tries += 1;
    if (tries >= maxTries) return;
  }
}

/** The likeliest; `undefined` when there is none. */
export function findJson(text: string): unknown {
  for (const found of jsonIn(text)) return found;
  return undefined;
}

function* candidates(text: string): Generator<string> {
  yield text;
  yield* fencedBlocks(text).reverse();
  const spans = bracketSpans(text);
  for (const { start, end } of spans.toReversed()) if (text[start] === "{") yield text.slice(start, end);
  for (const { start, end } of spans) if (text[start] === "[") yield text.slice(start, end);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not this one
  }
}

/** What is between lines that begin with a fence, where the first names JSON or no language. */
function fencedBlocks(text: string): string[] {
  const blocks: string[] = [];
  let open: { readonly start: number; readonly isJson: boolean } | undefined;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    const line = text.slice(start, end).trim();
    if (line.startsWith("```")) {
      const language = line.slice(3).trim();
      if (open?.isJson === true) blocks.push(text.slice(open.start, start));
      // With a language it can only be a beginning: the block before it was not closed.
      const begins = open === undefined || language !== "";
      open = begins ? { start: end, isJson: /^(json.*)?$/i.test(language) } : undefined;
    }
    start = end + 1;
  }
  return blocks;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The outermost pairs of brackets, in order. A bracket without a partner is as good as any other character. */
function bracketSpans(text: string): Span[] {
  const spans: Span[] = [];
  const open: number[] = [];
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (inString) {
      if (character === "\\") index += 1;
      // A string of JSON has no line break: this quote was none of JSON.
      else if (character === '"' || character === "\n") inString = false;
    } else if (character === '"') inString = open.length > 0;
    else if (character === "{" || character === "[") open.push(index);
    else if (character === "}" || character === "]") close(text, { open, spans, index });
  }
  return spans;
}

function close(text: string, { open, spans, index }: { open: number[]; spans: Span[]; index: number }): void {
  const start = open.at(-1);
  if (start === undefined || text[start] !== (text[index] === "}" ? "{" : "[")) return;
  open.pop();
  while ((spans.at(-1)?.start ?? -1) > start) spans.pop(); // they are inside
  spans.push({ start, end: index + 1 });
}
