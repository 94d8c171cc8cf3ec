/**
 * Reads one word of a command by itself, character by character, whatever the parser made of it. It knows the few forms that
 * bash, dash and zsh read alike; every other one is a problem. (dash knows no `$'…'`: what is one text to bash is a text and
 * commands to it.)
 */
import type { CommandExpansionPart, WordPart } from "unbash";

/** A word of a command. */
export interface ShellWord {
  /** As it is written. */
  readonly raw: string;
  /** What the program gets; `undefined` when the shell makes it at run time: of variables, file names, other commands. */
  readonly value: string | undefined;
  /** The same, or what certainly begins like an operand: a file name with a wildcard, `~/x`, `"src/$x"`. */
  readonly operand: string | undefined;
  /** Without quotes, whatever it is. */
  readonly loose: string;
  /** It contains the output of a command. */
  readonly hasOutput: boolean;
}

/** Told the commands within the word. Returns what is wrong with them. */
export type OnSubstitution = (part: CommandExpansionPart) => string | undefined;

/** Words that the shell itself takes as an end or a beginning (zsh does so in every place of a command). */
const braces = new Set(["{", "}"]);

/** The word between `from` and `to`, or what cannot be read about it. */
export function readWord(
  source: string,
  from: number,
  to: number,
  parts: readonly WordPart[] | undefined,
  onSubstitution: OnSubstitution,
): ShellWord | { readonly problem: string } {
  const raw = source.slice(from, to);
  if (braces.has(raw)) return { problem: `it has a brace by itself: ${raw}` };
  const reader = new WordReader(source, from, to, substitutions(parts), onSubstitution);
  const problem = reader.read();
  return problem === undefined ? reader.word : { problem };
}

function substitutions(parts: readonly WordPart[] | undefined): ReadonlyMap<number, CommandExpansionPart> {
  const found = new Map<number, CommandExpansionPart>();
  const visit = (part: WordPart): void => {
    if (part.type === "CommandExpansion") found.set(part.pos, part);
    else if ("parts" in part) for (const child of part.parts ?? []) visit(child);
  };
  for (const part of parts ?? []) visit(part);
  return found;
}

