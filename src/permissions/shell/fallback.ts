/**
 * The commands of a line with loops, here-documents and other things that are not taken apart for what allows. For rules that
 * deny it is enough to know which commands there are: what stands around them does not matter.
 */
import type { Command, ParsedScript, SyntaxNode, Word } from "unbash";
import type { Parser } from "./parser.js";
import type { ShellWord } from "./word.js";

export interface LooseCommand {
  readonly source: string;
  readonly words: readonly ShellWord[];
}

const longestLine = 65_536;
const mostCommands = 200;

/** What bash reads as one thing and another shell as commands. */
const ambiguous = /\$['"]|(?<!\$)\(\(|\b(?:coproc|select|function)\b|\r|\0/;

/** `undefined` when it cannot be said which commands there are. Never throws. */
export function looseCommands({ parse, forEachChild }: Parser, line: string): readonly LooseCommand[] | undefined {
  if (line.length > longestLine || ambiguous.test(line)) return undefined;
  const found: LooseCommand[] = [];
  const visit = (node: SyntaxNode, source: string): boolean => {
    if (isScript(node) && (node.errors?.length ?? 0) > 0) return false;
    // Within backticks the text is another one, without their backslashes.
    const text = isScript(node) ? (node.source ?? source) : source;
    if (node.type === "Command") found.push(commandOf(node, text));
    let isSound = found.length <= mostCommands;
    forEachChild(node, (child) => {
      isSound &&= visit(child, text);
    });
    return isSound;
  };
  try {
    return visit(parse(line), line) ? found : undefined;
  } catch {
    return undefined; // nested too deeply, or a mistake of the parser
  }
}

function isScript(node: SyntaxNode): node is ParsedScript {
  return node.type === "Script";
}

function commandOf(node: Command, source: string): LooseCommand {
  const args = node.args.map((word) => (word.type === "Word" ? wordOf(word) : known(word.text)));
  const words = node.name === undefined ? [] : [wordOf(node.name), ...args];
  return { source: source.slice(node.pos, node.end), words };
}

const fixedParts = new Set(["Literal", "SingleQuoted"]);

function wordOf({ text, value, parts = [] }: Word): ShellWord {
  const isFixed = parts.every((part) =>
    part.type === "DoubleQuoted" ? part.parts.every(({ type }) => type === "Literal") : fixedParts.has(part.type),
  );
  return isFixed
    ? { ...known(value), raw: text }
    : { raw: text, value: undefined, operand: undefined, loose: value, hasOutput: true };
}

function known(text: string): ShellWord {
  return { raw: text, value: text, operand: text, loose: text, hasOutput: false };
}
