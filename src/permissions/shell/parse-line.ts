/**
 * Takes a line of the shell apart into its commands. A parser says where they are; that nothing else is there is checked
 * here: every character between two words has to be a blank or a known operator, and every word is read once more by
 * itself. So a mistake of the parser, or a form that bash, dash and zsh read differently, makes a line unreadable, not
 * allowed.
 */
import type {
  Assignment,
  Command,
  CommandExpansionPart,
  CommandNode,
  ParsedScript,
  Pipeline,
  PipelineNode,
  Redirect,
  Redirected,
  Redirection,
  Statement,
  Subshell,
  Word,
} from "unbash";
import type { Parser } from "./parser.js";
import { readWord, type ShellWord } from "./word.js";

/** A command as it stands in a line. */
export interface PlainCommand {
  readonly source: string;
  /** The program and its arguments; empty for a line that only sets variables or only redirects. */
  readonly words: readonly ShellWord[];
  /** Why the words are not all that happens: it sets a variable, or writes a file. */
  readonly besides: string | undefined;
}

/** Its commands, or why there is no saying which they are. */
export type Line = { readonly commands: readonly PlainCommand[] } | { readonly problem: string };

/** Characters; longer ones are here-documents and scripts, which are not looked into anyway. */
const longestLine = 16_384;
const mostCommands = 200;
const deepest = 20;

/** Tab and line break are the only control characters that a command needs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]|\p{Surrogate}/u;

/** Never throws for what stands in the line; takes time in proportion to its length. */
export function readLine({ parse }: Parser, line: string): Line {
  if (line.length > longestLine) return { problem: `it is longer than ${longestLine} characters` };
  if (control.test(line)) return { problem: "it has control characters" };
  try {
    const reader = new LineReader(line);
    const problem = reader.script(parse(line), 0, line.length);
    return problem === undefined ? { commands: reader.commands } : { problem };
  } catch {
    return { problem: "the parser failed" }; // the reason is of no use to the agent, and the line stays refused
  }
}

type Problem = string | undefined;

const timeWord: ShellWord = { raw: "time", value: "time", operand: "time", loose: "time", hasOutput: false };

