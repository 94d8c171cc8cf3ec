/** The JSON value in what a model wrote, in time linear in its length, whatever it is. */

/** Pieces that are tried before a text counts as one without JSON. */
const maxTries = 50;

/**
 * The whole text; otherwise the last fenced block that is JSON; otherwise the last object in the text, or, without one,
 * the last array (footnotes look like arrays). `undefined` when there is none.
 */
export function findJson(text: string): unknown {
  let tries = 0;
  for (const candidate of candidates(text)) {
    const found = parse(candidate);
    if (found !== undefined) return found;
    tries += 1;
    if (tries >= maxTries) break;
  }
  return undefined;
}

function* candidates(text: string): Generator<string> {
  yield text;
  yield* fencedBlocks(text).reverse();
  const spans = bracketSpans(text).reverse();
  for (const opener of "{[") {
    for (const { start, end } of spans) if (text[start] === opener) yield text.slice(start, end);
  }
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
