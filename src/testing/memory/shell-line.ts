/** The commands of a shell line, as the real one's parser finds them: in loops, substitutions and pipes too. */
import { type Command, forEachChild, parse, type Redirection, type SyntaxNode } from "unbash";

export interface FoundCommand {
  /** As it stands in the line, with its redirections if the parser takes them for its own. */
  readonly source: string;
  /** Name and arguments, as they are written; without the variables that are set in front. */
  readonly words: readonly string[];
}

/** To the real one's parser these are no commands. */
const others = new Set("[ declare export local readonly typeset unset unsetenv".split(" "));

interface Place {
  /** The text that positions mean. */
  readonly text: string;
  /** It comes after `&&`, `||` or `|`: its redirections are those of all of them. */
  readonly isLater: boolean;
  /** Where the `time` in front of it is, which is a program to the real one. */
  readonly time: number | undefined;
}

/** Never throws: a line that cannot be read is one command. */
export function findCommands(line: string): FoundCommand[] {
  const found: FoundCommand[] = [];
  const visit = (node: SyntaxNode, place: Place): void => {
    if (node.type === "Command") {
      const command = commandOf(node, place);
      if (command !== undefined) found.push(command);
    }
    const text = node.type === "Script" ? (node.source ?? place.text) : place.text;
    const isChain = node.type === "Pipeline" || node.type === "AndOr";
    const time = node.type === "Pipeline" ? node.prefixes.find(({ type }) => type === "Time")?.pos : undefined;
    let isLater = isChain && place.isLater;
    forEachChild(node, (child) => {
      const isFirst = isChain && child === node.commands[0];
      visit(child, { text, isLater, time: isFirst ? time : undefined });
      if (isFirst) isLater = true;
    });
  };
  try {
    visit(parse(line), { text: line, isLater: false, time: undefined });
  } catch {
    return [{ source: line.trim(), words: line.trim().split(/\s+/) }];
  }
  return found;
}

function commandOf(node: Command, { text, isLater, time }: Place): FoundCommand | undefined {
  const { name, args, prefix, suffix, pos } = node;
  if (name === undefined || others.has(name.text)) return undefined;
  const words = [name.text, ...args.map((arg) => arg.text)];
  const redirections = [...prefix, ...suffix].filter(isRedirection);
  const ends = isLater
    ? [name.end, ...args.map(({ end }) => end)]
    : [node.end, ...redirections.map((one) => (one.type === "HereDoc" ? (one.closing?.end ?? one.body.end) : one.end))];
  const source = text.slice(time ?? pos, Math.max(...ends));
  return { source, words: time === undefined ? words : ["time", ...words] };
}

function isRedirection(piece: { readonly type: string }): piece is Redirection {
  return piece.type === "Redirect" || piece.type === "HereDoc" || piece.type === "HereString";
}