class LineReader {
  readonly commands: PlainCommand[] = [];
  readonly #source: string;
  #depth = 0;
  /** The shell's own `time`: to other shells it is a program, and what follows are its arguments. */
  #before: ShellWord[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  script(script: ParsedScript, from: number, to: number): Problem {
    const [error] = script.errors ?? [];
    if (error !== undefined) return `it is not correct: ${error.message}`;
    return this.#list(script.commands, from, to);
  }

  #list(statements: readonly Statement[], from: number, to: number): Problem {
    if (this.#depth >= deepest) return "it is nested too deeply";
    this.#depth += 1;
    let at = from;
    for (const { command } of statements) {
      const problem = this.#gap(at, command.pos) ?? this.#node(command);
      if (problem !== undefined) return problem;
      at = command.end;
    }
    const problem = this.#gap(at, to);
    this.#depth -= 1;
    return problem;
  }

  /** Blanks and operators between commands; comments only in the line itself, where they end at its end. */
  #gap(from: number, to: number): Problem {
    let text = this.#source.slice(from, to);
    if (this.#depth <= 1) {
      if (from === 0) text = text.replace(/^#[^\n]*/, "");
      text = text.replace(/([ \t\n;&|])#[^\n]*/g, "$1");
    }
    return /^(?:[ \t\n;&|]|\\\n|!(?=[ \t\n]))*$/.test(text) ? undefined : `it cannot be read at ${quoted(text)}`;
  }

  #node(node: PipelineNode | CommandNode | Statement["command"]): Problem {
    switch (node.type) {
      case "Command":
        return this.#command(node);
      case "Pipeline":
        return this.#pipeline(node);
      case "AndOr":
        return this.#sequence(node.commands, node.pos);
      case "Subshell":
        return this.#subshell(node);
      case "Redirected":
        return this.#redirected(node);
      default:
        return `it has ${kinds[node.type]}, which is not looked into`;
    }
  }

  #sequence(nodes: readonly (PipelineNode | CommandNode)[], from: number): Problem {
    let at = from;
    for (const node of nodes) {
      const problem = this.#gap(at, node.pos) ?? this.#node(node);
      if (problem !== undefined) return problem;
      at = node.end;
    }
    return undefined;
  }

  #pipeline(node: Pipeline): Problem {
    let at = node.pos;
    for (const prefix of node.prefixes) {
      const text = this.#source.slice(prefix.pos, prefix.end);
      if (prefix.type === "Time" && text !== "time") return "it has `time` with options";
      const problem = this.#gap(at, prefix.pos);
      if (problem !== undefined) return problem;
      if (prefix.type === "Time") this.#before = [...this.#before, timeWord];
      at = prefix.type === "Time" ? prefix.end : prefix.pos;
    }
    return this.#sequence(node.commands, at);
  }

  #subshell(node: Subshell): Problem {
    const text = this.#source.slice(node.pos, node.end);
    if (this.#before.length > 0) return "it has `time` before several commands";
    // "((" is arithmetic to bash and commands to dash.
    if (!text.startsWith("(") || !text.endsWith(")") || text[1] === "(") return "its parentheses cannot be read";
    return this.#list(node.body.commands, node.pos + 1, node.end - 1);
  }

  #redirected(node: Redirected): Problem {
    const problem = this.#node(node.command);
    if (problem !== undefined) return problem;
    let at = node.command.end;
    for (const redirect of node.redirects) {
      if (!this.#isFree(redirect)) return "it redirects several commands to or from a file";
      const before = this.#blank(at, redirect.pos);
      if (before !== undefined) return before;
      at = redirect.end;
    }
    return undefined;
  }

  #command(node: Command): Problem {
    if (this.commands.length >= mostCommands) return `it has more than ${mostCommands} commands`;
    const words: ShellWord[] = this.#before;
    const source = [...words.map(({ raw }) => raw), this.#source.slice(node.pos, node.end)].join(" ");
    this.#before = [];
    let besides: string | undefined;
    let isNamed = false;
    let at = node.pos;
    for (const piece of [...node.prefix, ...(node.name === undefined ? [] : [node.name]), ...node.suffix]) {
      const problem = this.#blank(at, piece.pos, at === node.pos || touches(piece));
      if (problem !== undefined) return problem;
      at = piece.end;
      const isRedirection = piece.type !== "Word" && piece.type !== "Assignment";
      if (isRedirection && this.#isFree(piece)) continue;
      const word = isRedirection ? this.#target(piece) : this.#word(piece);
      if ("problem" in word) return word.problem;
      if (isRedirection)
        besides = `it redirects to or from a file: ${quoted(this.#source.slice(piece.pos, piece.end))}`;
      else if (!isNamed && piece.type === "Assignment") besides = `it sets a variable: ${quoted(word.raw)}`;
      else {
        words.push(word);
        isNamed = true;
      }
    }
    if (at !== node.end) return "a command of it cannot be read to its end";
    this.commands.push({ source, words, besides });
    return undefined;
  }

  /** Blanks between the words of one command. */
  #blank(from: number, to: number, mayBeEmpty = true): Problem {
    const text = this.#source.slice(from, to);
    if (!/^(?:[ \t]|\\\n)*$/.test(text)) return `it cannot be read at ${quoted(text)}`;
    return mayBeEmpty || /[ \t]/.test(text) ? undefined : "two words of it run together";
  }

  #word(piece: Word | Assignment): ShellWord | { readonly problem: string } {
    const value = piece.type === "Word" ? piece : piece.value;
    if (value.type !== "Word" || (piece.type === "Assignment" && piece.index !== undefined)) {
      return { problem: "it sets an array" };
    }
    return readWord(this.#source, piece.pos, piece.end, value.parts, (part) => this.#substitution(part));
  }

  /** The file of a redirection, which is read like a word: there may be commands in it. */
  #target(piece: Redirection): ShellWord | { readonly problem: string } {
    if (piece.type === "HereDoc") return { problem: "it has a here-document, which is not looked into" };
    if (piece.type === "HereString") return { problem: "it has a here-string, which other shells do not know" };
    const operator = /^[0-9]*(?:>>|>\||>&|<>|<&|&>>|&>|>|<)(?:[ \t]|\\\n)*/.exec(
      this.#source.slice(piece.pos, piece.end),
    );
    if (piece.target === undefined || operator === null || piece.pos + operator[0].length !== piece.target.pos) {
      return { problem: "it has a redirection that cannot be read" };
    }
    const { pos, end, parts } = piece.target;
    if (end !== piece.end) return { problem: "it has a redirection that cannot be read" };
    return readWord(this.#source, pos, end, parts, (part) => this.#substitution(part));
  }

  #isFree(piece: Redirection): boolean {
    const text = this.#source.slice(piece.pos, piece.end);
    return (
      /^(?:[0-9]?(?:>>?|<|<>|>\|)|&>>?)[ \t]*\/dev\/null$/.test(text) || /^[0-9]?[<>]&[ \t]*(?:[0-9]|-)$/.test(text)
    );
  }

  #substitution({ pos, end, script }: CommandExpansionPart): Problem {
    const text = this.#source.slice(pos, end);
    // Backticks are read twice, "$((" is arithmetic, and bash 5.3 has "${ …}".
    if (!text.startsWith("$(") || !text.endsWith(")") || text[2] === "(" || script === undefined) {
      return "it has a command within a word that cannot be read";
    }
    return this.script(script, pos + 2, end - 1);
  }
}

/** A redirection needs no blank before it. (With a descriptor it does: `ls2>x` is another program.) */
function touches(piece: Word | Assignment | Redirection): boolean {
  return (piece.type === "Redirect" && isBare(piece)) || piece.type === "HereDoc" || piece.type === "HereString";
}

function isBare({ descriptor }: Redirect): boolean {
  return descriptor === undefined;
}

/** The kinds of commands that are not taken apart, in words. */
const kinds = {
  If: "an `if`",
  For: "a loop, which sets a variable",
  ArithmeticFor: "a loop with arithmetic",
  Select: "a `select`",
  While: "a loop",
  BraceGroup: "a group in braces",
  Case: "a `case`",
  TestCommand: "`[[`",
  ArithmeticCommand: "arithmetic",
  Function: "a function",
  Coproc: "a coprocess",
} as const;

function quoted(text: string): string {
  return `\`${text.trim().slice(0, 40)}\``;
}