const blankOrOperator = /[\s;&|<>()]/;
/** After which, within double quotes, a `$` is just that: the end of a regular expression, mostly. */
const literalAfterDollar = '" |)/\\';
const variable = /\$(?:[A-Za-z_][A-Za-z0-9_]*|[0-9?#$!@*]|\{[A-Za-z_][A-Za-z0-9_]*\})/y;

class WordReader {
  readonly #source: string;
  readonly #from: number;
  readonly #to: number;
  readonly #substitutions: ReadonlyMap<number, CommandExpansionPart>;
  readonly #onSubstitution: OnSubstitution;
  #at: number;
  #value = "";
  #isKnown = true;
  #isOneWord = true;
  #hasOutput = false;
  /** The first character is fixed, and no `-`: whatever follows, it is no option. */
  #beginsPlainly = false;
  #hasBrace = false;
  #isTilde = false;

  constructor(
    source: string,
    from: number,
    to: number,
    found: ReadonlyMap<number, CommandExpansionPart>,
    onSubstitution: OnSubstitution,
  ) {
    this.#source = source;
    this.#from = from;
    this.#at = from;
    this.#to = to;
    this.#substitutions = found;
    this.#onSubstitution = onSubstitution;
  }

  get word(): ShellWord {
    const raw = this.#source.slice(this.#from, this.#to);
    // Quoted commas do not separate, but counting them as if they did errs on the safe side.
    if (this.#hasBrace && /,|\.\./.test(raw)) {
      this.#isKnown = false;
      this.#isOneWord = false;
    }
    const value = this.#isKnown && !this.#isTilde ? this.#value : undefined;
    const isOperand = this.#isTilde ? this.#isKnown : this.#beginsPlainly && this.#isOneWord;
    return {
      raw,
      value,
      operand: value ?? (isOperand ? this.#value : undefined),
      loose: this.#value,
      hasOutput: this.#hasOutput,
    };
  }

  read(): string | undefined {
    if (this.#source[this.#from] === "#") return "it has a comment within a command";
    if (this.#source[this.#from] === "~") this.#isTilde = true;
    if (this.#source[this.#from] === "=") this.#unknown(); // zsh: the path of a program
    while (this.#at < this.#to) {
      const problem = this.#next();
      if (problem !== undefined) return problem;
    }
    return this.#at > this.#to ? "it has quotes that do not end" : undefined;
  }

  #next(): string | undefined {
    const letter = this.#source.charAt(this.#at);
    if (letter === "'") return this.#singleQuoted();
    if (letter === '"') return this.#doubleQuoted();
    if (letter === "\\") return this.#escaped();
    if (letter === "$") return this.#dollar(false);
    if (letter === "`") return "it has backticks";
    if (blankOrOperator.test(letter)) return `it has an operator within a word: ${JSON.stringify(letter)}`;
    if (letter === "*" || letter === "?" || (letter === "[" && this.#to - this.#from > 1)) this.#unknownName();
    else if (letter === "{" || letter === "}") this.#hasBrace = true;
    else if (letter > "~") this.#unknown(); // where a word ends may depend on the locale
    this.#literal(letter);
    return undefined;
  }

  #literal(text: string): void {
    // A wildcard or brace in the first place says nothing about the first character.
    if (this.#value === "" && this.#isKnown && !this.#hasBrace && text !== "" && text[0] !== "-") {
      this.#beginsPlainly = true;
    }
    this.#value += text;
    this.#at += text.length;
  }

  #unknown(): void {
    this.#isKnown = false;
    this.#isOneWord = false;
  }

  /** Made of the names of files: each begins like the pattern. */
  #unknownName(): void {
    this.#isKnown = false;
  }

  #escaped(): string | undefined {
    const next = this.#source.charAt(this.#at + 1);
    if (next === "" || this.#at + 1 >= this.#to) return "it has a backslash at the end";
    if (next === "\n") return "it has a line break within a word";
    this.#at += 1;
    this.#literal(next);
    return undefined;
  }

  #singleQuoted(): string | undefined {
    const end = this.#source.indexOf("'", this.#at + 1);
    if (end < 0 || end >= this.#to) return "it has quotes that do not end";
    this.#at += 1;
    this.#literal(this.#source.slice(this.#at, end));
    this.#at = end + 1;
    return undefined;
  }

  #doubleQuoted(): string | undefined {
    this.#at += 1;
    while (this.#at < this.#to) {
      const letter = this.#source.charAt(this.#at);
      if (letter === '"') {
        this.#at += 1;
        return undefined;
      }
      if (letter === "`") return "it has backticks";
      if (letter === "$") {
        const problem = this.#dollar(true);
        if (problem !== undefined) return problem;
      } else if (letter === "\\") {
        const next = this.#source.charAt(this.#at + 1);
        if (next === "\n") return "it has a line break within a word";
        if (next !== "" && '$`"\\'.includes(next)) this.#at += 1;
        this.#literal(this.#source.charAt(this.#at));
      } else this.#literal(letter);
    }
    return "it has quotes that do not end";
  }

  #dollar(isQuoted: boolean): string | undefined {
    const next = this.#source.charAt(this.#at + 1);
    const isLast = this.#at + 1 >= this.#to;
    if (isLast || (isQuoted && literalAfterDollar.includes(next))) {
      this.#literal("$");
      return undefined;
    }
    if (next === "(") return this.#substitution(isQuoted);
    variable.lastIndex = this.#at;
    const found = variable.exec(this.#source)?.[0];
    const after = found === undefined ? "" : this.#source.charAt(this.#at + found.length);
    // zsh: an index, which is arithmetic, which may run commands. (At the word's end it is the next word's.)
    if (found === undefined || after === "[") return "it has a form of $ that can do more than insert a variable";
    this.#inserted(found, isQuoted);
    return undefined;
  }

  #substitution(isQuoted: boolean): string | undefined {
    const part = this.#substitutions.get(this.#at);
    if (part === undefined || part.end > this.#to) return "it has a command in a word that cannot be read";
    this.#hasOutput = true;
    const problem = this.#onSubstitution(part);
    if (problem === undefined) this.#inserted(this.#source.slice(part.pos, part.end), isQuoted);
    return problem;
  }

  /** In quotes it stays one word; a variable of several values (`"$@"`) does not. */
  #inserted(text: string, isQuoted: boolean): void {
    if (isQuoted && text !== "$@") this.#isKnown = false;
    else this.#unknown();
    this.#value += text;
    this.#at += text.length;
  }
}
